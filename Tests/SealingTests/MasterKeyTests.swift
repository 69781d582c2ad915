import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Provisioning
import Testing

@testable import EventLog
@testable import Sealing

@Suite("The master key") struct MasterKeyTests {
  private static let bytes = Array(UInt8(0)..<32)

  @Test("32 bytes, their base64 or 64 hexadecimal digits are a key, the same one") func forms() throws {
    let raw = try #require(MasterKey(Self.bytes))
    let base64 = Data(Self.bytes).base64EncodedString()
    let digits = Self.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    for text in [base64, " \(base64)\r\n", digits, digits.uppercased(), "\t\(digits)\n"] {
      #expect(MasterKey(Array(text.utf8))?.id == raw.id)
    }
    #expect(raw.text == base64 && raw.id.utf8.count == 32)
    #expect(MasterKey().id != MasterKey().id)
  }

  @Test(
    "anything else is none",
    arguments: ["", "secret", String(repeating: "0", count: 63), String(repeating: "z", count: 64), "AAAA", "AA=="])
  func noKey(text: String) { #expect(MasterKey(Array(text.utf8)) == nil) }

  @Test("a wrapped key unwraps for its own row only, and under its own master key only") func wrapping() throws {
    let master = MasterKey()
    let secret = SymmetricKey(size: .bits256)
    let wrapped = try master.wrap(secret, for: .subject("a"))
    #expect(wrapped.count == 60)
    #expect(try master.unwrap(wrapped, for: .subject("a")) == secret)
    #expect(try master.wrap(secret, for: .subject("a")) != wrapped)
    for owner in [MasterKey.Owner.subject("b"), .secret("a")] {
      #expect(throws: StoreDamage.self) { try master.unwrap(wrapped, for: owner) }
    }
    #expect(throws: StoreDamage.self) { try MasterKey().unwrap(wrapped, for: .subject("a")) }
    for place in [0, 12, 59] {
      var changed = wrapped
      changed[place] ^= 1
      #expect(throws: StoreDamage.self) { try master.unwrap(changed, for: .subject("a")) }
    }
    #expect(throws: StoreDamage.self) { try master.unwrap(Data(), for: .subject("a")) }
    let short = try master.wrap(SymmetricKey(size: .bits128), for: .subject("a"))
    #expect(throws: StoreDamage.self) { try master.unwrap(short, for: .subject("a")) }
  }

  // MARK: Places

  @Test("a file is made once, for its owner's eyes only") func file() throws {
    let folder = try Folder()
    let key = MasterKey()
    #expect(try folder.master.masterKey() == nil)
    try folder.master.write(key)
    #expect(try folder.master.masterKey()?.id == key.id)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/master.key")
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    #expect(code { try folder.master.write(MasterKey()) } == .masterKeyUnusable)
    #expect(try folder.master.masterKey()?.id == key.id)
    #expect(code { try SecretSource.file("/proc/none/key").write(key) } == .masterKeyUnusable)
    #expect(code { try SecretSource.environment("PROVLEDGER_TEST").write(key) } == .masterKeyUnusable)
    #expect(code { _ = try SecretSource.file(folder.path).masterKey() } == .masterKeyUnusable)
    #expect(code { _ = try SecretSource.environment("PATH").masterKey() } == .masterKeyUnusable)
    #expect(try SecretSource.environment("PROVLEDGER_TEST_UNSET").masterKey() == nil)
  }

  @Test("a place is noted so that it is found again, in a folder that was moved too") func notes() {
    let inside = SecretSource.file("/a/master.key")
    #expect(inside.note(in: "/a") == "file:master.key")
    #expect(SecretSource(note: inside.note(in: "/a"), in: "/b") == .file("/b/master.key"))
    for place in [SecretSource.file("/etc/x:y.key"), .environment("NAME")] {
      #expect(SecretSource(note: place.note(in: "/a"), in: "/b") == place)
    }
    for note in ["", "file", "other:x"] { #expect(SecretSource(note: note, in: "/a") == nil) }
    #expect(SecretSource.environment("NAME").beside == nil)
    SecretSource.environment("NAME").adopt()
    SecretSource.environment("NAME").discardWaiting()
  }

  // MARK: What the key file needs

  @Test("without its master key a key file is refused, and none is made") func missing() throws {
    let folder = try Folder()
    let alias = try #require(try folder.openKeys().subjects(for: ["a"])["a"]?.alias)
    let key = FileManager.default.contents(atPath: folder.path + "/master.key")
    try FileManager.default.removeItem(atPath: folder.path + "/master.key")
    let before = try Data(contentsOf: URL(filePath: folder.keys))
    let found = fault { _ = try SubjectKeys(path: folder.keys, master: folder.master) }
    #expect(found?.code == .masterKeyMissing && found?.sentence.contains("keys.master") == true)
    #expect(try folder.master.masterKey() == nil)
    #expect(try Data(contentsOf: URL(filePath: folder.keys)) == before)
    // A new key file needs one too.
    let fresh = fault {
      _ = try SubjectKeys(path: folder.path + "/new.sqlite", master: folder.master)
    }
    #expect(fresh?.code == .masterKeyMissing)
    try #require(key).write(to: URL(filePath: folder.path + "/master.key"))
    #expect(try folder.openKeys().key(of: alias) != nil)
  }

  @Test("another master key is told from damage") func wrong() throws {
    let folder = try Folder()
    let subjects = try folder.openKeys().subjects(for: ["a", "b"])
    let right = try #require(try folder.master.masterKey())
    try Data(MasterKey().text.utf8).write(to: URL(filePath: folder.path + "/master.key"))
    let found = fault { _ = try folder.openKeys() }
    #expect(found?.code == .masterKeyWrong && found?.sentence.contains(right.id) == true)
    try Data("no key".utf8).write(to: URL(filePath: folder.path + "/master.key"))
    #expect(code { _ = try folder.openKeys() } == .masterKeyUnusable)
    try Data(right.text.utf8).write(to: URL(filePath: folder.path + "/master.key"))

    let shell = try Shell(path: folder.keys)
    let (a, b) = (try #require(subjects["a"]), try #require(subjects["b"]))
    try shell.run(
      "UPDATE subject SET key = (SELECT key FROM subject WHERE alias = '\(a.alias)') WHERE alias = '\(b.alias)'")
    let keys = try folder.openKeys()
    #expect(try keys.key(of: a.alias) == a.key)
    #expect(code { _ = try keys.key(of: b.alias) } == .keysDamaged)
    #expect(code { _ = try keys.subjects(for: ["b"]) } == .keysDamaged)
    try shell.run("DELETE FROM master")
    #expect(code { _ = try keys.masterKey() } == .keysDamaged)
  }

  @Test("no subject key stands in the key file as it is") func inClear() throws {
    let folder = try Folder()
    let keys = try folder.openKeys()
    let subjects = try keys.subjects(for: (0..<20).map { "p\($0)" })
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + name))
      for subject in subjects.values {
        #expect(bytes.range(of: subject.key.withUnsafeBytes { Data($0) }) == nil)
      }
    }
  }

