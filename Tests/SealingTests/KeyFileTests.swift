import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog
@testable import Sealing

@Suite("The key file as a whole") struct KeyFileTests {
  private let folder: Folder
  private let keys: SubjectKeys

  init() throws {
    folder = try Folder()
    keys = try folder.openKeys()
  }

  private func openFixed() throws -> SubjectKeys {
    try SubjectKeys(path: folder.keys, master: folder.master, isFixed: true)
  }

  // MARK: Damage

  @Test("keys that do not unwrap are named by their aliases, and nobody else") func damaged() throws {
    let subjects = try keys.subjects(for: (0..<20).map { "p\($0)" })
    #expect(try keys.damagedKeys().isEmpty)
    #expect(try keys.aliases() == Set(subjects.values.map(\.alias)))
    let (swapped, cut) = (try #require(subjects["p3"]?.alias), try #require(subjects["p9"]?.alias))
    let whole = try #require(subjects["p1"]?.alias)
    let shell = try Shell(path: folder.keys)
    // Another person's key is no better than a broken one.
    try shell.run(
      """
      UPDATE subject SET key = (SELECT key FROM subject WHERE alias = '\(whole)') WHERE alias = '\(swapped)';
      UPDATE subject SET key = zeroblob(60) WHERE alias = '\(cut)'
      """)
    #expect(try keys.damagedKeys() == [swapped, cut].sorted())
    #expect(try keys.aliases().count == 20)
    #expect(Fault.code { _ = try keys.rotate(to: nil) } == .keysDamaged)
    #expect(try folder.openKeys().key(of: whole) == subjects["p1"]?.key)
  }

  @Test("a lost secret or a lost master row is damage, not a fresh start") func lostRows() throws {
    _ = try keys.subjects(for: ["a"])
    let shell = try Shell(path: folder.keys)
    try shell.run("DELETE FROM master")
    #expect(Fault.code { _ = try keys.damagedKeys() } == .keysDamaged)
    #expect(Fault.code { _ = try keys.subjects(for: ["b"]) } == .keysDamaged)
    // Who empties the file's own rows and keeps new ones out gets no file that begins anew.
    try shell.run("CREATE TRIGGER no_master BEFORE INSERT ON master BEGIN SELECT RAISE(IGNORE); END")
    #expect(Fault.code { _ = try folder.openKeys() } == .keysDamaged)
    try shell.run("DROP TRIGGER no_master; DELETE FROM secret")
    try shell.run("CREATE TRIGGER no_secret BEFORE INSERT ON secret BEGIN SELECT RAISE(IGNORE); END")
    #expect(Fault.code { _ = try folder.openKeys() } == .keysDamaged)
  }

  // MARK: The mark

  @Test("the folder's mark is what was set last, seen by every process, and wrapped by the master key") func mark()
    throws
  {
    #expect(try keys.mark() == nil)
    let (first, second) = (SymmetricKey(size: .bits256), SymmetricKey(size: .bits256))
    try keys.setMark(first)
    #expect(try folder.openKeys().mark() == first)
    let other = try folder.openKeys()
    try other.setMark(second)
    #expect(try keys.mark() == second)
    let bytes = try Data(contentsOf: URL(filePath: folder.keys))
    for mark in [first, second] { #expect(bytes.range(of: mark.withUnsafeBytes { Data($0) }) == nil) }
    _ = try keys.rotate(to: nil)
    #expect(try keys.mark() == second && folder.openKeys().mark() == second)
  }

  // MARK: Copies

  @Test("a copy opens the same keys under the same master key, and is not written over a file") func copy() throws {
    let ada = try #require(try keys.subjects(for: ["ada"])["ada"])
    let path = folder.path + "/copy.sqlite"
    try keys.copy(to: path)
    let copied = try SubjectKeys(path: path, master: folder.master)
    #expect(try copied.alias(of: "ada") == ada.alias && copied.key(of: ada.alias) == ada.key)
    #expect(Fault.code { try keys.copy(to: path) } == .backupFile)
    // What is made afterwards is not in it.
    _ = try keys.subjects(for: ["bob"])
    #expect(try copied.alias(of: "bob") == nil)
  }

  // MARK: Where nothing can be written

  @Test("where nothing can be written keys are found, nobody is made, and no file is") func fixed() throws {
    let ada = try #require(try keys.subjects(for: ["ada"])["ada"])
    try keys.close()
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let fixed = try openFixed()
    #expect(try fixed.alias(of: "ada") == ada.alias && fixed.key(of: ada.alias) == ada.key)
    #expect(try fixed.aliases() == [ada.alias] && fixed.damagedKeys().isEmpty)
    for write in [
      { _ = try fixed.subjects(for: ["ada"]) }, { _ = try fixed.named("configuration") },
      { try fixed.setMark(SymmetricKey(size: .bits256)) }, { try fixed.erase([ada.alias]) },
      { try fixed.setErased(upTo: 1) },
    ] as [() throws -> Void] {
      #expect(Fault.code(write) == .keysReadOnly)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }

  @Test("where nothing can be written a missing file is not made, and a former one is not brought up to date")
  func fixedRefusals() throws {
    let none = folder.path + "/none.sqlite"
    #expect(Fault.code { _ = try SubjectKeys(path: none, master: folder.master, isFixed: true) } == .keysUnreadable)
    #expect(!FileManager.default.fileExists(atPath: none))
    try keys.close()
    try Shell(path: folder.keys).run(
      """
      DELETE FROM grdb_migrations WHERE identifier = (SELECT max(identifier) FROM grdb_migrations)
      """)
    let former = Fault.fault { _ = try openFixed() }
    #expect(former?.code == .keysReadOnly && former?.sentence.contains("former program") == true)
  }

  // MARK: Taking keys into memory

  @Test("keys that are fetched at once are those that are fetched singly; one that is damaged is said") func prepare()
    throws
  {
    let subjects = try keys.subjects(for: (0..<9).map { "p\($0)" })
    let aliases = subjects.values.map(\.alias)
    let other = try folder.openKeys()
    try other.prepare(aliases + ["aaaaaaaaaaaaaaaa"])
    for subject in subjects.values { #expect(try other.key(of: subject.alias) == subject.key) }
    #expect(try other.key(of: "aaaaaaaaaaaaaaaa") == nil)
    try keys.erase([aliases[0]])
    try other.close()
    // From memory: the file is closed.
    #expect(try other.key(of: aliases[1]) == subjects.values.first { $0.alias == aliases[1] }?.key)
    try Shell(path: folder.keys).run("UPDATE subject SET key = zeroblob(60) WHERE alias = '\(aliases[1])'")
    #expect(Fault.code { try folder.openKeys().prepare(aliases) } == .keysDamaged)
  }
}
