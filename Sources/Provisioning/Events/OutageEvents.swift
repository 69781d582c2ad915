public import Base
import JSON

/// `circuit.opened`: faults in a row; only probes leave until one goes well.
public struct CircuitOpened: Payload {
  /// The event type.
  public static let type = "circuit.opened"
  /// 2: with its scope.
  public static let schema = 2
  /// What fails.
  public enum Scope: String, Sendable {
    /// Whatever is sent.
    case everything
    /// Writes of several people, while reads go well.
    case writes
  }

  /// The number of faults in a row.
  public var faults: Int
  /// The method and path template of the call that failed last.
  public var operation: String
  /// A stable word for what went wrong with it.
  public var error: String
  /// The HTTP status of its answer, if there was one.
  public var status: Int?
  /// What fails; in the log only where that is not everything.
  public var scope: Scope

  /// An open circuit.
  public init(faults: Int, operation: String, error: String, status: Int? = nil, scope: Scope = .everything) {
    self.faults = faults
    self.operation = operation
    self.error = error
    self.status = status
    self.scope = scope
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("faults", faults.json), ("operation", .string(operation)), ("error", .string(error)),
        ("status", status?.json), ("scope", scope == .everything ? nil : .string(scope.rawValue)),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let faults = fields.clear["faults"]?.integer else { throw Self.missing("faults") }
    guard let operation = fields.clear["operation"]?.string else { throw Self.missing("operation") }
    guard let error = fields.clear["error"]?.string else { throw Self.missing("error") }
    let scope = fields.clear["scope"].map { $0.string.flatMap(Scope.init) } ?? .everything
    guard let scope else { throw Self.missing("scope") }
    self.init(
      faults: faults, operation: operation, error: error, status: fields.clear["status"]?.integer, scope: scope)
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

/// `target.unreachable`: further faults of an outage that the log has the first of each kind of, told together.
public struct TargetUnreachable: Payload {
  /// The event type.
  public static let type = "target.unreachable"
  /// How many faults there were since the last event that told of them.
  public var count: Int
  /// When the first of these came.
  public var first: Timestamp
  /// When the last of these came.
  public var last: Timestamp
  /// The method and path template of the call that failed last.
  public var operation: String
  /// A stable word for what went wrong with it.
  public var error: String
  /// The HTTP status of its answer, if there was one.
  public var status: Int?

  /// Faults of an outage.
  public init(
    count: Int, first: Timestamp, last: Timestamp, operation: String, error: String, status: Int? = nil
  ) {
    self.count = count
    self.first = first
    self.last = last
    self.operation = operation
    self.error = error
    self.status = status
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("count", count.json), ("first", first.json), ("last", last.json), ("operation", .string(operation)),
        ("error", .string(error)), ("status", status?.json),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    guard let first = fields.clear["first"]?.timestamp else { throw Self.missing("first") }
    guard let last = fields.clear["last"]?.timestamp else { throw Self.missing("last") }
    guard let operation = fields.clear["operation"]?.string else { throw Self.missing("operation") }
    guard let error = fields.clear["error"]?.string else { throw Self.missing("error") }
    self.init(
      count: count, first: first, last: last, operation: operation, error: error,
      status: fields.clear["status"]?.integer)
  }
}

/// `target.resumed`: the pause that TeamViewer asked for is over before its time.
public struct TargetResumed: Payload {
  /// The event type.
  public static let type = "target.resumed"
  /// How it ended.
  public enum How: String, Sendable {
    /// A probe for the sake of leavers went well.
    case probe
    /// An operator ended it; the event's actor says who.
    case released
  }

  /// How it ended.
  public var how: How
  /// Why, in the operator's words.
  public var reason: String?

  /// The end of a pause.
  public init(_ how: How, reason: String? = nil) {
    self.how = how
    self.reason = reason
  }

  /// In clear: how.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("how", .string(how.rawValue))]),
      sealed: JSONObject(present: [("reason", reason.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let how = fields.clear["how"]?.string.flatMap(How.init) else { throw Self.missing("how") }
    self.init(how, reason: fields.sealed["reason"]?.string)
  }
}
