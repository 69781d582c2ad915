public import JSON

/// `cycle.started`: the first event of a cycle.
public struct CycleStarted: Payload {
  /// The event type.
  public static let type = "cycle.started"
  /// 2: with the directory source that was read.
  public static let schema = 2
  /// Where the changes came from.
  public enum Source: String, Sendable {
    /// A full snapshot.
    case snapshot
    /// Changes since a known state.
    case delta
  }

  /// Where the changes came from.
  public var source: Source
  /// True when the ledger knew nobody of that directory before.
  public var isInitial: Bool
  /// The directory source that was read.
  public var directory: DirectorySourceID

  /// The start of a cycle.
  public init(source: Source, isInitial: Bool, directory: DirectorySourceID = .standard) {
    self.source = source
    self.isInitial = isInitial
    self.directory = directory
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("directory", .string(directory.name)), ("initial", .bool(isInitial)), ("source", .string(source.rawValue)),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let source = fields.clear["source"]?.string.flatMap(Source.init) else { throw Self.missing("source") }
    guard let initial = fields.clear["initial"]?.bool else { throw Self.missing("initial") }
    guard let directory = fields.clear["directory"]?.string else { throw Self.missing("directory") }
    self.init(source: source, isInitial: initial, directory: DirectorySourceID(directory))
  }
}

/// What a cycle did, in numbers of people.
public struct CycleCounts: Equatable, Sendable {
  /// People that the input held.
  public var read = 0
  /// People who were new or had changed.
  public var observed = 0
  /// People of whom the input showed a value that cannot be one; what was known of it stands.
  public var unread = 0
  /// Decisions by action.
  public var decided: [Decision.Action: Int] = [:]

  /// Nothing done yet.
  public init() {}

  /// The number of decisions of an action.
  public subscript(action: Decision.Action) -> Int { decided[action] ?? 0 }

  /// As JSON members: `read`, `observed`, `unread` where there are any, and each action of which there was a decision.
  public var fields: JSONObject {
    var fields = JSONObject(present: [("read", read.json), ("observed", observed.json)])
    if unread > 0 { fields["unread"] = unread.json }
    for action in Decision.Action.allCases where self[action] > 0 { fields[action.rawValue] = self[action].json }
    return fields
  }
}

/// How far a directory source was read: what to ask it next time.
public struct Watermark: Equatable, Sendable {
  /// The source.
  public var directory: DirectorySourceID
  /// What kind of mark it is, such as `deltaLink`.
  public var kind: String
  /// The mark; a deltaLink holds an access token of sorts.
  public var value: String

  /// The kind of a Microsoft Graph deltaLink over users.
  public static let deltaLink = "deltaLink"
  /// The kind of a deltaLink that the ledger got itself, so that it knows which properties it stands for.
  public static let users = "users"

  /// The kind of a digest of who was assigned, by which the next cycle sees that nobody's assignment has changed.
  public static let assignments = "assignments"

  /// The kind of a deltaLink over the members of groups, with the groups (`MembersMark.text`); there may be several.
  public static let members = "members"

  /// The kind of the newest export that was taken from a watched folder.
  public static let file = "file"

  /// A mark.
  public init(directory: DirectorySourceID = .standard, kind: String = deltaLink, value: String) {
    self.directory = directory
    self.kind = kind
    self.value = value
  }

  var json: JSONValue {
    ["directory": .string(directory.name), "kind": .string(kind), "value": .string(value)]
  }

  init?(_ json: JSONValue) {
    guard let directory = json["directory"]?.string, let kind = json["kind"]?.string, let value = json["value"]?.string
    else { return nil }
    self.init(directory: DirectorySourceID(directory), kind: kind, value: value)
  }
}

/// `cycle.finished`: the last event of a cycle. Nothing that a cycle decided is delivered before it.
public struct CycleFinished: Payload {
  /// The event type.
  public static let type = "cycle.finished"
  /// 2: a watermark a source and kind.
  public static let schema = 2
  /// What the cycle did.
  public var counts: CycleCounts
  /// The marks that stand for the directory's state after this cycle.
  public var watermarks: [Watermark]

  /// The end of a cycle.
  public init(counts: CycleCounts, watermarks: [Watermark]) {
    self.counts = counts
    self.watermarks = watermarks
  }

  /// The end of a cycle over the standard source, with its deltaLink.
  public init(counts: CycleCounts, deltaLink: String?) {
    self.init(counts: counts, watermarks: deltaLink.map { [Watermark(value: $0)] } ?? [])
  }

  /// The deltaLink that was read to, if there was one.
  public var deltaLink: String? { watermarks.first { $0.kind == Watermark.deltaLink }?.value }

  /// In clear: the counts. Sealed under the ledger's own key: the watermarks.
  public var fields: Fields {
    let marks: JSONValue? = watermarks.isEmpty ? nil : .array(watermarks.map(\.json))
    return Fields(clear: counts.fields, sealed: JSONObject(present: [("watermarks", marks)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let read = fields.clear["read"]?.integer else { throw Self.missing("read") }
    guard let observed = fields.clear["observed"]?.integer else { throw Self.missing("observed") }
    counts = CycleCounts()
    counts.read = read
    counts.observed = observed
    counts.unread = fields.clear["unread"]?.integer ?? 0
    for action in Decision.Action.allCases { counts.decided[action] = fields.clear[action.rawValue]?.integer }
    watermarks = fields.sealed["watermarks"]?.array?.compactMap { Watermark($0) } ?? []
  }
}

/// `cycle.interrupted`: a crash cut the cycle off. What it decided is never delivered; the next cycle decides it anew.
public struct CycleInterrupted: Payload {
  /// The event type.
  public static let type = "cycle.interrupted"
  /// The position of the last event that stands in the log when the cycle is closed.
  public var position: Int64

  /// A cycle that was cut off.
  public init(position: Int64) { self.position = position }

  /// All in clear.
  public var fields: Fields { Fields(clear: JSONObject(present: [("position", position.json)])) }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let position = fields.clear["position"]?.position else { throw Self.missing("position") }
    self.position = position
  }
}

/// `safeguard.tripped`: a cycle or a plan would have turned more people inactive than is allowed, or an input shares too few
/// people with the ledger, so they are held.
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

/// `safeguard.approved`: an operator lets the held people be decided about.
public struct SafeguardApproved: Payload {
  /// The event type.
  public static let type = "safeguard.approved"
  /// How many people are decided about by it: those of the held who are still leavers, or still to have an account.
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
