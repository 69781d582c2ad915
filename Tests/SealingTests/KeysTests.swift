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

  @Test("the keys of a page come in its order, and none of whoever was erased before or meanwhile")
  func ofMany() throws {
    let folder = try Folder()
    let keys = try open(folder)
    let made = try keys.subjects(for: (0..<40).map { "object-\($0)" }).values.sorted { $0.alias < $1.alias }
    let (before, meanwhile) = (made[0], made[1])
    try keys.erase([before.alias])
    let other = try open(folder)
    other.forget(meanwhile.alias)
    let page = made + [made[7], before, made[7]]
    let wanted = page.map { [before.alias, meanwhile.alias].contains($0.alias) ? nil : $0.key }
    #expect(try other.keys(of: page.map(\.alias)) == wanted)
    #expect(try other.keys(of: page.map(\.alias)) == wanted)
    #expect(try other.keys(of: [before.alias]) == [nil] && other.keys(of: []).isEmpty)
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

  @Test func plaintextStandsInNoFile() async throws {
    let folder = try Folder()
    let (log, keys) = (try folder.open(), try open(folder))
    let secret = "maria.mustermann@example.org"
    let subject = try #require(try keys.subjects(for: ["person"])["person"])
    let id = ids.next(at: moment)
    let members = JSONObject(present: [("mail", .string(secret))])
    let sealed = try Sealer.seal(members, for: subject, stream: "user/\(subject.alias)", event: id)
    var new = event(id: id, subject: subject.alias)
    new.data = Array("{\"sealed\":".utf8) + sealed + Array("}".utf8)
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
    let value = try #require(try JSONParser.parse(entry.envelope().data)["sealed"])
    #expect(try keys.open(value.canonicalBytes, stream: entry.stream, event: entry.id) == .open(members))
  }
}
