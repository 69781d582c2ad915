import Base
import EventLog
import Foundation
import JSON
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Backup
@testable import Ledger

@Suite("Backups: restored")
struct BackupRestoreTests: BackupStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("restored, it is the ledger as it was, and goes on")
  func comesBack() async throws {
    try await live(15)
    let head = try ledger.log.head()
    try ledger.views.catchUp()
    let digest = try ledger.views.digest(at: head.size)
    _ = try await ledger.backUp(to: backupFolder)
    try await live(16, rounds: 1)
    let restored = try await restore()
    #expect(restored.size == head.size && restored.root == head.root.description && restored.erased.isEmpty)
    #expect(try restored.unprovedFrom == BackupFolder(folder: backupFolder).manifest.created)
    #expect(
      restored.json(newFolder) == [
        "ledger": .string(newFolder), "size": .string(String(head.size)), "root": .string(restored.root), "erased": [],
        "unprovedFrom": JSONValue(orNull: restored.unprovedFrom?.description), "lostThrough": .null,
      ])
    let again = try opened()
    #expect(try again.log.head() == head)
    #expect(try again.views.digest(at: head.size) == digest)
    #expect(try place.permissions(newFolder) == 0o700)
    try await Records(in: again, actor: "test").configuration()
    try await again.append(
      [Event(.operators, .reportExported(ReportExported(name: "x", format: "y", count: 1)))], actor: "t")
    #expect(try again.log.verify().isSound)
    #expect(try await again.checkpoint().size == again.log.lastPosition())
  }

  @Test("a folder with something in it is refused and left alone")
  func notEmpty() async throws {
    try await live(17, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try FileManager.default.createDirectory(atPath: newFolder, withIntermediateDirectories: false)
    try place.write("new/mine", "mine")
    #expect(await fault { _ = try await restore() }?.code == .backupInTheWay)
    #expect(try names(newFolder) == ["mine"])
  }

  @Test(
    "who was erased after the backup is erased again, from the old ledger or from the list", arguments: [true, false])
  func erasedAgain(fromLedger: Bool) async throws {
    try await live(18)
    let (early, late) = (try somebody().alias, try ledger.views.people().people.last { $0.user != nil }?.alias ?? "")
    #expect(early != late)
    try await erase(early, in: ledger)
    _ = try await ledger.backUp(to: backupFolder)
    let size = try ledger.log.lastPosition()
    // Somebody who came after the backup, and went again: nothing of them is in it.
    let newcomer = try #require(try ledger.keys.subjects(for: ["newcomer"])["newcomer"]).alias
    try await ledger.append(
      [Event(.user(newcomer), .userObserved(UserObserved(state: .present, user: DirectoryUser(id: "newcomer"))))],
      actor: "test")
    for alias in [late, newcomer] { try await erase(alias, in: ledger) }
    let list = "\(place.root)/erasures.ndjson"
    place.clock.advance(.seconds(60))
    try ledger.keepErasures(in: list)
    let restored = try await restore(fromLedger ? .ledger(place.folder) : .list(list))
    #expect(restored.erased.map(\.alias) == [late])
    #expect(restored.unprovedFrom == (fromLedger ? nil : place.clock.moment))
    let again = try opened()
    try again.views.catchUp()
    #expect(try again.types(after: size) == [SubjectErased.type])
    #expect(try again.keys.key(of: late) == nil && again.keys.key(of: early) == nil)
    let person = try #require(try again.views.person(late))
    #expect(person.erasure != nil && person.user == nil)
    #expect(try again.log.verify().isSound && again.views.check().isEqual)
    // A later opening has nothing left to do.
    try again.close()
    #expect(try opened().types(after: size) == [SubjectErased.type])
  }

  @Test("checkpoints kept elsewhere: a beginning passes, a longer one is told, another past is refused")
  func checkpoints() async throws {
    try await live(19, rounds: 1)
    let early = try await ledger.checkpoint()
    try await live(20, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try await live(21, rounds: 1)
    let late = try await ledger.checkpoint()
    let restored = try await restore(nil, [early, late])
    #expect(restored.beyond == [late.size])
    #expect(restored.json(newFolder)["lostThrough"] == .string(String(late.size)))

    // The same key signs another past: a log that was rewritten from the start.
    let twin = try TestLedger()
    try FileManager.default.removeItem(atPath: "\(twin.folder)/log.key")
    try FileManager.default.copyItem(atPath: "\(place.folder)/log.key", toPath: "\(twin.folder)/log.key")
    let other = try twin.open()
    try await Records(in: other, actor: "forger").configuration()
    let forged = try await other.checkpoint()
    try FileManager.default.removeItem(atPath: newFolder)
    let found = await fault { _ = try await restore(nil, [forged]) }
    #expect(found?.code == .backupForeign && found?.sentence.contains("rewritten") == true)
    #expect(!FileManager.default.fileExists(atPath: newFolder))

    let stranger = try TestLedger()
    let theirs = try stranger.open()
    try await Records(in: theirs, actor: "test").configuration()
    let unsigned = try await theirs.checkpoint()
    #expect(await fault { _ = try await restore(nil, [unsigned]) }?.code == .backupForeign)
  }
}
