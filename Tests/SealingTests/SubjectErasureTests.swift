import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Provisioning
import Testing

@testable import EventLog
@testable import Sealing

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
    #expect(Fault.code { _ = try codec.encode(sealed, actor: "a") } == .keyMissing)
  }

  @Test("how far erasures were carried out is kept") func progress() throws {
    let folder = try Folder()
    let keys = try folder.openKeys()
    #expect(try keys.erasedUpTo() == 0)
    try keys.setErased(upTo: 77)
    #expect(try folder.openKeys().erasedUpTo() == 77)
  }
}
