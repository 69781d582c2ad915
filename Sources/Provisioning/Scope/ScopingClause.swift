public import Expressions

/// One condition of a scoping filter: an attribute, an operator, its operands.
public struct ScopingClause: Equatable, Sendable {
  /// The source attribute by the name that mappings use.
  public let attribute: String
  /// How it is held against the operands.
  public let comparison: ScopingOperator
  /// The operands; none for an operator that takes none.
  public let values: [String]
  private let patterns: [DotNetPattern]
  /// Whether a pattern must match the whole value.
  let matchesWhole: Bool

  /// Why a clause cannot be one.
  public struct Flaw: Error, Equatable, Sendable {
    /// What kind of mistake it is.
    public enum Kind: Sendable {
      /// An attribute that cannot be compared.
      case attribute
      /// No value where one is needed.
      case operandMissing
      /// A value where none is taken.
      case operandSuperfluous
      /// A value that is no number.
      case operandNotNumber
      /// A pattern that cannot be read.
      case pattern
      /// A comparison that says nothing of the values that the attribute has.
      case comparison
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// One sentence with the way out.
    public let sentence: String
  }

  /// A clause. `matchesWhole`: a pattern must match the whole value; Microsoft does not say whether it must, and part of it
  /// is enough by default. Throws what is wrong with it.
  public init(
    _ attribute: String, _ comparison: ScopingOperator, _ values: [String] = [], matchesWhole: Bool = false
  ) throws(Flaw) {
    var flaws: [Flaw] = []
    self.init(attribute, comparison, values, matchesWhole: matchesWhole, flaws: &flaws)
    if let flaw = flaws.first { throw flaw }
  }

  /// Everything that is wrong with a clause, of which the operator may not be known: what its attribute alone makes wrong is
  /// told then.
  public static func flaws(
    _ attribute: String, _ comparison: ScopingOperator?, _ values: [String] = [], matchesWhole: Bool = false
  ) -> [Flaw] {
    guard let comparison else { return attributeFlaws(attribute) }
    var flaws: [Flaw] = []
    _ = ScopingClause(attribute, comparison, values, matchesWhole: matchesWhole, flaws: &flaws)
    return flaws
  }

  private init(
    _ attribute: String, _ comparison: ScopingOperator, _ values: [String], matchesWhole: Bool, flaws: inout [Flaw]
  ) {
    self.attribute = attribute
    self.comparison = comparison
    self.values = values
    self.matchesWhole = matchesWhole
    flaws += Self.attributeFlaws(attribute) + comparison.operandFlaws(of: attribute, values)
    patterns = comparison.takesPattern ? Self.patterns(values, matchesWhole, &flaws) : []
    let kind = SourceAttribute.stored(attribute).kind
    if flaws.isEmpty, kind != .any, let reason = objection(ofBoolean: kind == .flag) {
      flaws.append(Flaw(kind: .comparison, sentence: reason))
    }
  }

  private static func attributeFlaws(_ attribute: String) -> [Flaw] {
    SourceAttribute.notForScope(attribute).map { [Flaw(kind: .attribute, sentence: $0)] } ?? []
  }

  private static func patterns(_ values: [String], _ matchesWhole: Bool, _ flaws: inout [Flaw]) -> [DotNetPattern] {
    var patterns: [DotNetPattern] = []
    for value in values {
      do throws(PatternFlaw) { patterns.append(try DotNetPattern(value, matchesWhole: matchesWhole)) } catch {
        flaws.append(Flaw(kind: .pattern, sentence: String(error.sentence.dropLast())))
      }
    }
    return patterns
  }

  /// Whether it holds for a value; nil where a pattern takes too long to say. Of one that is missing or empty nothing holds but
  /// that it is; of several values nothing does.
  public func holds(_ value: ExpressionValue) -> Bool? {
    if comparison == .isNull { return value.isEmpty }
    guard !value.isEmpty, let text = value.text else { return false }
    switch comparison {
    case .isNotNull: return true
    case .isTrue: return text.lowercased() == "true"
    case .isFalse: return text.lowercased() == "false"
    case .regexMatch: return isFound(in: text)
    case .notRegexMatch: return isFound(in: text).map { !$0 }
    default:
      return comparison.isNegation
        ? values.allSatisfy { comparison.holds(text, $0) } : values.contains { comparison.holds(text, $0) }
    }
  }

  /// Why it says nothing of an attribute whose values are booleans, or are none; nil where it may.
  public func objection(ofBoolean isBoolean: Bool) -> String? {
    if comparison == .isNull || comparison == .isNotNull { return nil }
    if isBoolean {
      if holds(.flag(true)) != holds(.flag(false)) { return nil }
      return "`\(attribute)` is True or False, and this holds of both or of neither; use IS TRUE or IS FALSE"
    }
    guard comparison == .isTrue || comparison == .isFalse else { return nil }
    return "`\(attribute)` is no boolean, so that \(comparison.rawValue) does not hold; use EQUALS or another operator"
  }

  /// Whether any of the patterns matches; nil when that takes too long.
  private func isFound(in text: String) -> Bool? {
    patterns.anyHolds { try? $0.isFound(in: text) }
  }
}

extension ScopingOperator {
  /// What is wrong with the operands of a clause of an attribute.
  fileprivate func operandFlaws(of attribute: String, _ values: [String]) -> [ScopingClause.Flaw] {
    let what = attribute.isEmpty ? rawValue : "\(rawValue) of `\(attribute)`"
    if takesOperand, values.isEmpty {
      return [ScopingClause.Flaw(kind: .operandMissing, sentence: "\(what) needs a value to compare with")]
    }
    if !takesOperand, !values.allSatisfy(\.isEmpty) {
      return [ScopingClause.Flaw(kind: .operandSuperfluous, sentence: "\(what) takes no value; remove it")]
    }
    return values.filter { takesNumber && UInt64(digits: $0) == nil }.map { wrong in
      ScopingClause.Flaw(
        kind: .operandNotNumber, sentence: "\(what) needs a whole number from 0 on, not \"\(wrong)\"")
    }
  }
}
