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

@Suite struct KeysTests {
  private func open(_ folder: Folder) throws -> SubjectKeys { try folder.openKeys() }

  @Test func subjectsAreMadeOnceAndFoundAgain() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let people = (0..<50).map { "object-\($0)" }
    let made = try keys.subjects(for: people)
    #expect(made.count == 50)
    #expect(Set(made.values.map(\.alias)).count == 50)
    for subject in made.values {
      #expect(subject.alias.utf8.count == 16)
      #expect(subject.alias.allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".contains($0) })
      #expect(subject.key.bitCount == 256)
    }
    // By another object on the same file, with one who is new and one who is named twice.
    let other = try open(folder)
    let again = try other.subjects(for: people + ["new", "new"])
    #expect(again.count == 51)
    for id in people {
      #expect(again[id]?.alias == made[id]?.alias && again[id]?.key == made[id]?.key)
      #expect(try other.alias(of: id) == made[id]?.alias)
    }
    let alias = try #require(again["new"]?.alias)
    #expect(try keys.key(of: alias) == again["new"]?.key)
    #expect(try keys.alias(of: "unknown") == nil)
    #expect(try keys.key(of: "aaaaaaaaaaaaaaaa") == nil)
    #expect(try keys.subjects(for: []).isEmpty)
  }

  @Test func concurrentCallersAgree() async throws {
    let folder = try Folder()
    let stores = [try open(folder), try open(folder)]
    let aliases = try await withThrowingTaskGroup(of: [String?].self) { group in
      for caller in 0..<16 {
        group.addTask {
          let found = try stores[caller % 2].subjects(for: ["a", "b"])
          return [found["a"]?.alias, found["b"]?.alias]
        }
      }
      return try await group.reduce(into: Set<[String?]>()) { $0.insert($1) }
    }
    #expect(aliases.count == 1)
  }

  @Test func namedSubjectsAreApartFromPeople() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let configuration = try keys.named("configuration")
    #expect(configuration.alias == "ledger-configuration")
    #expect(try keys.named("configuration").key == configuration.key)
    #expect(try keys.named("other").key != configuration.key)
    #expect(
      try keys.subjects(for: ["configuration", "ledger-configuration"]).values.allSatisfy {
        $0.key != configuration.key && $0.alias != configuration.alias
      })
  }

  @Test func noObjectIDStandsInClearAndOnlyTheOwnerReads() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let id = "7e5f3d2c-aaaa-bbbb-cccc-1234567890ab"
    _ = try keys.subjects(for: [id])
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + name))
      #expect(bytes.range(of: Data(id.utf8)) == nil)
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.keys)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  @Test func newerOrDamagedKeyFilesAreRefused() throws {
    let folder = try Folder()
    _ = try open(folder).subjects(for: ["a"])
    let shell = try DatabaseQueue(path: folder.keys)
    try shell.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('0199_later')") }
    #expect { try open(folder) } throws: { ($0 as? Fault)?.code == .keysNewer }
    try shell.write {
      try $0.execute(
        sql: "DELETE FROM grdb_migrations WHERE identifier = '0199_later'; UPDATE secret SET value = zeroblob(60)")
    }
    #expect { try open(folder) } throws: { ($0 as? Fault)?.code == .keysDamaged }
    try shell.close()
    try Data(repeating: 0x42, count: 3000).write(to: URL(filePath: folder.keys))
    #expect { try open(folder) } throws: { ($0 as? Fault)?.code == .keysDamaged }
  }

  // MARK: Sealing

  @Test func sealedValueOpensOnlyWhereItBelongs() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let subject = try #require(try keys.subjects(for: ["person"])["person"])
    let id = ids.next(at: moment)
    for size in [0, 1, 15, 16, 17, 200, 16_384] {
      let json = JSONValue.string(String(repeating: "\u{e9}", count: size)).canonicalBytes
      let sealed = try Sealing.seal(json, for: subject, stream: "user/x", event: id)
      let value = try JSONParser.parse(sealed)
      #expect(value.canonicalBytes == sealed)
      #expect(value["alg"] == "A256GCM" && value["subject"]?.string == subject.alias)
      #expect(value.object?.members.map(\.name) == ["alg", "ciphertext", "nonce", "subject"])
      #expect(try keys.open(sealed, stream: "user/x", event: id) == .open(json))
      #expect(try keys.open(sealed[...], stream: "user/x", event: id) == .open(json))
      #expect { try keys.open(sealed, stream: "user/y", event: id) } throws: { ($0 as? Fault)?.code == .sealBroken }
      #expect { try keys.open(sealed, stream: "user/x", event: ids.next(at: moment)) } throws: {
        ($0 as? Fault)?.code == .sealBroken
      }
      #expect(try Sealing.seal(json, for: subject, stream: "user/x", event: id) != sealed)
    }
  }

  /// As PyPI's cryptography seals it with AES-GCM; a number stands in the stream's place.
  @Test func sealingIsTheOneThatIsWrittenDown() throws {
    let subject = Subject(alias: "s-7f", key: SymmetricKey(data: Data(0x40..<0x60)))
    let id = try #require(EventID("0190f5fe-7c00-7a00-8000-000000000001"))
    let json = Array(#"{"active":true,"displayName":"Ada Example","userName":"ada@example.test"}"#.utf8)
    let sealed = try Sealing.seal(json, for: subject, stream: "42", event: id, nonce: Array(0x60..<0x6C))
    let text = [
      #"{"alg":"A256GCM","ciphertext":"1wpoZnP95sMruw1EcONwKWtFnWF7X+hAbxeumpHgRp9Bz6hmGqav5c3bjApuXWVYsEcAKVd8j9UBd"#,
      #"1kOhOChwCjEgToqPCvlP5WZ4H1DXRev/xy0N/nxSSg=","nonce":"YGFiY2RlZmdoaWpr","subject":"s-7f"}"#,
    ].joined()
    #expect(String(decoding: sealed, as: UTF8.self) == text)
    #expect(try Sealing.open(sealed, stream: "42", event: id) { _ in subject.key } == .open(json))
  }

  /// Neither part can pass for the other: a line feed stands in no stream's name and no id.
  @Test func aBoxMovedElsewhereDoesNotOpen() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let people = try keys.subjects(for: ["a", "b"])
    let (a, b) = (try #require(people["a"]), try #require(people["b"]))
    let (id, other) = (ids.next(at: moment), ids.next(at: moment))
    let box = try Sealing.seal([0x31], for: a, stream: "user/\(a.alias)", event: id)
    #expect(try keys.open(box, stream: "user/\(a.alias)", event: id) == .open([0x31]))
    for (stream, event) in [
      ("account/\(a.alias)", id), ("user/\(b.alias)", id), ("user/\(a.alias)", other), ("", id),
      ("user/\(a.alias)\n", id),
    ] {
      #expect { try keys.open(box, stream: stream, event: event) } throws: { ($0 as? Fault)?.code == .sealBroken }
    }
    // Nor under another person's name.
    let renamed = Array(String(decoding: box, as: UTF8.self).replacing(a.alias, with: b.alias).utf8)
    #expect { try keys.open(renamed, stream: "user/\(a.alias)", event: id) } throws: {
      ($0 as? Fault)?.code == .sealBroken
    }
  }

  @Test func missingKeyIsAValue() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let stranger = Subject(alias: "bbbbbbbbbbbbbbbb", key: SymmetricKey(size: .bits256))
    let id = ids.next(at: moment)
    let sealed = try Sealing.seal([0x31], for: stranger, stream: "s", event: id)
    #expect(try keys.open(sealed, stream: "s", event: id) == .erased)
    #expect { try Sealing.open(sealed, stream: "s", event: id) { _ in SymmetricKey(size: .bits256) } } throws: {
      ($0 as? Fault)?.code == .sealBroken
    }
  }

  @Test(arguments: [
    "", "1", "{}", "[[[[", #"{"alg":"none","ciphertext":"","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
    #"{"alg":"A256GCM","ciphertext":"AA==","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
    #"{"alg":"A256GCM","ciphertext":"AAAAAAAAAAAAAAAAAAAAAAAAAAA=","nonce":"AAAA","subject":"x"}"#,
    #"{"alg":"A256GCM","ciphertext":"*","nonce":"AAAAAAAAAAAAAAAA","subject":"x"}"#,
  ])
  func whatIsNotSealedIsRefused(_ text: String) {
    let id = ids.next(at: moment)
    #expect {
      try Sealing.open(Array(text.utf8), stream: "s", event: id) { _ in SymmetricKey(size: .bits256) }
    } throws: { ($0 as? Fault)?.code == .sealBroken }
  }

  @Test func plaintextStandsInNoFile() async throws {
    let folder = try Folder()
    let (log, keys) = (try folder.open(), try open(folder))
    let secret = "maria.mustermann@example.org"
    let subject = try #require(try keys.subjects(for: ["person"])["person"])
    let id = ids.next(at: moment)
    let sealed = try Sealing.seal(
      JSONValue.string(secret).canonicalBytes, for: subject, stream: "user/\(subject.alias)", event: id)
    var new = event(id: id, subject: subject.alias)
    new.data = Array("{\"mail\":".utf8) + sealed + Array("}".utf8)
    try await log.append([.init(stream: "user/\(subject.alias)", events: [new])])
    for isCheckpointed in [false, true] {
      if isCheckpointed { try log.checkpointWAL() }
      var found = 0
      for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
        let bytes = try Data(contentsOf: URL(filePath: folder.path + "/" + name))
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        if bytes.range(of: Data(subject.alias.utf8)) != nil { found += 1 }
      }
      #expect(found >= 2)
    }
    let entry = try #require(try log.read().first)
    let value = try #require(try JSONParser.parse(entry.envelope().data)["mail"])
    #expect(
      try keys.open(value.canonicalBytes, stream: entry.stream, event: entry.id)
        == .open(JSONValue.string(secret).canonicalBytes))
  }
}

extension SubjectKeys {
  /// Opens sealed bytes.
  fileprivate func open(_ sealed: some Collection<UInt8>, stream: String, event: EventID) throws -> Sealing.Opened {
    try open(try JSONParser.parse(sealed), stream: stream, event: event)
  }
}
