import JSON

/// `subject.erased`: the key that opens what the log holds about a person is gone, or about to go.
///
/// It is appended before the key is deleted, so that a crash in between is seen and finished.
public struct SubjectErased: Payload {
  /// The event type.
  public static let type = "subject.erased"
  /// Why, as a code.
  public var reason: ErasureReason
  /// The obstacles that the operator overrode.
  public var forced: [ErasureObstacle]
  /// The number of events whose content is gone.
  public var events: Int
  /// The number of calls among them.
  public var calls: Int

  /// An erasure.
  public init(reason: ErasureReason, forced: [ErasureObstacle], events: Int, calls: Int) {
    self.reason = reason
    self.forced = forced
    self.events = events
    self.calls = calls
  }

  /// All in clear: nothing in it tells a person.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("reason", .string(reason.code)), ("events", events.json), ("calls", calls.json),
        ("forced", forced.isEmpty ? nil : .string(forced.map(\.rawValue).joined(separator: " "))),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let reason = fields.clear["reason"]?.string.flatMap(ErasureReason.init) else { throw Self.missing("reason") }
    guard let events = fields.clear["events"]?.integer else { throw Self.missing("events") }
    guard let calls = fields.clear["calls"]?.integer else { throw Self.missing("calls") }
    let words = (fields.clear["forced"]?.string ?? "").split(separator: " ").map(String.init)
    let forced = words.compactMap(ErasureObstacle.init)
    guard forced.count == words.count else { throw Self.missing("forced") }
    self.init(reason: reason, forced: forced, events: events, calls: calls)
  }
}

/// `erasure.refused`: somebody asked for an erasure that must not be.
public struct ErasureRefused: Payload {
  /// The event type.
  public static let type = "erasure.refused"
  /// Why it was asked for.
  public var reason: ErasureReason
  /// What stands in the way.
  public var obstacle: ErasureObstacle

  /// A refusal.
  public init(reason: ErasureReason, obstacle: ErasureObstacle) {
    self.reason = reason
    self.obstacle = obstacle
  }

  /// All in clear.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("reason", .string(reason.code)), ("obstacle", .string(obstacle.rawValue))]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let reason = fields.clear["reason"]?.string.flatMap(ErasureReason.init) else { throw Self.missing("reason") }
    guard let obstacle = fields.clear["obstacle"]?.string.flatMap(ErasureObstacle.init) else {
      throw Self.missing("obstacle")
    }
    self.init(reason: reason, obstacle: obstacle)
  }
}

/// `legal.hold.placed`: from here on the person must not be erased.
public struct LegalHoldPlaced: Payload {
  /// The event type.
  public static let type = "legal.hold.placed"
  /// Why, in the operator's words; nil once the subject is erased.
  public var reason: String?

  /// A hold.
  public init(reason: String?) { self.reason = reason }

  /// Sealed: the reason, which is free text.
  public var fields: Fields { Fields(sealed: JSONObject(present: [("reason", reason.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws { reason = fields.sealed["reason"]?.string }
}

/// `legal.hold.lifted`: the person may be erased again.
public struct LegalHoldLifted: Payload {
  /// The event type.
  public static let type = "legal.hold.lifted"
  /// Why, in the operator's words; nil once the subject is erased.
  public var reason: String?

  /// The end of a hold.
  public init(reason: String?) { self.reason = reason }

  /// Sealed: the reason, which is free text.
  public var fields: Fields { Fields(sealed: JSONObject(present: [("reason", reason.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws { reason = fields.sealed["reason"]?.string }
}

/// `master.key.rotated`: all subject keys are wrapped under another master key; no entry was encrypted anew.
public struct MasterKeyRotated: Payload {
  /// The event type.
  public static let type = "master.key.rotated"
  /// The id of the master key before; ids lead to no key.
  public var old: String
  /// The id of the master key from here on.
  public var new: String
  /// How many keys it wraps.
  public var count: Int

  /// A rotation.
  public init(old: String, new: String, count: Int) {
    self.old = old
    self.new = new
    self.count = count
  }

  /// All in clear.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("old", .string(old)), ("new", .string(new)), ("count", count.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let old = fields.clear["old"]?.string else { throw Self.missing("old") }
    guard let new = fields.clear["new"]?.string else { throw Self.missing("new") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    self.init(old: old, new: new, count: count)
  }
}
