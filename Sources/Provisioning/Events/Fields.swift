import Base
public import JSON

/// The content of an event in its two halves: what stands in clear in the log, and what is sealed under the
/// subject's key.
public struct Fields: Equatable, Sendable {
  /// Codes, counts, aliases, positions: nothing that tells a person.
  public var clear: JSONObject
  /// Names, addresses, ids, bodies, free text.
  public var sealed: JSONObject
  /// True when the subject's key is gone, so that `sealed` is empty for ever.
  public var isErased: Bool

  /// Two halves.
  public init(clear: JSONObject = JSONObject(), sealed: JSONObject = JSONObject(), isErased: Bool = false) {
    self.clear = clear
    self.sealed = sealed
    self.isErased = isErased
  }
}

/// An event's content that does not have the shape of its type and schema version.
public struct PayloadError: Error, Equatable, Sendable {
  /// The event type.
  public var type: String
  /// The member that is missing or of the wrong kind.
  public var member: String

  /// An error about one member.
  public init(type: String, member: String) {
    self.type = type
    self.member = member
  }
}

/// The typed content of one kind of event.
public protocol Payload: Equatable, Sendable {
  /// The event type, such as `provisioning.decided`.
  static var type: String { get }
  /// The version of the shape, from 1; a changed shape takes the next number.
  static var schema: Int { get }
  /// The content in its two halves.
  var fields: Fields { get }
  /// Reads the content back. Throws `PayloadError` when a member of the clear half is missing or of the wrong kind;
  /// sealed members may be gone.
  init(_ fields: Fields) throws
}

extension Payload {
  /// The first version, unless the type says otherwise.
  public static var schema: Int { 1 }

  /// The error that says which member is wrong.
  static func missing(_ member: String) -> PayloadError { PayloadError(type: type, member: member) }
}

extension Optional where Wrapped == String {
  var json: JSONValue? { map(JSONValue.string) }
}

extension Int64 {
  /// Positions may pass 32 bits, so they are written as decimal strings.
  var json: JSONValue { .string(String(self)) }
}

extension Int {
  var json: JSONValue { .integer(Int64(self)) }
}

extension Timestamp {
  var json: JSONValue { .string(description) }
}

extension JSONValue {
  var position: Int64? { string.flatMap { Int64($0) } }
  var timestamp: Timestamp? { string.flatMap { Timestamp($0) } }
}
