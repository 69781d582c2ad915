import Base
import JSON

/// What a file that left the ledger holds: enough to know it again, and to go on behind it.
public struct ExportedFile: Equatable, Sendable {
  /// The SHA-256 digest of its bytes, in hexadecimal digits.
  public var digest: String
  /// The position of the first event that it goes over.
  public var first: Int64
  /// The position of the last event that it goes over; one less than `first` for none.
  public var last: Int64
  /// How much of people it shows: `clear`, `pseudonym` or `none`.
  public var privacy: String

  /// A file.
  public init(digest: String, first: Int64, last: Int64, privacy: String) {
    (self.digest, self.first, self.last, self.privacy) = (digest, first, last, privacy)
  }

  var json: JSONValue {
    .object(
      JSONObject(present: [
        ("digest", .string(digest)), ("first", first.json), ("last", last.json), ("privacy", .string(privacy)),
      ]))
  }

  init?(_ json: JSONValue) {
    guard let digest = json["digest"]?.string, let first = json["first"]?.position, let last = json["last"]?.position,
      let privacy = json["privacy"]?.string
    else { return nil }
    self.init(digest: digest, first: first, last: last, privacy: privacy)
  }
}

/// `report.exported`: somebody took data out of the ledger; the event's actor says who.
public struct ReportExported: Payload {
  /// The event type.
  public static let type = "report.exported"
  /// 2: what the file holds.
  public static let schema = 2
  /// What was exported, such as `provisioning` or `log`.
  public var name: String
  /// The format, such as `csv`.
  public var format: String
  /// The number of rows.
  public var count: Int
  /// The file, where its bytes were known before they left.
  public var file: ExportedFile?
  /// Where the file goes, sealed under the ledger's own key; nil for standard output.
  public var path: String?

  /// An export.
  public init(name: String, format: String, count: Int, file: ExportedFile? = nil, path: String? = nil) {
    self.name = name
    self.format = format
    self.count = count
    self.file = file
    self.path = path
  }

  /// In clear: all but the path.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("name", .string(name)), ("format", .string(format)), ("count", count.json), ("file", file?.json),
      ]), sealed: JSONObject(present: [("path", path.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let name = fields.clear["name"]?.string else { throw Self.missing("name") }
    guard let format = fields.clear["format"]?.string else { throw Self.missing("format") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    let file = fields.clear["file"].map(ExportedFile.init)
    if case .some(.none) = file { throw Self.missing("file") }
    self.init(
      name: name, format: format, count: count, file: file ?? nil,
      path: fields.sealed["path"]?.string)
  }
}
