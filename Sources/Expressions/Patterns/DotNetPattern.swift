import Foundation

/// A pattern of .NET's regular expressions, which is what Microsoft Entra's provisioning service takes. It ends within
/// a bound on every text: the engine's steps are counted, so that the same pattern on the same text ends in the same way
/// on every machine.
public struct DotNetPattern: Equatable, Sendable {
  /// The characters that a pattern may have.
  public static let lengthLimit = 1_000
  /// How often the engine may report that it is still at work; a report is about 5,000 steps.
  private static let reportLimit = 64

  /// The pattern as it was written.
  public let text: String
  private let groups: PatternGroups
  private let expression: NSRegularExpression
  private let matchesWhole: Bool

  /// Reads a pattern; with `matchesWhole` it is to match the whole of a text, as between `^(?:` and `)$`. Throws what is wrong
  /// with it.
  public init(_ text: String, matchesWhole: Bool = false) throws(PatternFlaw) {
    guard text.utf16.count <= Self.lengthLimit else {
      throw .unreadable("The pattern has more than \(Self.lengthLimit) characters.")
    }
    let (carried, groups) = try PatternDialect.carry(text)
    do {
      let plain = try Self.expression(carried)
      expression = matchesWhole ? try Self.expression("\\A(?:\(carried))\\z") : plain
    } catch {
      throw .unreadable(
        """
        "\(text.shortened)" is no pattern (see Regular Expression Language, Quick Reference, of .NET), or it looks behind \
        without a bound, which is not supported: write (?<=a{1,20}), not (?<=a+).
        """)
    }
    self.text = text
    self.groups = groups
    self.matchesWhole = matchesWhole
  }

  /// To .NET a line ends with `\n` alone.
  private static func expression(_ pattern: String) throws -> NSRegularExpression {
    try NSRegularExpression(pattern: pattern, options: .useUnixLineSeparators)
  }

  /// One place where it matches, in UTF-16 units.
  struct Match {
    /// The whole of it.
    let range: NSRange
    /// Each group by the number that .NET gives it; a group that took no part has no place.
    let groups: [NSRange]
    let named: [String: NSRange]
  }

  /// Whether a text has a place where it matches. Throws when that takes too long.
  public func isFound(in text: String) throws(PatternFlaw) -> Bool { try !matches(in: text, limit: 1).isEmpty }

  /// The places where it matches, in order.
  func matches(in text: String, limit: Int = .max) throws(PatternFlaw) -> [Match] {
    var found: [Match] = []
    var reports = 0
    var isBroken = false
    let whole = NSRange(location: 0, length: text.utf16.count)
    expression.enumerateMatches(in: text, options: [.reportProgress], range: whole) { match, flags, stop in
      if let match { found.append(read(match)) } else { reports += 1 }
      isBroken = isBroken || flags.contains(.internalError)
      if reports > Self.reportLimit || found.count >= limit { stop.pointee = true }
    }
    if reports > Self.reportLimit || isBroken { throw .tooSlow }
    return found
  }

  private func read(_ match: NSTextCheckingResult) -> Match {
    Match(
      range: match.range, groups: groups.places.map(match.range(at:)),
      named: Dictionary(groups.names.map { ($0.name, match.range(at: $0.place)) }) { first, _ in first })
  }

  /// Equal when the text is, and is to match as much.
  public static func == (left: DotNetPattern, right: DotNetPattern) -> Bool {
    left.text == right.text && left.matchesWhole == right.matchesWhole
  }
}

extension String {
  /// What stands at a place in UTF-16 units, which may begin or end between a letter and its mark; nil where a group took no
  /// part.
  func part(_ range: NSRange) -> String? {
    if range.location == NSNotFound { return nil }
    let all = utf16
    let start = all.index(all.startIndex, offsetBy: range.location)
    return String(decoding: all[start..<all.index(start, offsetBy: range.length)], as: UTF16.self)
  }
}
