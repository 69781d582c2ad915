import Base
public import JSON

/// Why a JSON value or a filter is not the SCIM message that it should be.
///
/// It names attributes, never their values, so that it may be logged.
public enum SCIMParseError: Error, Equatable, Sendable {
  /// The message, or an attribute of it, is missing.
  case missing(String)
  /// An attribute has another JSON type than its schema demands.
  case wrongType(attribute: String, wanted: String)
  /// The filter is no comparison that is understood; the text says which part.
  case filter(String)
  /// There is more of something than is accepted.
  case tooMany(String, limit: Int)

  /// One clause without a place, such as `active is no boolean`.
  public var clause: String {
    switch self {
    case .missing(let name): "\(name) is missing"
    case .wrongType(let attribute, let wanted): "\(attribute) is no \(wanted)"
    case .filter(let problem): "the filter \(problem)"
    case .tooMany(let name, let limit): "there are more than \(limit) \(name)"
    }
  }
}

extension JSONValue {
  /// The value of an attribute: names are case-insensitive (RFC 7643 section 2.1), null is the same as absent
  /// (section 2.5). Of two spellings the exact one counts.
  public func attribute(_ name: String) -> JSONValue? {
    let value = member(name)
    return value == .null ? nil : value
  }

  /// The same, but a null is kept apart from what is absent.
  func member(_ name: String) -> JSONValue? {
    guard let object else { return nil }
    return object[name] ?? object.members.first { $0.name.equalsIgnoringASCIICase(name) }?.value
  }

  /// A text attribute, or nil when it is absent or null. Throws `wrongType` for anything else.
  public func text(_ name: String) throws(SCIMParseError) -> String? {
    guard let value = attribute(name) else { return nil }
    guard case .string(let text) = value else { throw .wrongType(attribute: name, wanted: "string") }
    return text
  }

  /// A boolean attribute, or nil when it is absent or null. The strings that Entra sends without its compliance flag,
  /// `"True"` and `"False"` in any case, count as booleans too. Throws `wrongType` for anything else.
  public func boolean(_ name: String) throws(SCIMParseError) -> Bool? {
    guard let value = attribute(name) else { return nil }
    guard let bool = value.lenientBool else { throw .wrongType(attribute: name, wanted: "boolean") }
    return bool
  }

  /// The boolean that this value is or, as a string in any case, spells; nil when it is neither.
  public var lenientBool: Bool? {
    switch self {
    case .bool(let value): value
    case .string(let text):
      switch text.asciiLowercased {
      case "true": true
      case "false": false
      default: nil
      }
    default: nil
    }
  }

  /// The entries of `schemas`, or none.
  public var schemas: [String] { attribute("schemas")?.array?.compactMap(\.string) ?? [] }
}

extension String {
  /// Equality of the UTF-8 bytes, ASCII letters compared without regard to case.
  func equalsIgnoringASCIICase(_ other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    return zip(utf8, other.utf8).allSatisfy { left, right in
      if left == right { return true }
      let folded = left | 0x20
      return folded == right | 0x20 && UInt8(ascii: "a") <= folded && folded <= UInt8(ascii: "z")
    }
  }
}
