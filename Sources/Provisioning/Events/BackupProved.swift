public import Base
import JSON

/// `backup.proved`: a backup was restored to a temporary place and found equal to this ledger's past.
public struct BackupProved: Payload {
  /// The event type.
  public static let type = "backup.proved"
  /// The name of the backup's folder, without the path to it.
  public var name: String
  /// When the backup was made.
  public var created: Timestamp
  /// The number of events in it.
  public var size: Int64
  /// The Merkle root over them, 64 hexadecimal digits.
  public var root: String
  /// The digest of the views rebuilt from it, equal to those of this ledger at that position.
  public var views: String

  /// A proof.
  public init(name: String, created: Timestamp, size: Int64, root: String, views: String) {
    self.name = name
    self.created = created
    self.size = size
    self.root = root
    self.views = views
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [
        ("name", .string(name)), ("created", created.json), ("size", size.json), ("root", .string(root)),
        ("views", .string(views)),
      ]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let name = fields.clear["name"]?.string else { throw Self.missing("name") }
    guard let created = fields.clear["created"]?.timestamp else { throw Self.missing("created") }
    guard let size = fields.clear["size"]?.position else { throw Self.missing("size") }
    guard let root = fields.clear["root"]?.string else { throw Self.missing("root") }
    guard let views = fields.clear["views"]?.string else { throw Self.missing("views") }
    self.init(name: name, created: created, size: size, root: root, views: views)
  }
}
