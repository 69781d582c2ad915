import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views
@testable import Doctor
@testable import TeamViewer

/// What is wrong with the log and what is derived of it.
extension DoctorTests {
  // MARK: Log and views

  @Test("12: the log is damaged, or gone")
  func damagedLog() async throws {
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.log + suffix) }
    try Data("this is no database, but a text that is long enough to be looked at".utf8)
      .write(to: URL(fileURLWithPath: place.log))
    try makePrivate()
    await expect("log-damaged")
    try FileManager.default.removeItem(atPath: place.log)
    await expect("log-missing")
  }

  @Test("13: the views are damaged")
  func damagedViews() async throws {
    try place.open().close()
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.views + suffix) }
    try Data("this is no database, but a text that is long enough to be looked at".utf8)
      .write(to: URL(fileURLWithPath: place.views))
    try makePrivate()
    await expect("views-damaged")
  }

  /// Changes a database of the ledger behind its back.
  private func change(_ file: String, _ sql: String) throws {
    let database = try DatabaseQueue(path: "\(place.folder)/\(file)")
    try database.writeWithoutTransaction { try $0.execute(sql: sql) }
    try database.close()
    try makePrivate()
  }

  @Test("23: the log's key is another one, or the newest checkpoint a forgery")
  func logKey() async throws {
    let ledger = try place.open()
    _ = try await show(ledger)
    try await ledger.checkpoint()
    try ledger.close()
    let key = try place.bytes("\(place.folder)/log.key")
    try LogKey.write([try LogKey(origin: "example.test/ledger")], path: "\(place.folder)/log.key")
    await expect("checkpoint-forged")
    try PrivateFile.write(Array("no key".utf8), path: "\(place.folder)/log.key")
    await expect("log-key-unusable")
    try PrivateFile.write(key, path: "\(place.folder)/log.key")
    #expect(codes(await examine()).isEmpty)
  }

  @Test("24: a trigger of the log is missing, or one was added")
  func protection() async throws {
    try place.open().close()
    try change("ledger.sqlite", "CREATE TRIGGER grdb_x BEFORE INSERT ON checkpoint BEGIN SELECT RAISE(IGNORE); END")
    await expect("protection-changed")
    try change("ledger.sqlite", "DROP TRIGGER grdb_x; DROP TRIGGER event_no_delete")
    await expect("protection-changed")
  }

  @Test("25: a subject key was changed, or is gone though nobody erased the person")
  func subjectKeys() async throws {
    let ledger = try place.open()
    let alias = try await show(ledger).alias
    try ledger.close()
    try change("keys.sqlite", "UPDATE subject SET key = zeroblob(60) WHERE alias = '\(alias)'")
    await expect("keys-damaged")
    try change("keys.sqlite", "DELETE FROM subject WHERE alias = '\(alias)'")
    await expect("keys-lost")
  }

  @Test("26: an anchor's file and the log disagree")
  func forkedAnchor() async throws {
    let path = "\(place.root)/notes"
    try place.reconfigure("anchorFiles: []", with: "anchorFiles: [\"\(path)\"]")
    let ledger = try place.open()
    _ = try await show(ledger)
    let root = try ledger.log.root(at: 1)
    let note = try await ledger.checkpoint().note.description
    try place.write("notes", note.replacing(try ledger.log.head().root.base64, with: root.base64))
    let findings = await examine()
    let found = try #require(findings.first { $0.code == "anchor-forked" })
    #expect(found.severity == .failure && found.sentence.contains("\(root)"))
  }

  @Test("27: the views know more than the log: nothing advises to rebuild them")
  func viewsAhead() async throws {
    let ledger = try place.open()
    _ = try await show(ledger)
    try ledger.close()
    try change("views.sqlite", "UPDATE checkpoint SET position = position + 7")
    let found = try #require(await examine().first { $0.code == "views-ahead" })
    #expect(found.severity == .failure && found.remedy?.contains("rebuild") == false)
  }

  @Test("the file of another ledger's log stands in the place of this one's")
  func anotherLedger() async throws {
    let ledger = try place.open()
    _ = try await show(ledger)
    try ledger.close()
    let other = try TestLedger(isEmpty: true)
    try other.create(origin: "example.test/other")
    let foreign = try other.open()
    try await foreign.target(.quarantineLeft(QuarantineLeft(.probe)))
    try foreign.close()
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.log + suffix) }
    try PrivateFile.write(try other.bytes(other.log), path: place.log)
    try makePrivate()
    let findings = await examine()
    let found = try #require(findings.first { $0.code == "another-ledger" }, "\(findings)")
    #expect(found.severity == .failure && found.sentence.contains("example.test/other"))
    #expect(!findings.contains { $0.code == "views-ahead" })
  }

  @Test("14: the clock is behind the log")
  func clock() async throws {
    let ledger = try place.open()
    try await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
    var surroundings = surroundings
    let past = place.clock.moment + .seconds(-3600)
    surroundings.now = { past }
    surroundings.probe = { _, _, _, _ in
      Surroundings.Probe(test: TargetTest(steps: [], diagnosis: nil, owner: nil), date: past)
    }
    await expect("clock-behind", with: surroundings)
  }
}
