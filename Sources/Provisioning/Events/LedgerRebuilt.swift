import JSON

/// `ledger.rebuilt`: all that is derived from the log was made anew from the log and the keys alone, and compared.
public struct LedgerRebuilt: Payload {
  /// The event type.
  public static let type = "ledger.rebuilt"

  /// What a rebuild started from.
  public enum Source: String, CaseIterable, Sendable {
    /// The ledger's own log and keys.
    case ledger
    /// A backup.
    case backup
    /// Tiles that were published, and a folder with the keys.
    case tiles
  }

  /// Whether it was tried in a temporary place, which is gone again.
  public var isDrill: Bool
  /// What it started from.
  public var source: Source
  /// The position that it reached: the number of events.
  public var events: Int64
  /// The digest of the rebuilt views.
  public var views: String
  /// Whether another build of the views, and for a drill that of the ledger at hand, gave the same digest.
  public var isEqual: Bool
  /// How long it took, in milliseconds.
  public var milliseconds: Int
  /// What did not come back, in stable words, such as `log.key`, `keys` and `events`.
  public var lost: [String]

  /// A rebuild.
  public init(
    isDrill: Bool, source: Source, events: Int64, views: String, isEqual: Bool, milliseconds: Int, lost: [String]
  ) {
    self.isDrill = isDrill
    self.source = source
    self.events = events
    self.views = views
    self.isEqual = isEqual
    self.milliseconds = milliseconds
    self.lost = lost
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("drill", .bool(isDrill)), ("source", .string(source.rawValue)), ("events", events.json),
        ("views", .string(views)), ("equal", .bool(isEqual)), ("milliseconds", .integer(Int64(milliseconds))),
        ("lost", .array(lost.map(JSONValue.string))),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    let clear = fields.clear
    guard let isDrill = clear["drill"]?.bool else { throw Self.missing("drill") }
    guard let source = clear["source"]?.string.flatMap(Source.init) else { throw Self.missing("source") }
    guard let events = clear["events"]?.position else { throw Self.missing("events") }
    guard let views = clear["views"]?.string else { throw Self.missing("views") }
    guard let isEqual = clear["equal"]?.bool else { throw Self.missing("equal") }
    guard let milliseconds = clear["milliseconds"]?.integer else { throw Self.missing("milliseconds") }
    guard let lost = clear["lost"]?.array else { throw Self.missing("lost") }
    self.init(
      isDrill: isDrill, source: source, events: events, views: views, isEqual: isEqual,
      milliseconds: Int(milliseconds), lost: lost.compactMap(\.string))
  }
}
