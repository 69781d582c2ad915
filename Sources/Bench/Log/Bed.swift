import Base
import EventLog
import Foundation
import Ledger
import Logging
import Provisioning

/// A ledger of some size to measure on, and the peers' databases of the same size beside it.
struct Bed {
  /// The number of events at the start.
  let size: Int64
  /// The folder of all files.
  let root: String
  /// The peers: SQLite's C API, Python.
  let peers: Peers
  /// What comes next in the company's life.
  var life: Life
  /// The ledger, open.
  var ledger: OpenLedger
  /// The mean size of an entry, in bytes.
  private(set) var entryBytes = 800

  var folder: String { "\(root)/ledger" }
  var log: String { "\(folder)/ledger.sqlite" }
  var plain: String { "\(root)/plain.sqlite" }
  var python: String { "\(root)/eventsourcing.sqlite" }

  /// Makes a ledger of `size` events in a new folder, and the peers' databases.
  init(size: Int64, root: String, peers: Peers) async throws {
    self.size = size
    self.root = root
    self.peers = peers
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try OpenLedger.create(
      folder: "\(root)/ledger", url: "https://example.test/scim/v2", token: .environment("BENCH_TOKEN"),
      origin: "example.test/bench", logger: silent)
    ledger = try Self.open("\(root)/ledger")
    life = try Life(size: size, position: try ledger.log.lastPosition(), keys: ledger.keys)
    try await fill()
  }

  private init(copying bed: Bed, to root: String) throws {
    (size, peers, life, entryBytes) = (bed.size, bed.peers, bed.life, bed.entryBytes)
    self.root = root
    try bed.ledger.log.checkpointWAL()
    try? FileManager.default.removeItem(atPath: root)
    try FileManager.default.copyItem(atPath: bed.root, toPath: root)
    ledger = try Self.open("\(root)/ledger")
  }

  /// A copy to append to; the one at hand keeps its size.
  func copy() throws -> Bed { try Bed(copying: self, to: "\(root).copy") }

  static func open(_ folder: String) throws -> OpenLedger { try OpenLedger(folder: folder, logger: silent) }

  private mutating func fill() async throws {
    var missing = Int(size - (try ledger.log.lastPosition()))
    while missing > 0 {
      try await ledger.append(life.events(min(1000, missing)), actor: "bench")
      missing -= 1000
    }
    try ledger.log.checkpointWAL()
    entryBytes = Int(try bytesOfEntries() / size)
    for done in stride(from: 0, to: size, by: 100_000) {
      _ = try await peers.plain(self, count: min(100_000, size - done), batch: 1000)
    }
    _ = try await peers.fill(self)
  }

  /// The bytes of all entries.
  func bytesOfEntries() throws -> Int64 {
    var bytes: Int64 = 0
    var next: Int64 = 1
    while true {
      let events = try ledger.log.read(from: next, limit: 4096)
      guard let last = events.last else { return bytes }
      for event in events { bytes += Int64(event.entry.count) }
      next = last.position + 1
    }
  }

  /// The bytes of the log's file on disk when the write-ahead log is empty.
  func bytesOnDisk() throws -> Int64 {
    try ledger.log.checkpointWAL()
    return (try FileManager.default.attributesOfItem(atPath: log)[.size] as? NSNumber)?.int64Value ?? 0
  }

  /// Closes the ledger and removes all files.
  func remove() throws {
    try ledger.close()
    try FileManager.default.removeItem(atPath: root)
  }
}

/// Logs nothing.
let silent = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
