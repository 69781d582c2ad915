import Base
import Crypto
import Foundation
import GRDB
import JSON
import LogSupport
import Provisioning
import Testing

@testable import EventLog
@testable import Sealing

@Suite("Another master key") struct RotationTests {
  private let folder: Folder
  private let keys: SubjectKeys
  private let subjects: [String: Subject]

  init() throws {
    folder = try Folder()
    keys = try folder.openKeys()
    subjects = try keys.subjects(for: (0..<30).map { "p\($0)" })
  }

  private func requireAll(_ keys: SubjectKeys) throws {
    for (id, subject) in subjects {
      #expect(try keys.alias(of: id) == subject.alias)
      #expect(try keys.key(of: subject.alias) == subject.key)
    }
  }

  private func stored() throws -> [Data] {
    try Shell(path: folder.keys).run { try Data.fetchAll($0, sql: "SELECT key FROM subject") }
  }

  @Test("in place: every key stays, wrapped anew; the old master key opens nothing more") func inPlace() throws {
    let old = try #require(try folder.master.masterKey())
    let wrapped = try stored()
    let rotation = try keys.rotate(to: nil)
    #expect(rotation.old == old.id && rotation.new != old.id && rotation.count == 31)
    #expect(rotation.place == folder.master && rotation.oldPlace == folder.master)
    #expect(
      rotation.json == [
        "old": .string(old.id), "new": .string(rotation.new), "keys": 31, "place": .string(folder.master.description),
      ])
    #expect(try folder.master.masterKey()?.id == rotation.new)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/master.key.new"))
    try requireAll(keys)
    try requireAll(try folder.openKeys())
    let bytes = try Data(contentsOf: URL(filePath: folder.keys))
    for key in wrapped { #expect(bytes.range(of: key) == nil) }
    try Data(old.text.utf8).write(to: URL(filePath: folder.path + "/master.key"))
    #expect(Fault.code { _ = try folder.openKeys() } == .masterKeyWrong)
  }

  @Test("a process that is open goes on, and finds the new key by itself") func otherProcess() throws {
    let other = try folder.openKeys()
    let rotation = try keys.rotate(to: nil)
    try requireAll(other)
    #expect(try other.masterKey().id == rotation.new)
    let late = try #require(try other.subjects(for: ["late"])["late"])
    #expect(try folder.openKeys().key(of: late.alias) == late.key)
  }

  @Test("to another file or variable: found there though the configuration names the old place") func elsewhere() throws
  {
    let file = SecretSource.file(folder.path + "/other/master.key")
    try FileManager.default.createDirectory(atPath: folder.path + "/other", withIntermediateDirectories: true)
    let first = try keys.rotate(to: file)
    #expect(first.place == file && first.oldPlace == folder.master)
    let again = try folder.openKeys()
    #expect(try again.masterKey().place == file)
    try requireAll(again)
    // In place means where it was found.
    let second = try again.rotate(to: nil)
    #expect(second.place == file)
    let name = "PROVLEDGER_TEST_\(UUID().uuidString.replacing("-", with: "_"))"
    #expect(Fault.code { _ = try again.rotate(to: .environment(name)) } == .masterKeyMissing)
    setenv(name, MasterKey().text, 1)
    defer { unsetenv(name) }
    #expect(try again.rotate(to: .environment(name)).place == .environment(name))
    try requireAll(try folder.openKeys())
    #expect(Fault.code { _ = try again.rotate(to: .environment(name)) } == .masterKeyUnusable)
    #expect(Fault.code { _ = try again.rotate(to: .file("/proc/none/key")) } == .masterKeyUnusable)
    unsetenv(name)
    let lost = Fault.fault { _ = try folder.openKeys() }
    #expect(lost?.code == .masterKeyWrong && lost?.sentence.contains(name) == true)
  }

  @Test("the same key is no other one") func sameKey() throws {
    let copy = SecretSource.file(folder.path + "/copy.key")
    try copy.write(try #require(try folder.master.masterKey()))
    #expect(Fault.code { _ = try keys.rotate(to: copy) } == .masterKeyUnusable)
    try requireAll(try folder.openKeys())
  }

  @Test("cut off before the transaction: the old key is in force, and the next rotation goes well") func cutBefore()
    throws
  {
    try #require(folder.master.beside).write(MasterKey())
    try requireAll(try folder.openKeys())
    let rotation = try keys.rotate(to: nil)
    #expect(try folder.master.masterKey()?.id == rotation.new)
    try requireAll(try folder.openKeys())
  }

  @Test("cut off before the new file is moved: the next start moves it") func cutAfter() throws {
    let old = try #require(try folder.master.masterKey())
    let rotation = try keys.rotate(to: nil)
    let new = try #require(try folder.master.masterKey())
    // As the crash leaves them.
    try Data(old.text.utf8).write(to: URL(filePath: folder.path + "/master.key"))
    try #require(folder.master.beside).write(new)
    try requireAll(try folder.openKeys())
    #expect(try folder.master.masterKey()?.id == rotation.new)
    #expect(try folder.master.beside?.masterKey() == nil)
  }
}
