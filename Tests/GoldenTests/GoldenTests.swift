import Backup
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Migrations

@Suite("Golden ledgers: what earlier programs wrote is read to the same end", .serialized)
struct GoldenTests {
  /// Opens a copy of each.
  private func each(_ body: (Golden, OpenLedger) throws -> Void) async throws {
    let ledgers = try await Golden.all()
    #expect(!ledgers.isEmpty)
    for golden in ledgers {
      let place = FileManager.default.temporaryDirectory.appending(path: "golden-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      defer { try? FileManager.default.removeItem(atPath: place) }
      // Holds files, log, root and checkpoint against what was recorded.
      let ledger = try golden.open(in: place)
      defer { try? ledger.close() }
      try body(golden, ledger)
    }
  }

  @Test("log and checkpoint are sound, and the views rebuilt from them have the recorded digest")
  func replay() async throws {
    try await each { golden, ledger in
      let digest = try ledger.views.digest(at: try ledger.log.lastPosition())
      let recorded = try golden.recordedDigests()
      let schema = Migrations.views.newest
      let wanted = try #require(
        recorded[schema]?.string, "\(golden.name) has no digest for \(schema): add \(digest) to its views.json")
      #expect(digest == wanted, "\(golden.name): what the views show of old events has changed")
      #expect(try ledger.views.check().isEqual)
    }
  }

  @Test("every event type stands in one, in every schema that was ever written, and is decoded")
  func complete() async throws {
    var seen = Set<String>()
    try await each { _, ledger in
      for recorded in try ledger.recorded() {
        let event = try ledger.codec.decode(recorded)
        #expect(event.payload.type == recorded.type)
        seen.insert("\(recorded.type) \(try recorded.envelope().schema ?? 0)")
      }
    }
    let wanted = EventPayload.types.flatMap { type in
      (1...Upcasters.standard.newest(of: type)).map { "\(type) \($0)" }
    }
    #expect(wanted.filter { !seen.contains($0) } == [], "write a golden ledger that holds them")
  }

  @Test("what was sealed whole opens as before, and no member of it is disclosed singly")
  func firstForm() async throws {
    var seen = 0
    try await each { _, ledger in
      for recorded in try ledger.recorded() {
        let data = try JSONParser.parse(recorded.envelope().data)
        guard data["sealed"]?["alg"] == "A256GCM" else { continue }
        seen += 1
        #expect { try ledger.codec.disclose(member: "reason", of: recorded) } throws: {
          ($0 as? Fault)?.code == .disclosureImpossible
        }
      }
    }
    #expect(seen > 20)
  }

  @Test("none is larger than is fit for a repository")
  func small() async throws {
    for golden in try await Golden.all() {
      let files = try BackupFolder(folder: golden.folder).manifest.files
      #expect(files.reduce(0) { $0 + $1.bytes } < 400_000, "\(golden.name)")
    }
  }
}
