public import Base
import EventLog
public import JSON
import Ledger
import Provisioning

/// What a backup holds: the file `manifest.json` in it, written last.
public struct BackupManifest: Equatable, Sendable {
  /// One file of the backup.
  public struct File: Equatable, Sendable {
    /// Its name in the folder.
    public var name: String
    /// The number of bytes.
    public var bytes: Int64
    /// SHA-256 over them, 64 hexadecimal digits.
    public var sha256: String
  }

  /// When the backup was begun.
  public var created: Timestamp
  /// The name of the log.
  public var origin: String
  /// The number of events in it.
  public var size: Int64
  /// The Merkle root over them, 64 hexadecimal digits.
  public var root: String
  /// The size of the checkpoint inside.
  public var checkpoint: Int64
  /// The files, this one left out.
  public var files: [File]

  static let name = "manifest.json"
  /// What the log's key signed of it.
  static let statement = "manifest.note"
  static let limit = 1 << 20
  /// More files than any backup has, each smaller than this, so that no sum of sizes overflows.
  private static let most = 64
  private static let largestFile: Int64 = 1 << 50
  private static let format = 1

  /// As one JSON object; sizes are decimal strings.
  public var json: JSONValue {
    [
      "format": .integer(Int64(Self.format)), "created": .string(created.description), "origin": .string(origin),
      "size": .string(String(size)), "root": .string(root), "checkpoint": .string(String(checkpoint)),
      "files": .array(
        files.map {
          ["name": .string($0.name), "bytes": .string(String($0.bytes)), "sha256": .string($0.sha256)]
        }),
    ]
  }
}

extension BackupManifest {
  /// Reads what `json` writes. Throws `FaultCode.backupDamaged`; `path` is the file as the fault calls it.
  init(_ bytes: [UInt8], path: String) throws {
    func refuse(_ what: String) -> Fault {
      Fault(.backupDamaged, "\(path) \(what); the backup cannot be trusted. Take another one.")
    }
    guard bytes.count <= Self.limit, let json = try? JSONParser.parse(bytes, depthLimit: 8) else {
      throw refuse("is no JSON of a backup")
    }
    guard json["format"]?.integer == Self.format else { throw refuse("has a format that this program does not know") }
    guard let created = json["created"]?.string.flatMap({ Timestamp($0) }), let origin = json["origin"]?.string,
      let size = json["size"]?.string.flatMap({ Int64($0) }), let root = json["root"]?.string,
      let checkpoint = json["checkpoint"]?.string.flatMap({ Int64($0) }), let files = json["files"]?.array
    else { throw refuse("lacks a member") }
    guard (0...Checkpoint.largest).contains(size), (0...size).contains(checkpoint), files.count <= Self.most else {
      throw refuse("says a number that cannot be")
    }
    self.init(
      created: created, origin: origin, size: size, root: root, checkpoint: checkpoint,
      files: try files.map { file in
        guard let name = file["name"]?.string, let bytes = file["bytes"]?.string.flatMap({ Int64($0) }),
          (0...Self.largestFile).contains(bytes), let digest = file["sha256"]?.string, BackupFiles.isName(name)
        else { throw refuse("names a file that no backup holds") }
        return File(name: name, bytes: bytes, sha256: digest)
      })
    guard Set(self.files.map(\.name)).count == files.count,
      BackupFiles.needed.allSatisfy({ name in self.files.contains { $0.name == name } })
    else { throw refuse("does not name each file once") }
  }
}

/// The files of a backup.
enum BackupFiles {
  static let checkpoint = "checkpoint"
  /// What every backup holds; besides these, the private keys that lie in the ledger's folder.
  static let needed = [OpenLedger.File.log, OpenLedger.File.keys, OpenLedger.File.configuration, checkpoint]

  /// Whether a name can be that of a file in the backup's own folder: whoever changed a manifest must not reach others.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255 && !name.hasPrefix(".") && !name.utf8.contains(UInt8(ascii: "/"))
      && !name.utf8.contains(0) && ![BackupManifest.name, BackupManifest.statement].contains(name)
  }
}
