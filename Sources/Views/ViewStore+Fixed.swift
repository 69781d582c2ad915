import Base
import EventLog
import Foundation
import GRDB
import Migrations
import Sealing

/// Views in a folder where nothing can be written.
extension ViewStore {
  /// The file, if it shows as much as the log holds, or more; else a copy of it in memory, brought up to the log.
  static func openFixed(_ path: String, _ log: Log, _ codec: EventCodec) throws -> any DatabaseWriter {
    let file = try existing(path)
    let newest = try log.lastPosition()
    if let file, try file.read({ try ViewsSQL.position($0) }) >= newest { return file }
    let memory = try emptyInMemory()
    if let file { try file.backup(to: memory) }
    while try project(batch: batch, upTo: newest, from: log, codec, into: memory) < newest {}
    try file?.close()
    return memory
  }

  /// The file's views; nil where there are none of this version.
  private static func existing(_ path: String) throws -> DatabasePool? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    let place = FixedDatabase.path(path, &configuration)
    let file = try DatabasePool(path: place, configuration: configuration)
    if try Migrations.views.isCurrent(in: file) { return file }
    try file.close()
    return nil
  }

  static func emptyInMemory() throws -> DatabaseQueue {
    let memory = try DatabaseQueue()
    try Migrations.views.replace(in: memory)
    return memory
  }

  /// Builds the views anew in memory and compares.
  func checkInMemory(_ progress: (Int64) -> Void) throws -> Comparison {
    try Self.faults {
      let fresh = try Self.emptyInMemory()
      let position = try position()
      try build(fresh, upTo: position, progress)
      let (mine, theirs) = (try database.read(Self.tables), try fresh.read(Self.tables))
      var comparison = Comparison(position: position, live: "", rebuilt: "", differing: [])
      comparison.differing = Projection.tables.filter { mine[$0] != theirs[$0] }
      (comparison.live, comparison.rebuilt) = (Self.digest(mine), Self.digest(theirs))
      return comparison
    }
  }

  private static func tables(_ database: Database) throws -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: try Projection.tables.map { ($0, try TableDigest.of("main.\($0)", database)) })
  }

  private static func digest(_ tables: [String: String]) -> String {
    var digest = TableDigest()
    for table in Projection.tables { digest.add(tables[table] ?? "") }
    return digest.text
  }
}
