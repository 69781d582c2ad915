import Base
import Crypto
import Foundation
import LogSupport
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
    #expect(Fault.code { try folder.master.write(MasterKey()) } == .masterKeyUnusable)
    #expect(try folder.master.masterKey()?.id == key.id)
    #expect(Fault.code { try SecretSource.file("/proc/none/key").write(key) } == .masterKeyUnusable)
    #expect(Fault.code { try SecretSource.environment("PROVLEDGER_TEST").write(key) } == .masterKeyUnusable)
    #expect(Fault.code { _ = try SecretSource.file(folder.path).masterKey() } == .masterKeyUnusable)
    #expect(Fault.code { _ = try SecretSource.environment("PATH").masterKey() } == .masterKeyUnusable)
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
    let found = Fault.fault { _ = try SubjectKeys(path: folder.keys, master: folder.master) }
    #expect(found?.code == .masterKeyMissing && found?.sentence.contains("keys.master") == true)
    #expect(try folder.master.masterKey() == nil)
    #expect(try Data(contentsOf: URL(filePath: folder.keys)) == before)
    // A new key file needs one too.
    let fresh = Fault.fault {
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
    let found = Fault.fault { _ = try folder.openKeys() }
    #expect(found?.code == .masterKeyWrong && found?.sentence.contains(right.id) == true)
    try Data("no key".utf8).write(to: URL(filePath: folder.path + "/master.key"))
    #expect(Fault.code { _ = try folder.openKeys() } == .masterKeyUnusable)
    try Data(right.text.utf8).write(to: URL(filePath: folder.path + "/master.key"))

    let shell = try Shell(path: folder.keys)
    let (a, b) = (try #require(subjects["a"]), try #require(subjects["b"]))
    try shell.run(
      "UPDATE subject SET key = (SELECT key FROM subject WHERE alias = '\(a.alias)') WHERE alias = '\(b.alias)'")
    let keys = try folder.openKeys()
    #expect(try keys.key(of: a.alias) == a.key)
    #expect(Fault.code { _ = try keys.key(of: b.alias) } == .keysDamaged)
    #expect(Fault.code { _ = try keys.subjects(for: ["b"]) } == .keysDamaged)
    try shell.run("DELETE FROM master")
    #expect(Fault.code { _ = try keys.masterKey() } == .keysDamaged)
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
    #expect(Fault.code { _ = try keys.rotate(to: nil) } == .masterKeyUnusable)
  }
}
