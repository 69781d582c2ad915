public import Base
import JSON

/// `target.paused`: TeamViewer asks for a slower pace, so that no call leaves before a moment.
public struct TargetPaused: Payload {
  /// The event type.
  public static let type = "target.paused"
  /// The first moment at which a call may leave.
  public var until: Timestamp
  /// How many refusals in a row led here.
  public var refusals: Int
  /// The status of the refusal: 429, or 403 with `rate_limit_reached`.
  public var status: Int

  /// A pause.
  public init(until: Timestamp, refusals: Int, status: Int) {
    self.until = until
    self.refusals = refusals
    self.status = status
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("until", until.json), ("refusals", refusals.json), ("status", status.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let until = fields.clear["until"]?.timestamp else { throw Self.missing("until") }
    guard let refusals = fields.clear["refusals"]?.integer else { throw Self.missing("refusals") }
    guard let status = fields.clear["status"]?.integer else { throw Self.missing("status") }
    self.init(until: until, refusals: refusals, status: status)
  }
}

/// `quarantine.entered`: no call leaves until a probe succeeds or an operator releases it.
public struct QuarantineEntered: Payload {
  /// The event type.
  public static let type = "quarantine.entered"
  /// 2: with the calls that caused it.
  public static let schema = 2
  /// Why.
  public enum Reason: String, Sendable {
    /// The token is refused (401).
    case credentials = "EncounteredQuarantineException"
    /// The token may not even read (403).
    case insufficientRights = "InsufficientRights"
    /// What answers is no SCIM endpoint.
    case notSCIM = "SystemForCrossDomainIdentityManagementServiceIncompatible"
  }

  /// Why.
  public var reason: Reason
  /// The status of the answer that caused it.
  public var status: Int
  /// The method and path template of the call that caused it.
  public var operation: String
  /// The calls that were refused before it, the last one included, oldest first; at most `QuarantineCause.most`.
  public var causes: [QuarantineCause]

  /// A quarantine.
  public init(_ reason: Reason, status: Int, operation: String, causes: [QuarantineCause] = []) {
    self.reason = reason
    self.status = status
    self.operation = operation
    self.causes = causes
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("reason", .string(reason.rawValue)), ("status", status.json), ("operation", .string(operation)),
        ("causes", .array(causes.map(\.json))),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let reason = fields.clear["reason"]?.string.flatMap(Reason.init) else { throw Self.missing("reason") }
    guard let status = fields.clear["status"]?.integer else { throw Self.missing("status") }
    guard let operation = fields.clear["operation"]?.string else { throw Self.missing("operation") }
    guard let causes = fields.clear["causes"]?.array else { throw Self.missing("causes") }
    self.init(reason, status: status, operation: operation, causes: causes.compactMap { QuarantineCause($0) })
  }
}

/// One refused call among those that led to a quarantine.
public struct QuarantineCause: Equatable, Sendable {
  /// How many are named at most.
  public static let most = 10
  /// The method and path template.
  public var operation: String
  /// The HTTP status of the answer.
  public var status: Int
  /// The alias of the person that it was about; nil for calls about the target as a whole.
  public var person: String?
  /// When it was answered.
  public var answered: Timestamp

  /// A refused call.
  public init(operation: String, status: Int, person: String?, answered: Timestamp) {
    self.operation = operation
    self.status = status
    self.person = person
    self.answered = answered
  }

  var json: JSONValue {
    .object(
      JSONObject(present: [
        ("operation", .string(operation)), ("status", status.json), ("person", person.json),
        ("answered", answered.json),
      ]))
  }

  init?(_ json: JSONValue) {
    guard let operation = json["operation"]?.string, let status = json["status"]?.integer,
      let answered = json["answered"]?.timestamp
    else { return nil }
    self.init(operation: operation, status: status, person: json["person"]?.string, answered: answered)
  }
}

/// `quarantine.left`: calls may leave again.
public struct QuarantineLeft: Payload {
  /// The event type.
  public static let type = "quarantine.left"
  /// How it was left.
  public enum How: String, Sendable {
    /// A probe succeeded.
    case probe
    /// An operator released it; the event's actor says who.
    case released
  }

  /// How it was left.
  public var how: How

  /// The end of a quarantine.
  public init(_ how: How) { self.how = how }

  /// All in clear.
  public var fields: Fields { Fields(clear: JSONObject(present: [("how", .string(how.rawValue))])) }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let how = fields.clear["how"]?.string.flatMap(How.init) else { throw Self.missing("how") }
    self.how = how
  }
}

extension FaultCode {
  /// What a quarantine is to whoever wants a call to leave.
  public static func of(_ reason: QuarantineEntered.Reason) -> FaultCode {
    reason == .notSCIM ? quarantinedNoSCIM : quarantined
  }
}
