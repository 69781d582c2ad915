import JSON

/// `cycle.started`: the first event of a cycle.
public struct CycleStarted: Payload {
  /// The event type.
  public static let type = "cycle.started"
  /// Where the changes came from.
  public enum Source: String, Sendable {
    /// A full snapshot.
    case snapshot
    /// Changes since a known state.
    case delta
  }

  /// Where the changes came from.
  public var source: Source
  /// True when the ledger knew nobody before.
  public var isInitial: Bool

  /// The start of a cycle.
  public init(source: Source, isInitial: Bool) {
    self.source = source
    self.isInitial = isInitial
  }

  /// All in clear.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("initial", .bool(isInitial)), ("source", .string(source.rawValue))]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let source = fields.clear["source"]?.string.flatMap(Source.init) else { throw Self.missing("source") }
    guard let initial = fields.clear["initial"]?.bool else { throw Self.missing("initial") }
    self.source = source
    isInitial = initial
  }
}

/// What a cycle did, in numbers of people.
public struct CycleCounts: Equatable, Sendable {
  /// People that the input held.
  public var read = 0
  /// People who were new or had changed.
  public var observed = 0
  /// Decisions by action.
  public var decided: [Decision.Action: Int] = [:]

  /// Nothing done yet.
  public init() {}

  /// The number of decisions of an action.
  public subscript(action: Decision.Action) -> Int { decided[action] ?? 0 }
}

/// `cycle.finished`: the last event of a cycle.
public struct CycleFinished: Payload {
  /// The event type.
  public static let type = "cycle.finished"
  /// What the cycle did.
  public var counts: CycleCounts
  /// The watermark: the deltaLink that stands for the directory's state after this cycle.
  public var deltaLink: String?

  /// The end of a cycle.
  public init(counts: CycleCounts, deltaLink: String?) {
    self.counts = counts
    self.deltaLink = deltaLink
  }

  /// In clear: the counts. Sealed under the ledger's own key: the deltaLink, which holds an access token of sorts.
  public var fields: Fields {
    var clear = JSONObject(present: [("read", counts.read.json), ("observed", counts.observed.json)])
    for action in Decision.Action.allCases where counts[action] > 0 { clear[action.rawValue] = counts[action].json }
    return Fields(clear: clear, sealed: JSONObject(present: [("deltaLink", deltaLink.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let read = fields.clear["read"]?.integer else { throw Self.missing("read") }
    guard let observed = fields.clear["observed"]?.integer else { throw Self.missing("observed") }
    counts = CycleCounts()
    counts.read = read
    counts.observed = observed
    for action in Decision.Action.allCases { counts.decided[action] = fields.clear[action.rawValue]?.integer }
    deltaLink = fields.sealed["deltaLink"]?.string
  }
}

/// `safeguard.tripped`: a cycle or a plan would have turned more people inactive than is allowed, so they are held.
public struct SafeguardTripped: Payload {
  /// The event type.
  public static let type = "safeguard.tripped"
  /// The cycle that tripped it, or the plan.
  public var cycle: String
  /// How many people are held.
  public var count: Int
  /// The number above which it trips.
  public var limit: Int
  /// How many people were meant to have an active account before.
  public var active: Int

  /// A tripped safeguard.
  public init(cycle: String, count: Int, limit: Int, active: Int) {
    self.cycle = cycle
    self.count = count
    self.limit = limit
    self.active = active
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("cycle", .string(cycle)), ("count", count.json), ("limit", limit.json), ("active", active.json),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let cycle = fields.clear["cycle"]?.string else { throw Self.missing("cycle") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    guard let limit = fields.clear["limit"]?.integer else { throw Self.missing("limit") }
    guard let active = fields.clear["active"]?.integer else { throw Self.missing("active") }
    self.init(cycle: cycle, count: count, limit: limit, active: active)
  }
}

/// `safeguard.approved`: an operator lets the held people be disabled.
public struct SafeguardApproved: Payload {
  /// The event type.
  public static let type = "safeguard.approved"
  /// How many people are disabled by it: those of the held who are still leavers.
  public var count: Int

  /// An approval.
  public init(count: Int) { self.count = count }

  /// All in clear.
  public var fields: Fields { Fields(clear: JSONObject(present: [("count", count.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    self.count = count
  }
}

/// `configuration.applied`: from here on the ledger works under this configuration.
public struct ConfigurationApplied: Payload {
  /// The event type.
  public static let type = "configuration.applied"
  /// The whole text of the file; it names no secret, only where secrets are found.
  public var text: String

  /// A configuration.
  public init(text: String) { self.text = text }

  /// Sealed under the ledger's own key: the text.
  public var fields: Fields { Fields(sealed: JSONObject(present: [("text", .string(text))])) }

  /// Reads it back.
  public init(_ fields: Fields) throws { text = fields.sealed["text"]?.string ?? "" }
}
