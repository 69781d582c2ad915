import JSON

/// `report.exported`: somebody took data out of the ledger; the event's actor says who.
public struct ReportExported: Payload {
  /// The event type.
  public static let type = "report.exported"
  /// What was exported, such as `provisioning` or `log`.
  public var name: String
  /// The format, such as `csv`.
  public var format: String
  /// The number of rows.
  public var count: Int

  /// An export.
  public init(name: String, format: String, count: Int) {
    self.name = name
    self.format = format
    self.count = count
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("name", .string(name)), ("format", .string(format)), ("count", count.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let name = fields.clear["name"]?.string else { throw Self.missing("name") }
    guard let format = fields.clear["format"]?.string else { throw Self.missing("format") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    self.init(name: name, format: format, count: count)
  }
}
