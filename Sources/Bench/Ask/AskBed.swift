import Audit
import Base
import EventLog
import Exports
import Foundation
import Ledger
import Provisioning
import Sealing
import Views

/// A ledger of some size that is asked.
struct AskBed {
  private let size: Int64
  private let root: String
  private let program: Program
  private let ledger: OpenLedger

  private var folder: String { "\(root)/ledger" }

  /// Makes a ledger of `size` events in a new folder.
  init(size: Int64, root: String, program: Program) async throws {
    (self.size, self.root, self.program) = (size, root, program)
    try? FileManager.default.removeItem(atPath: root)
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try OpenLedger.create(
      folder: "\(root)/ledger", url: "https://example.test/scim/v2", token: .environment("BENCH_TOKEN"),
      origin: "example.test/bench", logger: silent)
    ledger = try Bed.open("\(root)/ledger")
    var life = try Life(size: size, position: try ledger.log.lastPosition(), keys: ledger.keys)
    while case let missing = size - (try ledger.log.lastPosition()), missing > 0 {
      try await ledger.append(life.events(Int(min(1000, missing))), actor: "bench")
    }
    try ledger.log.checkpointWAL()
    try ledger.views.catchUp()
  }

  /// Measures all there is once.
  func measure(_ add: (AskReport.Name, Double) -> Void) async throws {
    add(.read, Double(size) / (try ContinuousClock().seconds { try readAll() }))
    add(.export, Double(size) / (try ContinuousClock().seconds { try exportAll() }))
    add(.views, Double(size) / (try ContinuousClock().seconds { _ = try ledger.views.digest(at: size) }))
    try measurePast(add)
    try removeAudit()
    // By the command, so that the memory is that of the one who asks.
    let asked = try await program.run(["audit", "--limit", "1", "--unrecorded", "--ledger", folder])
    add(.memory, Double(asked.peakBytes) / 1e6)
    let file = "\(root)/export.ndjson"
    let exported = try await program.run(["export", "ndjson", "--unrecorded", "-o", file, "--ledger", folder])
    add(.exportMemory, Double(exported.peakBytes) / 1e6)
    try FileManager.default.removeItem(atPath: file)
    try removeAudit()
    let audit = try ledger.audit()
    defer { try? audit.close() }
    add(.audit, Double(size) / (try ContinuousClock().seconds { _ = try audit.catchUp() }))
    for (name, query) in Self.queries { add(name, try page(audit, query)) }
  }

  /// As it was: everybody, and one of those of whom little happened, warm.
  private func measurePast(_ add: (AskReport.Name, Double) -> Void) throws {
    add(.everybody, try ContinuousClock().seconds { _ = try ledger.views.people(at: size) })
    let moments = try (1...7).map { eighth in
      try ContinuousClock().seconds { _ = try ledger.views.people(at: size * eighth / 8) }
    }
    add(.past, moments.max() ?? 0)
    let people = try ledger.views.people().people.prefix(2000).map(\.alias)
    let few = try people.filter { try (1...20).contains(ledger.log.events(about: $0).count) }.prefix(21)
    if !few.isEmpty { add(.one, try median(few) { _ = try ledger.views.person($0, at: size) }) }
    let positions = (1...21).map { size * Int64($0) / 21 }
    add(.indexed, try median(positions) { _ = try ledger.log.read(from: $0, limit: 1) })
  }

  /// The seconds that something takes, the median over what it is done with, each the second time.
  private func median<Element>(_ elements: some Collection<Element>, _ body: (Element) throws -> Void) throws -> Double
  {
    let seconds = try elements.map { element in
      try body(element)
      return try ContinuousClock().seconds { try body(element) }
    }
    return seconds.median ?? 0
  }

  private func readAll() throws {
    var next: Int64 = 1
    while let last = try ledger.log.read(from: next, limit: 4000).last { next = last.position + 1 }
  }

  private func exportAll() throws {
    let settings = ExportSettings(
      origin: "example.test/bench", version: "1.0.0", target: "https://example.test/scim/v2")
    let source = ExportSource(log: ledger.log, codec: ledger.codec, views: ledger.views)
    _ = try source.write(.ndjson, 1..<size + 1, settings) { _ in }
  }

  /// The seconds of a page, the median of pages from one end of the log to the other.
  private func page(_ audit: AuditStore, _ query: AuditQuery) throws -> Double {
    let seconds = try (1...21).map { part in
      let after = size * Int64(part) / 21 + 1
      return try ContinuousClock().seconds { _ = try audit.page(query, AuditPaging(after: after, limit: 50)) }
    }
    return seconds.median ?? 0
  }

  private static var queries: [(AskReport.Name, AuditQuery)] {
    func query(_ fill: (inout AuditQuery) -> Void) -> AuditQuery {
      var query = AuditQuery()
      fill(&query)
      return query
    }
    return [
      (.all, query { _ in }), (.status, query { $0.status = .success }),
      (.two, query { ($0.actor, $0.attribute) = ("bench", "displayName") }),
      (.person, query { $0.search = "zoe.person.7@contoso.example.com" }), (.common, query { $0.search = "person" }),
    ]
  }

  private func removeAudit() throws {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: "\(folder)/audit.sqlite\(suffix)")
    }
  }

  /// Closes the ledger and removes all files.
  func remove() throws {
    try ledger.close()
    try FileManager.default.removeItem(atPath: root)
  }
}
