import Base
public import JSON

/// The value of an attribute.
public enum AccountValue: Equatable, Sendable {
  /// A text.
  case text(String)
  /// A boolean.
  case flag(Bool)

  /// Texts are equal by their bytes.
  public static func == (left: AccountValue, right: AccountValue) -> Bool {
    switch (left, right) {
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.flag(let left), .flag(let right)): left == right
    default: false
    }
  }

  /// The text, or nil when this is a boolean.
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  /// The boolean, or nil when this is a text.
  public var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }

  /// As JSON.
  public var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .flag(let flag): .bool(flag)
    }
  }

  /// Reads text or a boolean; nil for anything else.
  public init?(_ json: JSONValue) {
    switch json {
    case .string(let text): self = .text(text)
    case .bool(let flag): self = .flag(flag)
    default: return nil
    }
  }

  /// The value as Entra's provisioning logs write it.
  public var description: String {
    switch self {
    case .text(let text): text
    case .flag(let flag): flag ? "True" : "False"
    }
  }
}

/// The attributes of an account that have a value, in the order in which they were set.
public struct AccountAttributes: Sendable {
  private var members: [(attribute: AccountAttribute, value: AccountValue)] = []

  /// No attribute.
  public init() {}

  /// The value of an attribute; setting nil removes it.
  public subscript(attribute: AccountAttribute) -> AccountValue? {
    get { members.first { $0.attribute == attribute }?.value }
    set {
      let place = members.firstIndex { $0.attribute == attribute }
      switch (place, newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): members.remove(at: place)
      case (nil, let value?): members.append((attribute, value))
      case (nil, nil): break
      }
    }
  }

  /// The attributes in the order in which they are sent: those that are known first.
  public var names: [AccountAttribute] {
    let (known, others) = (AccountAttribute.known, members.map(\.attribute))
    return known.filter(others.contains) + others.filter { !known.contains($0) }
  }

  /// As JSON members.
  public var json: JSONObject { JSONObject(present: members.map { ($0.attribute.description, $0.value.json) }) }

  /// Reads members that are text or boolean; others are left out.
  public init(_ object: JSONObject) {
    members.reserveCapacity(object.members.count)
    for member in object.members {
      guard let value = AccountValue(member.value) else { continue }
      members.append((AccountAttribute(member.name), value))
    }
  }
}

extension AccountAttributes {
  /// The attributes that the body of a POST, a PUT or a PATCH carries, for a write of which only the log knows; what is
  /// no such body carries nothing.
  public init(sent body: JSONValue?) {
    guard let operations = body?["Operations"]?.array else {
      self.init(body?.object ?? JSONObject())
      return
    }
    self.init()
    for operation in operations {
      guard let path = operation["path"]?.string, let value = operation["value"].flatMap(AccountValue.init) else {
        continue
      }
      self[AccountAttribute(path)] = value
    }
  }
}

/// An account, wanted or shown: a view over its attributes, of which three are always there.
public protocol AccountState: Equatable, Sendable {
  /// The value of any attribute; nil for one that has none. The three of every account cannot be removed.
  subscript(attribute: AccountAttribute) -> AccountValue? { get set }
}

extension AccountState {
  /// The address to sign in with; the matching attribute.
  public var userName: String {
    get { self[.userName]?.text ?? "" }
    set { self[.userName] = .text(newValue) }
  }
  /// The name shown.
  public var displayName: String {
    get { self[.displayName]?.text ?? "" }
    set { self[.displayName] = .text(newValue) }
  }
  /// Whether the account may be used.
  public var active: Bool {
    get { self[.active]?.flag ?? false }
    set { self[.active] = .flag(newValue) }
  }
}

/// What every account has.
extension AccountAttributes {
  /// The attributes that are never without a value.
  static let needed: [AccountAttribute] = [.userName, .displayName, .active]

  /// The three of every account.
  init(userName: String, displayName: String, active: Bool) {
    // The custom identifier follows mostly.
    members.reserveCapacity(4)
    members += [(.userName, .text(userName)), (.displayName, .text(displayName)), (.active, .flag(active))]
  }

  /// Sets a value, or removes one that may be missing.
  mutating func set(_ attribute: AccountAttribute, _ value: AccountValue?) {
    if value != nil || !Self.needed.contains(attribute) { self[attribute] = value }
  }

  /// Reads an account's object; nil without the three attributes that are always there.
  init?(whole object: JSONObject) {
    guard object["userName"]?.string != nil, object["displayName"]?.string != nil, object["active"]?.bool != nil
    else { return nil }
    self.init(object)
  }
}

extension AccountAttributes: Equatable {
  /// Equal when the same attributes have equal values, in whatever order.
  public static func == (left: AccountAttributes, right: AccountAttributes) -> Bool {
    left.members.count == right.members.count && left.members.allSatisfy { right[$0.attribute] == $0.value }
  }
}
