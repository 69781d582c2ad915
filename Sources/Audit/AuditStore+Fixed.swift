import Base
import EventLog
import Foundation
import GRDB
import Migrations
import Sealing

/// Rows in a folder where nothing can be written.
extension AuditStore {
  /// The file, if it shows as much as the log holds, or more; else a copy of it of this process's own, brought up to the log.
  static func openFixed(_ path: String, _ log: Log, _ codec: EventCodec, _ progress: (Int64) -> Void) throws
    -> any DatabaseWriter
  {
    let file = try existing(path)
    let newest = try log.lastPosition()
    if let file, try file.read(position) >= newest { return file }
    let own = try emptyOwn()
    if let file { try file.backup(to: own) }
    _ = try takeOver(own, log, codec, upTo: newest, progress)
    try file?.close()
    return own
  }

  static func emptyOwn() throws -> DatabaseQueue {
    let own = try FixedDatabase.temporary()
    try Migrations.audit.replace(in: own)
    return own
  }

  /// The file's rows; nil where there are none of this version.
  private static func existing(_ path: String) throws -> DatabasePool? {
    guard exists(at: path) else { return nil }
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    let place = FixedDatabase.path(path, &configuration)
    let file = try DatabasePool(path: place, configuration: configuration)
    if try Migrations.audit.isCurrent(in: file) { return file }
    try file.close()
    return nil
  }
}
