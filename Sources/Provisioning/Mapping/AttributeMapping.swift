public import Base
public import Expressions

/// How one attribute of an account comes to its value (Microsoft Learn, "Customize user provisioning attribute-mappings
/// for SaaS applications in Microsoft Entra ID").
public struct AttributeMapping: Equatable, Sendable {
  /// The attribute of the account.
  public let target: AccountAttribute
  /// What it becomes: a source attribute, a constant, or an expression.
  public let source: MappingExpression
  /// What it becomes where the source has no value, when an account is made.
  public let defaultValue: String?
  /// True when it is sent with a new account only.
  public let isOnCreateOnly: Bool

  /// Why a mapping cannot be one.
  public struct Flaw: Error, Equatable, Sendable {
    /// What kind of mistake it is.
    public enum Kind: Sendable {
      /// An attribute that TeamViewer does not take.
      case unknownTarget
      /// An attribute that finds the account, and would not.
      case matching
      /// An account that would be active when the person is not, or the other way round.
      case active
      /// A function whose value is no use here.
      case unusableFunction
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// What is wrong, and the way out, without a full stop.
    public let sentence: String
  }

  /// What may be mapped: what TeamViewer takes.
  public static let targets: [AccountAttribute] = [
    .userName, .displayName, .active, .preferredLanguage, .ssoCustomerId,
  ]

  /// A mapping. Throws what is wrong with it.
  public init(
    to target: String, from source: MappingExpression, default defaultValue: String? = nil, onCreateOnly: Bool = false
  ) throws(Flaw) {
    let flaws = Self.flaws(to: target, from: source, default: defaultValue, onCreateOnly: onCreateOnly)
    if let flaw = flaws.first { throw flaw }
    let attribute = AccountAttribute(target)
    self.target = attribute
    self.source = source
    self.defaultValue = defaultValue
    isOnCreateOnly = onCreateOnly || attribute.isSentOnCreateOnly
  }

  /// Everything that is wrong with a mapping, of which the source may not be known: what is wrong without it is told then.
  public static func flaws(
    to target: String, from source: MappingExpression?, default defaultValue: String? = nil, onCreateOnly: Bool = false
  ) -> [Flaw] {
    let attribute = AccountAttribute(target)
    var flaws: [Flaw] = []
    if !targets.contains(attribute) { flaws.append(Flaw(kind: .unknownTarget, sentence: reason(against: target))) }
    if attribute == .userName { flaws += userNameFlaws(source, defaultValue, onCreateOnly) }
    if attribute == .active { flaws += activeFlaws(source, onCreateOnly) }
    return flaws + functionFlaws(source, of: attribute)
  }

  /// True for what TeamViewer takes no account without.
  public var isRequired: Bool { target == .userName || target == .displayName }

  /// False where nobody can get a value, whatever the directory says of them.
  public var mayHaveValue: Bool {
    if !source.attributes.isEmpty || source.changesByItself || defaultValue?.isEmpty == false { return true }
    let value = Self.value(of: source) { _ in .null }
    return value?.text?.isEmpty == false
  }

  /// Why no account is found by an attribute other than userName, in a clause (TeamViewer, "SCIM API", section "List users",
  /// names what can be filtered).
  public static func unfit(toMatch target: String) -> String {
    target == AccountAttribute.displayName.description
      ? "two people may have one name, and the account would be the wrong one's; accounts are found by userName"
      : "TeamViewer cannot look for accounts by it; they are found by userName"
  }

  /// Why a name is none of an attribute that TeamViewer takes, without a full stop.
  static func reason(against target: String) -> String {
    let all = targets.map(\.description).joined(separator: ", ")
    if target.hasPrefix("name.") || target == "emails" || target.hasPrefix("emails[") {
      return "`\(target)` cannot be mapped, since TeamViewer makes it of displayName and userName; map one of \(all)"
    }
    return "`\(target)` is no attribute that TeamViewer takes; map one of \(all)"
  }

