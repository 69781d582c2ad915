import Foundation
package import GRDB

/// A database in write-ahead mode that is read where nothing can be written, not even the files that SQLite keeps beside
/// one.
package enum FixedDatabase {
  /// The path by which to open one, and what its connections need for it.
  ///
  /// With a shared index somebody may be writing, and SQLite reads along (https://sqlite.org/wal.html#read_only_databases).
  /// Without one nobody does: where no write-ahead log is left the file is all there is; else that log is read by an index
  /// in memory, which takes a mode of exclusive locking that needs no locks of the file system.
  package static func path(_ path: String, _ configuration: inout Configuration) -> String {
    configuration.readonly = true
    if size(path + "-shm") > 0 { return path }
    if size(path + "-wal") == 0 { return uri(path, "immutable=1") }
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode=EXCLUSIVE") }
    return uri(path, "vfs=unix-none")
  }

  /// An empty database of this process alone. What takes more than so many kibibytes of memory lies in a file of the system's
  /// temporary folder that has no name, and is gone with the process (https://sqlite.org/inmemorydb.html, "Temporary
  /// Databases").
  package static func temporary(kibibytes: Int = 65_536) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = FILE; PRAGMA cache_size = -\(kibibytes)") }
    return try DatabaseQueue(path: "", configuration: configuration)
  }

  /// The file as a URI (https://sqlite.org/uri.html) with a parameter.
  static func uri(_ path: String, _ parameter: String) -> String {
    var allowed = CharacterSet.urlPathAllowed
    allowed.remove(charactersIn: "?#%")
    let absolute = URL(fileURLWithPath: path).path
    return "file:\(absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute)?\(parameter)"
  }

  private static func size(_ path: String) -> Int {
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
    return size?.intValue ?? 0
  }
}
