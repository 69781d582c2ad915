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

/// Each broken set-up is named right, and a sound one has nothing to complain of.
@Suite("doctor")
struct DoctorTests {
  let place: TestLedger
  var surroundings: Surroundings

  init() throws {
    place = try TestLedger(isEmpty: true)
    try place.create(token: .file(place.write("token", "tk-1\n")))
    let clock = place.clock
    surroundings = Surroundings(
      freeBytes: { _ in 100 << 30 }, fileSystem: { _ in "ext4" }, synchronising: { _ in .milliseconds(1) },
      now: clock.read
    ) { _, _, _, _ in Surroundings.Probe(test: TargetTest(steps: [], diagnosis: nil, owner: nil), date: clock.moment) }
    try makePrivate()
  }

  func makePrivate() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: place.folder) {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(place.folder)/\(name)")
    }
  }

  func examine(asksTarget: Bool = true, with other: Surroundings? = nil) async -> [Finding] {
    await Examination(folder: place.folder, asksTarget: asksTarget, surroundings: other ?? surroundings).examine()
  }

  /// The codes of what is worse than a notice.
  func codes(_ findings: [Finding]) -> Set<String> {
    Set(findings.filter { $0.severity > .notice }.map(\.code))
  }

  /// Expects that a set-up is named by one code, with a way out.
  func expect(
    _ code: String, _ severity: Finding.Severity = .failure, with other: Surroundings? = nil,
    location: SourceLocation = #_sourceLocation
  ) async {
    let findings = await examine(with: other)
    #expect(codes(findings) == [code], "\(findings)", sourceLocation: location)
    let finding = findings.first { $0.code == code }
    #expect(finding?.severity == severity, sourceLocation: location)
    #expect(finding?.sentence.isEmpty == false, sourceLocation: location)
  }

  func show(_ ledger: OpenLedger) async throws -> Person {
    let path = try place.write("export.csv", Export.csv([Exported("ada")]))
    _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [path])
    try ledger.views.catchUp()
    try makePrivate()
    return try #require(try ledger.views.people().people.first)
  }

  @Test("a sound ledger: nothing is worse than a notice, and nothing was appended")
  func sound() async throws {
    let ledger = try place.open()
    let person = try await show(ledger)
    try await Records(in: ledger, actor: "test").configuration()
    try await ledger.account(
      person.alias, .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    try ledger.views.catchUp()
    let size = try ledger.log.lastPosition()
    let findings = await examine()
    #expect(codes(findings).isEmpty, "\(findings)")
    let fine = Set(findings.filter { $0.severity == .ok }.map(\.code))
    #expect(
      fine.isSuperset(of: [
        "rights", "disk-space", "file-system", "fsync", "configuration", "durable", "keys", "clock", "views",
        "deliveries", "configuration-recorded", "target", "clock-target",
      ]))
    #expect(try ledger.log.lastPosition() == size)
    #expect(findings.allSatisfy { $0.severity == .ok || $0.severity == .notice })
  }

  @Test("offline, the target is not asked")
  func offline() async {
    var surroundings = surroundings
    surroundings.probe = { _, _, _, _ in throw CancellationError() }
    #expect(codes(await examine(asksTarget: false, with: surroundings)).isEmpty)
    #expect(codes(await examine(with: surroundings)) == ["unexpected"])
  }

  // MARK: Folder and disk

  @Test("1: no ledger in the folder")
  func missing() async throws {
    try FileManager.default.removeItem(atPath: place.folder)
    await expect("ledger-missing")
  }

  @Test("2: the folder is open to others")
  func folderRights() async throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder)
    await expect("folder-rights")
  }

  @Test("a folder that is reached by a link is looked at as what the link leads to")
  func link() async throws {
    let link = "\(place.root)/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place.folder)
    let examination = Examination(folder: link, surroundings: surroundings)
    #expect(codes(await examination.examine()).isEmpty)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder)
    #expect(codes(await examination.examine()) == ["folder-rights"])
  }

  @Test("22: the token's file is open to others, or others may write a configuration that names commands")
  func secretsOfOthers() async throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(place.root)/token")
    await expect("token-file-rights", .warning)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(place.root)/token")
    try place.reconfigure("anchorCommands: []", with: "anchorCommands: [\"true\"]")
    try FileManager.default.setAttributes([.posixPermissions: 0o660], ofItemAtPath: place.configuration)
    #expect(Set(codes(await examine())).isSuperset(of: ["file-rights", "commands-refused"]))
  }

  @Test("3: a file is open to others")
  func fileRights() async throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(place.folder)/keys.sqlite")
    await expect("file-rights")
    #expect(await examine().first { $0.code == "file-rights" }?.sentence.contains("keys.sqlite") == true)
  }

  @Test("4: the disk is nearly full", arguments: [(500 << 20, Finding.Severity.warning), (1 << 20, .failure)])
  func full(free: Int, severity: Finding.Severity) async {
    var surroundings = surroundings
    surroundings.freeBytes = { _ in Int64(free) }
    await expect("disk-space", severity, with: surroundings)
  }

  @Test(
    "5: the folder lies where nothing stays, or on a network", arguments: ["tmpfs", "overlay", "nfs4", "fuse.sshfs"])
  func fileSystem(kind: String) async {
    var surroundings = surroundings
    surroundings.fileSystem = { _ in kind }
    await expect("file-system", .warning, with: surroundings)
  }

  @Test("6: the disk is slow")
  func slow() async {
    var surroundings = surroundings
    surroundings.synchronising = { _ in .milliseconds(80) }
    await expect("fsync-slow", .warning, with: surroundings)
  }

  @Test("7: a rotation of the master key, and a copy, were cut off")
  func leftovers() async throws {
    for name in ["master.key.new", "ledger.sqlite.before-0002.partial"] {
      try Data("x".utf8).write(to: URL(fileURLWithPath: "\(place.folder)/\(name)"))
    }
    try makePrivate()
    await expect("rotation-unfinished", .warning)
    #expect(await examine().contains { $0.code == "leftover" && $0.sentence.contains(".partial") })
  }

  // MARK: Configuration and keys

  @Test("8: the configuration is no YAML, or has a key that is not known; the disk is looked at all the same")
  func configuration() async throws {
    let text = String(decoding: try place.bytes(place.configuration), as: UTF8.self)
    for (text, code) in [("a: [", "configuration-syntax"), (text + "\nstranger: 1\n", "configuration-key")] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: place.configuration))
      try makePrivate()
      await expect(code)
      #expect(await examine().contains { $0.code == "disk-space" })
    }
  }

  @Test("9: keys.sqlite is gone; the target is asked all the same")
  func keysMissing() async throws {
    try FileManager.default.removeItem(atPath: "\(place.folder)/keys.sqlite")
    await expect("keys-missing")
    #expect(await examine().contains { $0.code == "target" })
  }

  @Test("10: the master key is not there, is another one, is none")
  func masterKey() async throws {
    let path = "\(place.folder)/master.key"
    let other = try TestLedger()
    let others = try other.bytes("\(other.folder)/master.key")
    for (bytes, code) in [(others, "master-key-wrong"), (Array("short".utf8), "master-key-unusable")] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      try makePrivate()
      await expect(code)
    }
    try FileManager.default.removeItem(atPath: path)
    await expect("master-key-missing")
  }

  @Test("11: the configuration was changed and is not recorded: a notice")
  func unrecorded() async throws {
    let ledger = try place.open()
    try await Records(in: ledger, actor: "test").configuration()
    try ledger.views.catchUp()
    try place.reconfigure("concurrency: 8", with: "concurrency: 9")
    try makePrivate()
    #expect(await examine().first { $0.code == "configuration-unrecorded" }?.severity == .notice)
  }
}

extension Surroundings {
  /// The same, where the target answers with a fault.
  func failing(_ fault: Fault) -> Surroundings {
    var other = self
    other.probe = { _, _, _, _ in Probe(test: TargetTest(steps: [], diagnosis: fault, owner: nil), date: nil) }
    return other
  }
}
