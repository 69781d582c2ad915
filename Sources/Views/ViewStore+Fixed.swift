import Base
import EventLog
import Foundation
import GRDB
import Migrations
import Sealing

/// Views in a folder where nothing can be written.
extension ViewStore {
  /// The file, if it shows as much as the log holds, or more; else a copy of it of this process's own, brought up to the log.
  static func openFixed(_ path: String, _ log: Log, _ codec: EventCodec) throws -> any DatabaseWriter {
    let file = try existing(path)
    let newest = try log.lastPosition()
    if let file, try file.read({ try ViewsSQL.position($0) }) >= newest { return file }
    let own = try emptyOwn()
    if let file { try file.backup(to: own) }
    while try project(batch: batch, upTo: newest, from: log, codec, into: own) < newest {}
    try file?.close()
    return own
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

  static func emptyOwn() throws -> DatabaseQueue {
    let own = try FixedDatabase.temporary()
    try Migrations.views.replace(in: own)
    return own
  }

  /// Builds the views anew for this process alone and compares.
  func checkAside(_ progress: (Int64) -> Void) throws -> Comparison {
    try Self.faults(path) {
      let fresh = try Self.emptyOwn()
      let position = try position()
      try build(fresh, upTo: position, progress)
      return Comparison(
        position: position, live: try database.read(TableDigest.all), rebuilt: try fresh.read(TableDigest.all))
    }
  }
}