  @Test("the master key may come from the environment") func environment() throws {
    let folder = try Folder()
    let name = "PROVLEDGER_TEST_\(UUID().uuidString.replacing("-", with: "_"))"
    setenv(name, MasterKey().text, 1)
    defer { unsetenv(name) }
    let keys = try SubjectKeys(path: folder.keys, master: .environment(name))
    #expect(try keys.masterKey().place == .environment(name))
    #expect(code { _ = try keys.rotate(to: nil) } == .masterKeyUnusable)
  }
}

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
    #expect(try folder.master.masterKey()?.id == rotation.new)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/master.key.new"))
    try requireAll(keys)
    try requireAll(try folder.openKeys())
    let bytes = try Data(contentsOf: URL(filePath: folder.keys))
    for key in wrapped { #expect(bytes.range(of: key) == nil) }
    try Data(old.text.utf8).write(to: URL(filePath: folder.path + "/master.key"))
    #expect(code { _ = try folder.openKeys() } == .masterKeyWrong)
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
    #expect(code { _ = try again.rotate(to: .environment(name)) } == .masterKeyMissing)
    setenv(name, MasterKey().text, 1)
    defer { unsetenv(name) }
    #expect(try again.rotate(to: .environment(name)).place == .environment(name))
    try requireAll(try folder.openKeys())
    #expect(code { _ = try again.rotate(to: .environment(name)) } == .masterKeyUnusable)
    #expect(code { _ = try again.rotate(to: .file("/proc/none/key")) } == .masterKeyUnusable)
    unsetenv(name)
    let lost = fault { _ = try folder.openKeys() }
    #expect(lost?.code == .masterKeyWrong && lost?.sentence.contains(name) == true)
  }

  @Test("the same key is no other one") func sameKey() throws {
    let copy = SecretSource.file(folder.path + "/copy.key")
    try copy.write(try #require(try folder.master.masterKey()))
    #expect(code { _ = try keys.rotate(to: copy) } == .masterKeyUnusable)
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

@Suite("Erasing a subject") struct SubjectErasureTests {
  @Test("key and index row leave no byte in the file, and the next sight is another subject") func gone() throws {
    let folder = try Folder()
    let keys = try folder.openKeys()
    let people = try keys.subjects(for: (0..<3000).map { "p\($0)" })
    let gone = try #require(people["p1500"])
    let row = try #require(
      try Shell(path: folder.keys).run {
        try Row.fetchOne($0, sql: "SELECT key, lookup FROM subject WHERE alias = ?", arguments: [gone.alias])
      })
    let other = try folder.openKeys()
    #expect(try other.key(of: gone.alias) == gone.key)
    try keys.erase([gone.alias])
    try keys.erase([gone.alias])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + name))
      for value in [row[0] as Data, row[1] as Data, Data(gone.alias.utf8)] {
        #expect(bytes.range(of: value) == nil, "\(name)")
      }
    }
    #expect(try keys.key(of: gone.alias) == nil && keys.alias(of: "p1500") == nil)
    #expect(try keys.key(of: try #require(people["p1"]).alias) != nil)
    // Another process holds it until it sees the erasure.
    #expect(try other.key(of: gone.alias) == gone.key)
    other.forget(gone.alias)
    #expect(try other.key(of: gone.alias) == nil)
    let again = try #require(try keys.subjects(for: ["p1500"])["p1500"])
    #expect(again.alias != gone.alias && again.key != gone.key)
    #expect(try other.alias(of: "p1500") == again.alias)
  }

  @Test("who decodes subject.erased lets go of the key, and seals nothing more") func forgets() throws {
    let folder = try Folder()
    let (keys, other) = (try folder.openKeys(), try folder.openKeys())
    let ada = try #require(try keys.subjects(for: ["ada"])["ada"])
    #expect(try other.key(of: ada.alias) != nil)
    let reason = try #require(ErasureReason("other"))
    let event = Event(
      .user(ada.alias), .subjectErased(SubjectErased(reason: reason, forced: [], events: 2, calls: 1)))
    let codec = EventCodec(keys: other, clock: { moment })
    let sealed = Event(.user(ada.alias), .legalHoldPlaced(LegalHoldPlaced(reason: "case 7")))
    let before = try #require(try codec.encode(sealed, actor: "a").events.first)
    let erased = try #require(try codec.encode(event, actor: "a").events.first)
    func recorded(_ new: NewEvent, _ version: Int) throws -> RecordedEvent {
      var encoder = EntryEncoder(origin: "o")
      let stream = "user/\(ada.alias)"
      let entry = try encoder.encode(new, stream: stream, version: version, position: Int64(version), time: moment)
      return RecordedEvent(
        position: Int64(version), id: new.id, stream: stream, version: version, type: new.type, time: moment,
        entry: entry)
    }
    let first = try recorded(before, 1)
    #expect(try codec.isSealed(first))
    #expect(try codec.decode(first).event == sealed)
    let closed = Event(.user(ada.alias), .legalHoldPlaced(LegalHoldPlaced(reason: nil)))
    #expect(try codec.decode(first, asErased: true).event == closed)
    let second = try recorded(erased, 2)
    #expect(try !codec.isSealed(second))
    #expect(try codec.decode(second).event == event)
    // The key file still has the key; this process has not.
    #expect(try keys.key(of: ada.alias) != nil && other.key(of: ada.alias) == nil)
    #expect(try other.subjects(for: ["ada"])["ada"]?.alias == ada.alias)
    #expect(try other.key(of: ada.alias) == nil)
    #expect(try codec.decode(first).event == closed)
    #expect(code { _ = try codec.encode(sealed, actor: "a") } == .keyMissing)
  }

  @Test("how far erasures were carried out is kept") func progress() throws {
    let folder = try Folder()
    let keys = try folder.openKeys()
    #expect(try keys.erasedUpTo() == 0)
    try keys.setErased(upTo: 77)
    #expect(try folder.openKeys().erasedUpTo() == 77)
  }
}

private func fault(_ body: () throws -> Void) -> Fault? {
  do {
    try body()
    return nil
  } catch {
    return error as? Fault
  }
}

private func code(_ body: () throws -> Void) -> FaultCode? { fault(body)?.code }
