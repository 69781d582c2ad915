import Base
import EventLog
import Foundation
import Glibc
import JSON
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Backup
@testable import Ledger

@Suite("Backups: made, proved, restored")
struct BackupTests {
  private let place: TestLedger
  private let ledger: Ledger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private var backupFolder: String { "\(place.root)/backup" }
  private var newFolder: String { "\(place.root)/new" }

  private func live(_ seed: UInt64 = 1, rounds: Int = 2) async throws {
    var history = History(place, ledger, seed: seed)
    try await history.live(rounds: rounds)
  }

  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func restore(_ source: ErasureSource? = nil, _ checkpoints: [SignedCheckpoint] = []) async throws -> Restored
  {
    try await Backup(folder: backupFolder).restore(
      to: newFolder, erasures: source, checkpoints: checkpoints, actor: "test", logger: quiet, clock: place.clock.read)
  }

  private func proof() async throws -> BackupProved {
    try await ledger.prove(try Backup(folder: backupFolder), actor: "test", logger: quiet)
  }

  private func opened() throws -> Ledger { try Ledger(folder: newFolder, logger: quiet, clock: place.clock.read) }

  /// Erases somebody as `provledger erase` records it.
  private func erase(_ alias: String, in ledger: Ledger) async throws {
    let reason = try #require(ErasureReason("gdpr-art-17-1-a"))
    try await ledger.append(
      [Event(.user(alias), .subjectErased(SubjectErased(reason: reason, forced: [], events: 1, calls: 0)))],
      actor: "test")
    try ledger.finishErasures()
  }

  private func somebody() throws -> Person {
    try ledger.views.catchUp()
    return try #require(try ledger.views.people().people.first { $0.user?.id.isEmpty == false })
  }

  // MARK: Making

