public import Base
import JSON

/// `delivery.retried`: an operator lets a person's delivery be tried now; lifts a hold, a skip, a parking and an
/// abandonment.
public struct DeliveryRetried: Payload {
  /// The event type.
  public static let type = "delivery.retried"
  /// Why, in words.
  public var reason: String?

  /// A retry.
  public init(reason: String? = nil) { self.reason = reason }

  /// Sealed: the reason.
  public var fields: Fields { Fields(sealed: JSONObject(present: [("reason", reason.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws { self.init(reason: fields.sealed["reason"]?.string) }
}

/// `delivery.skipped`: an operator decides that one desired state is not brought to TeamViewer. A changed decision ends it.
public struct DeliverySkipped: Payload {
  /// The event type.
  public static let type = "delivery.skipped"
  /// The position of the decision that is not delivered.
  public var decision: Int64
  /// Why, in words.
  public var reason: String?

  /// A skip.
  public init(decision: Int64, reason: String?) {
    self.decision = decision
    self.reason = reason
  }

  /// In clear: the decision. Sealed: the reason.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("decision", decision.json)]),
      sealed: JSONObject(present: [("reason", reason.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let decision = fields.clear["decision"]?.position else { throw Self.missing("decision") }
    self.init(decision: decision, reason: fields.sealed["reason"]?.string)
  }
}

/// `delivery.held`: an operator lets no call leave for a person until `delivery.retried`, whatever is decided meanwhile.
public struct DeliveryHeld: Payload {
  /// The event type.
  public static let type = "delivery.held"
  /// Why, in words.
  public var reason: String?

  /// A hold.
  public init(reason: String?) { self.reason = reason }

  /// Sealed: the reason.
  public var fields: Fields { Fields(sealed: JSONObject(present: [("reason", reason.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws { self.init(reason: fields.sealed["reason"]?.string) }
}

/// `delivery.paused`: an operator lets no call leave at all.
public struct DeliveryPaused: Payload {
  /// The event type.
  public static let type = "delivery.paused"
  /// When it ends by itself; nil for not before `delivery.resumed`.
  public var until: Timestamp?
  /// Why, in words; sealed under the ledger's own key.
  public var reason: String?

  /// A pause.
  public init(until: Timestamp? = nil, reason: String?) {
    self.until = until
    self.reason = reason
  }

  /// True while it lasts, as far as nobody ended it.
  public func isInForce(at now: Timestamp) -> Bool { until.map { $0 > now } ?? true }

  /// In clear: the end. Sealed: the reason.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("until", until?.json)]), sealed: JSONObject(present: [("reason", reason.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    self.init(until: fields.clear["until"]?.timestamp, reason: fields.sealed["reason"]?.string)
  }
}

/// `delivery.resumed`: an operator ends the pause.
public struct DeliveryResumed: Payload {
  /// The event type.
  public static let type = "delivery.resumed"
  /// Why, in words; sealed under the ledger's own key.
  public var reason: String?

  /// The end of a pause.
  public init(reason: String? = nil) { self.reason = reason }

  /// Sealed: the reason.
  public var fields: Fields { Fields(sealed: JSONObject(present: [("reason", reason.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws { self.init(reason: fields.sealed["reason"]?.string) }
}
