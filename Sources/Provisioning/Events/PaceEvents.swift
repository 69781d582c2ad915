public import Base
import JSON

/// `quota.reserved`: calls of a configured quota are taken ahead of being sent, so that a crash cannot lose count of them.
///
/// All of the block counts as used, from when it was taken until the quota's window has passed since `expires`; after
/// `expires` no call draws from it.
public struct QuotaReserved: Payload {
  /// The event type.
  public static let type = "quota.reserved"
  /// The name of the quota in the configuration.
  public var quota: String
  /// The number of calls.
  public var count: Int
  /// The last moment at which one of them may be sent.
  public var expires: Timestamp

  /// A block of calls.
  public init(quota: String, count: Int, expires: Timestamp) {
    self.quota = quota
    self.count = count
    self.expires = expires
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("quota", .string(quota)), ("count", count.json), ("expires", expires.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let quota = fields.clear["quota"]?.string else { throw Self.missing("quota") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    guard let expires = fields.clear["expires"]?.timestamp else { throw Self.missing("expires") }
    self.init(quota: quota, count: count, expires: expires)
  }
}

/// `circuit.opened`: faults in a row; only probes leave until one goes well.
public struct CircuitOpened: Payload {
  /// The event type.
  public static let type = "circuit.opened"
  /// The number of faults in a row.
  public var faults: Int
  /// The method and path template of the call that failed last.
  public var operation: String
  /// A stable word for what went wrong with it.
  public var error: String
  /// The HTTP status of its answer, if there was one.
  public var status: Int?

  /// An open circuit.
  public init(faults: Int, operation: String, error: String, status: Int? = nil) {
    self.faults = faults
    self.operation = operation
    self.error = error
    self.status = status
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("faults", faults.json), ("operation", .string(operation)), ("error", .string(error)),
        ("status", status?.json),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let faults = fields.clear["faults"]?.integer else { throw Self.missing("faults") }
    guard let operation = fields.clear["operation"]?.string else { throw Self.missing("operation") }
    guard let error = fields.clear["error"]?.string else { throw Self.missing("error") }
    self.init(faults: faults, operation: operation, error: error, status: fields.clear["status"]?.integer)
  }
}

/// `circuit.closed`: a probe went well; calls leave again.
public struct CircuitClosed: Payload {
  /// The event type.
  public static let type = "circuit.closed"

  /// A closed circuit.
  public init() {}

  /// Nothing to say.
  public var fields: Fields { Fields() }

  /// Reads it back.
  public init(_ fields: Fields) throws {}
}
