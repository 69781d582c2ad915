import Base

/// A JSON document as a value (RFC 8259).
///
/// Integers are kept exact up to 64 bits; any other number keeps its source text, so that nothing is rounded
/// on the way through. Objects keep the order in which their members were set.
public enum JSONValue: Equatable, Sendable {
  /// The literal `null`.
  case null
  /// The literals `true` and `false`.
  case bool(Bool)
  /// A whole number that fits 64 bits and was written without fraction or exponent.
  case integer(Int64)
  /// Any other number, as it was written.
  case decimal(String)
  /// A string; always valid Unicode, since lone surrogates are refused or replaced when parsing.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object(JSONObject)
}

extension JSONValue {
  /// Two values are equal when their kinds and their bytes are: strings that are only canonically equivalent differ, as
  /// they do in the form that is hashed.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.decimal(let left), .decimal(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// A string, or `null` where there is none.
  public init(orNull text: String?) { self = text.map(JSONValue.string) ?? .null }

  /// A whole number, or `null` where there is none.
  public init(orNull number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

  /// The string, or nil when this is something else.
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// The boolean, or nil when this is something else.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The integer, or nil when this is something else or does not fit `Int`.
  public var integer: Int? { if case .integer(let value) = self { Int(exactly: value) } else { nil } }

  /// The elements, or nil when this is no array.
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The object, or nil when this is something else.
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The value of a member, or nil when this is no object or has no such member.
  public subscript(name: String) -> JSONValue? { object?[name] }

  /// The kind of value in the words of RFC 8259, for error messages: `null`, `boolean`, `number`, `string`, …
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .integer, .decimal: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string value.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A boolean value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An integer value.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// An array value.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object value; of two equal names the later one counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    var object = JSONObject()
    for (name, value) in elements { object[name] = value }
    self = .object(object)
  }
}

/// The members of a JSON object, in the order in which they were set; names are unique by their UTF-8 bytes.
///
/// Look-up is linear: the objects of this program have few members.
public struct JSONObject: Equatable, Sendable {
  /// One member.
  public struct Member: Equatable, Sendable {
    /// The member's name.
    public var name: String
    /// The member's value.
    public var value: JSONValue

    /// Equality of the name's bytes, and of the value.
    public static func == (left: Member, right: Member) -> Bool {
      left.name.hasSameBytes(as: right.name) && left.value == right.value
    }
  }

  /// The members, in the order in which they were set.
  public private(set) var members: [Member] = []

  /// An object without members.
  public init() {}

  /// The members that have a value; their names differ from each other, which is not looked at.
  public init(present members: [(String, JSONValue?)]) {
    self.members.reserveCapacity(members.count)
    for case (let name, let value?) in members { self.members.append(Member(name: name, value: value)) }
  }

  /// Takes over members whose names the caller has already found to be unique.
  init(unique members: [Member]) { self.members = members }

  /// Appends a member whose name the caller knows to be new.
  package mutating func append(unique name: String, _ value: JSONValue) {
    members.append(Member(name: name, value: value))
  }

  /// The value of a member; setting nil removes it.
  public subscript(name: String) -> JSONValue? {
    get { members.first { $0.name.hasSameBytes(as: name) }?.value }
    set {
      let index = members.firstIndex { $0.name.hasSameBytes(as: name) }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// True when there is no member.
  public var isEmpty: Bool { members.isEmpty }

  /// Equality does not depend on the order of the members (RFC 8259 section 4).
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count && left.members.allSatisfy { right[$0.name] == $0.value }
  }
}
