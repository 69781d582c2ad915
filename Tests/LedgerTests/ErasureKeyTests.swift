import Base
import EventLog
import Foundation
import GRDB
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Ledger

/// Whether the key of an erased person is really gone, whatever the key file notes as carried out.
@Suite("Ledger: the keys of erased people")
struct ErasureKeyTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private let reason: ErasureReason

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
    reason = try #require(ErasureReason("other"))
  }

  private func aliases() async throws -> [String] {
    let path = try place.write("export.csv", Export.csv([Exported("ada"), Exported("bob")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    return try ["ada", "bob"].map { name in try #require(try ledger.views.find(name).first).alias }
  }

  @discardableResult
  private func say(_ alias: String) async throws -> Int64 {
    let erased = SubjectErased(reason: reason, forced: [], events: 1, calls: 0)
    return try #require(try await ledger.append([Event(.user(alias), .subjectErased(erased))], actor: "test").first)
  }

  private func change(_ sql: String) async throws {
    let keys = try DatabaseQueue(path: "\(place.folder)/keys.sqlite")
    try await keys.write { try $0.execute(sql: sql) }
    try keys.close()
  }

  @Test("an erasure that stands where another state of the log had its last one is carried out", arguments: [0, 1, 2])
  func samePlace(ahead: Int64) async throws {
    let ada = try #require(try await aliases().first)
    try ledger.keys.setErased(upTo: try ledger.log.lastPosition() + ahead)
    let position = try await say(ada)
    #expect(try ledger.unfinishedErasures() == 1)
    try ledger.finishErasures()
    #expect(try !ledger.keys.aliases().contains(ada))
    #expect(try ledger.keys.erasedUpTo() == position && ledger.unfinishedErasures() == 0)
  }

  @Test("an opening drops what is noted of another state of the log before anything is appended", arguments: [1, 50])
  func opening(ahead: Int64) async throws {
    let size = try ledger.log.lastPosition()
    try ledger.keys.setErased(upTo: size + ahead)
    try ledger.close()
    #expect(try place.open().keys.erasedUpTo() == 0)
  }

  @Test("a key that cannot be deleted is a fault that names it, and the next opening tries again")
  func kept() async throws {
    let ada = try #require(try await aliases().first)
    try await change("CREATE TRIGGER kept BEFORE DELETE ON subject BEGIN SELECT RAISE(IGNORE); END")
    let position = try await say(ada)
    let found = fault { try ledger.finishErasures() }
    #expect(found?.code == .erasureUnfinished)
    #expect(found?.sentence.contains(ada) == true && found?.sentence.contains("Event \(position)") == true)
    #expect(try ledger.unfinishedErasures() == 1 && ledger.keys.erasedUpTo() == 0)
    try await change("DROP TRIGGER kept")
    let again = try place.open()
    #expect(try !again.keys.aliases().contains(ada) && again.unfinishedErasures() == 0)
  }

  @Test("a key that stayed although more was noted as carried out is counted, and can be deleted")
  func left() async throws {
    let both = try await aliases()
    try await say(both[0])
    let last = try await say(both[1])
    try ledger.keys.erase([both[1]])
    try ledger.keys.setErased(upTo: last)
    #expect(try ledger.unfinishedErasures() == 1)
    #expect(try ledger.eraseLeftKeys() == [both[0]])
    #expect(try ledger.eraseLeftKeys().isEmpty)
    let again = try place.open()
    #expect(try again.unfinishedErasures() == 0 && again.keys.erasedUpTo() == last)
  }
}
