import Base
import EventLog
import Foundation
import GRDB
import Provisioning

/// Copies of views that knew more than the log did: evidence, kept beside the live ones until somebody moves them away. They hold
/// people in clear, so that an erasure has to reach them too.
extension ViewStore {
  private var copyName: String { URL(fileURLWithPath: path).lastPathComponent + ".ahead-" }
  private var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// The paths of those that are there.
  var copies: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      name.hasPrefix(copyName) && Int64(name.dropFirst(copyName.count)) != nil
    }.sorted().map { "\(folder)/\($0)" }
  }

  /// Copies the database for its owner's eyes only; one of the same position that is there already is kept.
  func keepCopy(ahead seen: Int64) throws {
    let copy = "\(path).ahead-\(seen)"
    if FileManager.default.fileExists(atPath: copy) { return }
    do {
      try PrivateFile.make(copy) { _ in try Self.faults(path) { try database.backup(to: DatabaseQueue(path: copy)) } }
    } catch let failure as PrivateFile.Failure {
      throw Fault(.viewsDamaged, "\(copy), which keeps what the views know, cannot be made: \(failure.text).")
    }
  }

  /// Takes the rows of everybody whom the log says is erased out of all copies, and leaves no trace of them in the files. What
  /// else the copies are evidence of stays.
  ///
  /// Throws `FaultCode.viewsDamaged` for a copy that cannot be changed: it holds them still.
  func forgetInCopies() throws {
    let copies = copies
    if copies.isEmpty { return }
    let erased = try erasures(after: 0).compactMap(\.subject)
    for copy in copies { try Self.forget(erased, inCopy: copy) }
  }

  private static func forget(_ aliases: [String], inCopy copy: String) throws {
    do {
      var configuration = Configuration()
      configuration.prepareDatabase {
        // One file and no other, which is what whoever keeps it takes along.
        try $0.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY")
      }
      let database = try DatabaseQueue(path: copy, configuration: configuration)
      defer { try? database.close() }
      let tables = try database.read(tablesOfPeople)
      let isChanged = try database.write { database in
        let before = database.totalChangesCount
        for table in tables {
          for alias in aliases { try database.run("DELETE FROM \(table) WHERE alias = ?", [alias]) }
        }
        return database.totalChangesCount > before
      }
      if isChanged { try database.vacuum() }
    } catch let error as DatabaseError {
      throw Fault(
        .viewsDamaged,
        "\(copy), kept as evidence, cannot be cleared of people who were erased (\(error.message ?? "\(error.resultCode)")); move it out of the ledger's folder, or delete it."
      )
    }
  }

  /// The tables of a copy, which another version may have written, that have a column for whom a row is about.
  private static func tablesOfPeople(_ database: Database) throws -> [String] {
    try String.fetchAll(
      database,
      sql: """
        SELECT sqlite_master.name FROM sqlite_master JOIN pragma_table_info(sqlite_master.name) AS part
        WHERE sqlite_master.type = 'table' AND part.name = 'alias'
        """)
  }
}