  private static func userNameFlaws(
    _ source: MappingExpression?, _ defaultValue: String?, _ onCreateOnly: Bool
  ) -> [Flaw] {
    var sentences: [String] = []
    if source?.changesByItself == true {
      sentences.append("so that its value must not change by itself; leave Now, Guid and RandomString out")
    } else if let source, source.attributes.isEmpty || hasSharedAddress(source) {
      // Entra leaves out whoever has no value to be found by: a value for all of them would take over one account.
      sentences.append("and an address for many would find one for all of them; map an attribute")
    }
    if onCreateOnly { sentences.append("and is always applied; remove onlyOnCreate") }
    if defaultValue != nil { sentences.append("and whoever has no value is skipped, as in Entra; remove the default") }
    return sentences.map { Flaw(kind: .matching, sentence: "userName finds the account, \($0)") }
  }

  /// Whether people without any value get an address that stands in the expression.
  private static func hasSharedAddress(_ source: MappingExpression) -> Bool {
    guard let text = Self.value(of: source, attribute: { _ in .null })?.text, Address.isAccepted(text) else {
      return false
    }
    return source.texts.contains { $0.hasSameBytes(as: text) }
  }

  /// Functions that give nothing that an attribute of an account could be.
  private static func functionFlaws(_ source: MappingExpression?, of target: AccountAttribute) -> [Flaw] {
    guard let source else { return [] }
    let unusable = [
      ("SelectUniqueValue", "serves provisioning into Active Directory alone; use Coalesce"),
      ("DefaultDomain", "gives the tenant's default domain, which is not read; write it as a text"),
    ]
    var sentences = unusable.compactMap { name, words in
      source.functions[name].map { "\(name) (\($0)) \(words)" }
    }
    if let (name, place) = source.several {
      sentences.append(
        "\(name) (\(place)) gives several values, and \(target) has one; choose with Item or join with Join")
    }
    return sentences.map { Flaw(kind: .unusableFunction, sentence: $0) }
  }

  /// The value of an expression for attributes that are made up; nil where it has none.
  private static func value(
    of source: MappingExpression, attribute: @escaping @Sendable (String) -> ExpressionValue
  ) -> ExpressionValue? {
    let input = ExpressionInput(
      now: Timestamp(milliseconds: 0), chance: SeededGenerator(seed: 0), attribute: attribute)
    guard case .value(let value) = try? source.evaluate(input).result else { return nil }
    return value
  }

  /// Who is deleted or out of scope becomes inactive, and everybody else active: what follows from the directory's state
  /// cannot be mapped to something else.
  private static func activeFlaws(_ source: MappingExpression?, _ onCreateOnly: Bool) -> [Flaw] {
    var sentences: [String] = []
    if onCreateOnly { sentences.append("active follows IsSoftDeleted, and is always applied; remove onlyOnCreate") }
    if let source, !followsState(source) {
      sentences.append("active follows IsSoftDeleted alone; write Not([IsSoftDeleted]), or leave it out")
    }
    return sentences.map { Flaw(kind: .active, sentence: $0) }
  }

  private static func followsState(_ source: MappingExpression) -> Bool {
    [true, false].allSatisfy { isDeleted in
      let value = Self.value(of: source) { $0 == "IsSoftDeleted" ? .flag(isDeleted) : .null }
      return value?.text == (isDeleted ? "False" : "True")
    }
  }
}

/// What a value may change by although nobody did: given to a cycle, so that the same cycle decides the same.
public struct Variation: Equatable, Sendable {
  /// What `Now` says.
  public var now: Timestamp
  /// Where each person's chances begin.
  public var seed: UInt64

  /// A moment and a seed.
  public init(now: Timestamp, seed: UInt64) {
    self.now = now
    self.seed = seed
  }

  /// The same for everybody: for what does not look at it.
  public static let none = Variation(now: Timestamp(milliseconds: 0), seed: 0)

  /// The chances of one person.
  func chance(of alias: String) -> SeededGenerator {
    SeededGenerator(seed: alias.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
  }
}