  @Test("it holds what a ledger needs, privately, without anything beside it")
  func create() async throws {
    try await live()
    let before = try ledger.log.head()
    let backup = try await ledger.backUp(to: backupFolder)
    #expect(
      try names(backupFolder) == [
        "checkpoint", "keys.sqlite", "ledger.sqlite", "log.key", "manifest.json", "master.key", "provledger.yaml",
      ])
    #expect(try place.permissions(backupFolder) == 0o700)
    for name in try names(backupFolder) {
      #expect(try place.permissions("\(backupFolder)/\(name)") == 0o600, "\(name)")
    }
    #expect(backup.manifest.size == before.size && backup.manifest.root == before.root.description)
    #expect(try backup.checkpoint().size == before.size)
    #expect(try !names(place.root).contains { $0.contains("partial") })
  }

  @Test("keys that lie elsewhere are not in it")
  func keysElsewhere() async throws {
    try await live(2, rounds: 1)
    try ledger.close()
    try FileManager.default.moveItem(atPath: "\(place.folder)/master.key", toPath: "\(place.root)/master.key")
    try place.reconfigure("master.key", with: "\(place.root)/master.key")
    let moved = try place.open()
    _ = try await moved.backUp(to: backupFolder)
    #expect(try !names(backupFolder).contains("master.key"))
    #expect(try await moved.prove(try Backup(folder: backupFolder), actor: "test", logger: quiet).size > 0)
  }

  @Test("a place that is taken is refused and left alone; an empty folder may be used")
  func taken() async throws {
    try await live(3, rounds: 1)
    try FileManager.default.createDirectory(atPath: backupFolder, withIntermediateDirectories: false)
    _ = try await ledger.backUp(to: backupFolder)
    let manifest = try place.bytes("\(backupFolder)/manifest.json")
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupInTheWay)
    #expect(try place.bytes("\(backupFolder)/manifest.json") == manifest)
    try place.write("other", "a file")
    #expect(await fault { _ = try await ledger.backUp(to: "\(place.root)/other") }?.code == .backupInTheWay)
    #expect(await fault { _ = try await ledger.backUp(to: "\(place.root)/none/there") }?.code == .backupFile)
  }

  @Test("what a killed one left is removed, what is not ours is not")
  func leftOver() async throws {
    try await live(4, rounds: 1)
    let partial = "\(backupFolder).partial"
    try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: false)
    try place.write("backup.partial/mine", "mine")
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupInTheWay)
    #expect(try names(partial) == ["mine"])
    try place.write("backup.partial/.provledger-partial", "")
    // The mark alone does not make it ours.
    #expect(chmod(partial, 0o777) == 0)
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupInTheWay)
    #expect(chmod(partial, 0o755) == 0)
    _ = try await ledger.backUp(to: backupFolder)
    #expect(try !names(backupFolder).contains("mine") && !FileManager.default.fileExists(atPath: partial))
    #expect(try !names(backupFolder).contains(".provledger-partial"))
  }

  @Test("two at once into one place: one makes it, the other is told")
  func together() async throws {
    try await live(5, rounds: 1)
    let held = try NewFolder(for: backupFolder)
    #expect(await fault { _ = try await ledger.backUp(to: backupFolder) }?.code == .backupBusy)
    withExtendedLifetime(held) {}
  }

  @Test("a folder without manifest is no backup")
  func unfinished() async throws {
    try await live(6, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try FileManager.default.removeItem(atPath: "\(backupFolder)/manifest.json")
    #expect(fault { _ = try Backup(folder: backupFolder) }?.code == .backupMissing)
  }

  // MARK: Proving

  @Test("a good one is proved: root and views, recorded, the backup untouched, nothing left behind")
  func good() async throws {
    try await live()
    let made = try await ledger.backUp(to: backupFolder)
    try await live(7, rounds: 1)
    let before = try names(backupFolder).map { try place.bytes("\(backupFolder)/\($0)") }
    let proved = try await proof()
    #expect(proved.size == made.manifest.size && proved.root == made.manifest.root && proved.name == "backup")
    #expect(proved.views.count == 64)
    let last = try #require(try ledger.lastProof())
    #expect(last.proof == proved)
    #expect(try ledger.recorded().last?.stream == "ledger")
    #expect(try names(backupFolder).map { try place.bytes("\(backupFolder)/\($0)") } == before)
    let left = try names(FileManager.default.temporaryDirectory.path).filter { $0.hasPrefix("provledger-proof-") }
    #expect(left.isEmpty || left.count < 20)
    #expect(try !names(place.folder).contains("views.sqlite.rebuild"))
  }

  @Test("it stays good after somebody was erased")
  func proveAfterErasure() async throws {
    try await live(8)
    _ = try await ledger.backUp(to: backupFolder)
    try await erase(try somebody().alias, in: ledger)
    let proved = try await proof()
    #expect(try proved.size < ledger.log.lastPosition())
  }

  @Test(
    "any file that was changed or is missing is named, and nothing is recorded",
    arguments: ["ledger.sqlite", "keys.sqlite", "provledger.yaml", "checkpoint", "log.key", "master.key"],
    [true, false])
  func damaged(name: String, isRemoved: Bool) async throws {
    try await live(9, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    let path = "\(backupFolder)/\(name)"
    if isRemoved {
      try FileManager.default.removeItem(atPath: path)
    } else {
      var bytes = try place.bytes(path)
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let size = try ledger.log.lastPosition()
    let found = await fault { _ = try await proof() }
    #expect(found?.code == .backupDamaged && found?.code.exit == .failures)
    #expect(found?.sentence.contains(name) == true)
    #expect(await fault { _ = try await restore() }?.code == .backupDamaged)
    #expect(!FileManager.default.fileExists(atPath: newFolder))
    #expect(!FileManager.default.fileExists(atPath: newFolder + ".partial"))
    #expect(try ledger.log.lastPosition() == size)
  }

  /// Puts another content in a file's place and makes the manifest say so too.
  private func forge(_ name: String, _ body: (String) throws -> Void) throws {
    let path = "\(backupFolder)/\(name)"
    try body(path)
    var manifest = try Backup(folder: backupFolder).manifest
    let content = try BackupFile.content(of: path)
    for index in manifest.files.indices where manifest.files[index].name == name {
      manifest.files[index].bytes = content.count
      manifest.files[index].sha256 = content.digest.description
    }
    try Data(manifest.json.text.utf8).write(to: URL(fileURLWithPath: "\(backupFolder)/manifest.json"))
  }

  @Test("a log that was changed together with the manifest is found, and so is one that was cut")
  func forgedLog() async throws {
    try await live(10, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    let whole = try ledger.log.head()
    // An older backup's log under the newer one's manifest.
    try await live(11, rounds: 1)
    _ = try await ledger.backUp(to: "\(place.root)/newer")
    try forge("ledger.sqlite") { path in
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: "\(place.root)/newer/ledger.sqlite", toPath: path)
    }
    #expect(await fault { _ = try await proof() }?.code == .backupDamaged)
    #expect(try Backup(folder: backupFolder).manifest.size == whole.size)
  }

  @Test("another ledger's keys, with a manifest to match, do not pass")
  func foreignKeys() async throws {
    try await live(12, rounds: 1)
    _ = try await ledger.backUp(to: backupFolder)
    try forge("keys.sqlite") { path in
      let keys = try SubjectKeys(path: path, master: .file("\(backupFolder)/master.key"))
      let alias = try somebody().alias
      try keys.erase([alias])
      try keys.close()
    }
    #expect(await fault { _ = try await proof() }?.code == .backupDamaged)
  }

  @Test(
    "a manifest cannot reach files outside the backup", arguments: ["../secret", "/etc/passwd", "..", ".hidden", ""])
  func reach(name: String) async throws {
    try await live(13, rounds: 1)
    var manifest = try await ledger.backUp(to: backupFolder).manifest
    manifest.files[0].name = name
    try Data(manifest.json.text.utf8).write(to: URL(fileURLWithPath: "\(backupFolder)/manifest.json"))
    #expect(fault { _ = try Backup(folder: backupFolder) }?.code == .backupDamaged)
  }

  @Test("a backup of another ledger, and one whose events this ledger no longer has, are foreign")
  func foreign() async throws {
    let other = try TestLedger(isEmpty: true)
    try other.create(origin: "example.test/other")
    let theirs = try other.open()
    try await Records(in: theirs, actor: "test").configuration()
    _ = try await theirs.backUp(to: backupFolder)
    #expect(await fault { _ = try await proof() }?.code == .backupForeign)
    // The same origin, another past.
    let twin = try TestLedger()
    let its = try twin.open()
    try await Records(in: its, actor: "somebody else").configuration()
    _ = try await its.backUp(to: "\(place.root)/twin")
    let backup = try Backup(folder: "\(place.root)/twin")
    #expect(await fault { _ = try await ledger.prove(backup, actor: "test", logger: quiet) }?.code == .backupForeign)
    try await live(14, rounds: 1)
    let found = await fault { _ = try await ledger.prove(backup, actor: "test", logger: quiet) }
    #expect(found?.code == .backupForeign && found?.sentence.contains("first 1 events") == true)
  }

  // MARK: Restoring

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
    #expect(try restored.unprovedFrom == Backup(folder: backupFolder).manifest.created)
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
    #expect(try await restore(nil, [early, late]).beyond == [late.size])

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
