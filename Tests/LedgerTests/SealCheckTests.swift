import Base
import EventLog
import Foundation
import GRDB
import JSON
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Ledger

/// What the keys at hand show of a log that is sound by itself.
@Suite("Ledger: seals, lost keys, anchors' files")
struct SealCheckTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func run(_ people: [Exported]) async throws {
    let path = try place.write("export.csv", Export.csv(people))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
  }

  private func findings(of ledger: OpenLedger) throws -> [Verification.Finding] {
    try ledger.sealFindings(through: try ledger.log.lastPosition())
  }

  /// Takes a row out of the key file, as an older copy of it lacks one.
  private func lose(_ alias: String) throws {
    try ledger.close()
    let keys = try DatabaseQueue(path: "\(place.folder)/keys.sqlite")
    try keys.write { try $0.execute(sql: "DELETE FROM subject WHERE alias = ?", arguments: [alias]) }
    try keys.close()
  }

  @Test("a sealed half that was moved to another event, or made up, is found and never signed")
  func forgedSeal() async throws {
    try await run([Exported("ada"), Exported("bob")])
    try await ledger.checkpoint()
    #expect(try findings(of: ledger).isEmpty)
    let size = try ledger.log.lastPosition()
    let observed = try #require(try ledger.recorded().first { $0.type == UserObserved.type })
    let forged = NewEvent(
      id: EventID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0001), type: observed.type, subject: nil,
      occurred: place.clock.moment, actor: "test", data: Array(try observed.envelope().data))
    try await ledger.log.append([StreamAppend(stream: observed.stream, events: [forged])])
    #expect(try ledger.log.verify().isSound, "without keys nothing shows")
    let found = try findings(of: ledger)
    #expect(found.map(\.kind) == [.seal] && found.first?.position == size + 1)
    let refused = await fault { try await ledger.checkpoint() }
    #expect(refused?.code == .sealBroken && refused?.sentence.contains("Event \(size + 1)") == true)
    #expect(try ledger.log.newestCheckpoint()?.checkpoint.size == size)
  }

  @Test("the key of somebody whom nobody erased is missed by alias and position, and nothing is decided anew")
  func lostKey() async throws {
    try await run([Exported("ada"), Exported("bob")])
    let ada = try #require(try ledger.views.find("ada").first).alias
    let bob = try #require(try ledger.views.find("bob").first).alias
    let reason = try #require(ErasureReason("other"))
    try await ledger.append(
      [Event(.user(bob), .subjectErased(SubjectErased(reason: reason, forced: [], events: 0, calls: 0)))],
      actor: "test")
    try ledger.finishErasures()
    try lose(ada)
    let again = try place.open()
    let found = try findings(of: again)
    #expect(found.map(\.kind) == [.lostKey], "who was erased has lost nothing")
    #expect(found.first?.sentence.contains(ada) == true)
    #expect(try again.recorded().first { $0.position == found.first?.position }?.stream.hasSuffix(ada) == true)
    let size = try again.log.lastPosition()
    let path = try place.write("export.csv", Export.csv([Exported("ada"), Exported("new")]))
    let refused = await fault {
      _ = try await DirectoryImport(into: again, actor: "test").run(paths: [path])
    }
    #expect(refused?.code == .keyMissing && refused?.sentence.contains(ada) == true)
    #expect(try again.log.lastPosition() == size)
  }

  @Test("what the anchors' files hold is held against the log without being asked for")
  func anchors() async throws {
    let path = "\(place.root)/notes"
    try place.reconfigure("anchorFiles: []", with: "anchorFiles: [\"\(path)\"]")
    let ledger = try place.open()
    let path2 = try place.write("export.csv", Export.csv([Exported("ada")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path2])
    let signed = try await ledger.checkpoint()
    #expect(try await ledger.tellAnchors(of: signed).isEmpty)
    #expect(try ledger.evidence().keptElsewhere == [signed])
    #expect(try ledger.disagreement(with: .file(path)) == nil)
    // Another history under the same key.
    let twin = try TestLedger()
    try PrivateFile.write(place.bytes("\(place.folder)/log.key"), path: "\(twin.folder)/log.key")
    let other = try twin.open()
    try await Records(in: other, actor: "test").configuration()
    let forked = try await other.checkpoint()
    try place.write("notes", forked.note.description)
    let disagreement = try #require(try ledger.disagreement(with: .file(path)))
    #expect(disagreement.contains("\(forked.checkpoint.root)"))
    #expect(try ledger.log.verify(try ledger.evidence()).findings.contains { $0.kind == .forked })
  }

  @Test("an import that leaves more without a checkpoint than is allowed signs the log")
  func signedImport() async throws {
    try place.reconfigure("checkpointEvents: 1000", with: "checkpointEvents: 5")
    let ledger = try place.open()
    let path = try place.write("export.csv", Export.csv([Exported("ada"), Exported("bob")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    #expect(try ledger.log.newestCheckpoint()?.checkpoint.size == ledger.log.lastPosition())
  }
}
