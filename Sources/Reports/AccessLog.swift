public import Base
public import EventLog
public import JSON
public import Provisioning
public import Sealing
public import Views

/// One look at data that tells of people: who, when, at what, and at how much.
public struct AccessRow: Equatable, Sendable {
  /// Where the log holds the record of it.
  public var position: Int64
  /// When it was recorded, before the first row was shown.
  public var time: Timestamp
  /// Who looked.
  public var actor: Actor
  /// The verb, or what was taken out.
  public var what: String
  /// The form in which it was taken out; nil for a look.
  public var format: String?
  /// How many rows were shown; nil where it was not known beforehand.
  public var count: Int?
  /// The end of the log as it was shown; nil in records of the first versions.
  public var end: Int64?
  /// What was asked for, in words.
  public var filter: String?

  /// As a JSON object.
  public var json: JSONValue {
    [
      "position": .string(String(position)), "time": .string(time.description), "actor": .string(actor.description),
      "what": .string(what), "format": format.map(JSONValue.string) ?? .null,
      "rows": count.map { .integer(Int64($0)) } ?? .null, "end": end.map { .string(String($0)) } ?? .null,
      "filter": filter.map(JSONValue.string) ?? .null,
    ]
  }

  /// The titles of `fields`.
  public static let columns = ["position", "time", "actor", "what", "format", "rows", "end", "filter"]

  /// As fields of CSV.
  public var fields: [String] {
    [
      String(position), time.description, actor.description, what, format ?? "", count.map { String($0) } ?? "",
      end.map { String($0) } ?? "", filter ?? "",
    ]
  }
}

/// Who looked at what: the audit of the auditors.
public struct AccessLog {
  private let views: ViewStore
  private let log: Log
  private let codec: EventCodec

  /// Over the log; the views say where its records are.
  public init(views: ViewStore, log: Log, codec: EventCodec) {
    (self.views, self.log, self.codec) = (views, log, codec)
  }

  /// Hands out each look that was recorded at some positions, by anybody or by one, the oldest first. Throws the faults of log
  /// and views.
  public func forEach(in positions: Range<Int64>, by actor: Actor? = nil, _ body: (AccessRow) throws -> Void) throws {
    var last = positions.lowerBound - 1
    // An export and the look that it was are recorded at once, one behind the other.
    var export: AccessRow?
    while let page = try page(after: last, by: actor) {
      for act in page {
        last = act.position
        guard last < positions.upperBound else { break }
        let row = try row(act)
        if let open = export, let row, act.type == DataViewed.type, row.isOf(open) {
          try body(row.taken(as: open))
          export = nil
          continue
        }
        if let open = export { try body(open) }
        export = act.type == ReportExported.type ? row : nil
        if let row, export == nil { try body(row) }
      }
      if last >= positions.upperBound { break }
    }
    if let export { try body(export) }
  }

  private func page(after position: Int64, by actor: Actor?) throws -> [Act]? {
    let page = try views.acts(after: position, by: actor)
    return page.isEmpty ? nil : page
  }

  /// The row of an act; nil for one that is no look.
  private func row(_ act: Act) throws -> AccessRow? {
    guard [DataViewed.type, ReportExported.type].contains(act.type),
      let recorded = try log.read(from: act.position, limit: 1).first
    else { return nil }
    var row = AccessRow(position: act.position, time: act.time, actor: act.actor, what: "")
    switch try codec.decode(recorded).payload {
    case .dataViewed(let viewed):
      (row.what, row.count, row.end, row.filter) = (viewed.name, viewed.count, viewed.position, viewed.filter)
    case .reportExported(let exported):
      (row.what, row.format, row.count) = (exported.name, exported.format, exported.count)
    default: return nil
    }
    return row
  }
}

extension AccessRow {
  fileprivate func isOf(_ export: AccessRow) -> Bool {
    position == export.position + 1 && time == export.time && actor == export.actor
  }

  /// The same, as what was taken out by it.
  fileprivate func taken(as export: AccessRow) -> AccessRow {
    var row = self
    (row.position, row.format) = (export.position, export.format)
    return row
  }
}
