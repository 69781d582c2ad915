import Base
import Crypto
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog
@testable import Migrations
@testable import Sealing

@Suite("The key table's order tells nothing") struct KeyOrderTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func rows() throws -> [String] {
    // As they stand: without an ORDER BY.
    try Shell(path: folder.keys).run { try String.fetchAll($0, sql: "SELECT alias FROM subject NOT INDEXED") }
  }

  /// The aliases in the order in which their bytes stand in the file, each time that they do.
  private func places(_ aliases: [String]) throws -> [String] {
    let bytes = try Data(contentsOf: URL(filePath: folder.keys))
    var found: [(place: Int, alias: String)] = []
    for alias in aliases {
      var rest = bytes.startIndex..<bytes.endIndex
      while let range = bytes.range(of: Data(alias.utf8), in: rest) {
        found.append((range.lowerBound, alias))
        rest = range.upperBound..<bytes.endIndex
      }
    }
    return found.sorted { $0.place < $1.place }.map(\.alias)
  }

  @Test("rows stand by their random aliases, however the directory has its people, and hold no time")
  func rowsAreSorted() throws {
    let keys = try folder.openKeys()
    let people = (0..<2000).map { "object-\($0)" }
    let made = try keys.subjects(for: people)
    let order = people.compactMap { made[$0]?.alias }
    #expect(try rows() == order.sorted() && order != order.sorted())
    _ = try keys.subjects(for: (0..<50).map { "later-\($0)" })
    #expect(try rows() == rows().sorted())
    let columns = try Shell(path: folder.keys).run { try $0.columns(in: "subject").map(\.name) }
    #expect(columns == ["alias", "lookup", "key"])
  }

  @Test("nor do the bytes of a page keep the order in which an import wrote them")
  func bytesAreSorted() throws {
    let keys = try folder.openKeys()
    let aliases = try keys.subjects(for: (0..<20).map { "object-\($0)" }).values.map(\.alias)
    let places = try places(aliases)
    // Once in the table and once in the index of the keyed hashes; SQLite fills a page from its end.
    #expect(places == (aliases.sorted().reversed() + aliases.sorted().reversed()))
  }

  @Test("a key file of before is brought to that order: each key stays, and no byte of a time does")
  func migrated() throws {
    let time: Int64 = 0x1122_3344_5566
    let old = try oldFile(time: time)
    let keys = try folder.openKeys()
    #expect(try rows() == old.map(\.alias).sorted())
    for (number, subject) in old.enumerated() {
      #expect(try keys.key(of: subject.alias) == subject.key)
      #expect(try keys.alias(of: "object-\(number)") == nil)
    }
    let bytes = try Data(contentsOf: URL(filePath: folder.keys))
    #expect(bytes.range(of: Data([0x11, 0x22, 0x33, 0x44, 0x55, 0x66])) == nil)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "keys.sqlite", "keys.sqlite-journal", "master.key",
      ])
  }

  /// A file of the first step, as the program made it then.
  private func oldFile(time: Int64) throws -> [Subject] {
    let master = MasterKey()
    try folder.master.write(master)
    let queue = try DatabaseQueue(path: folder.keys)
    try Migrations([("0101_subject_keys", PackageResources._101_subject_keys_sql)]).apply(
      to: queue, named: "keys", newer: .keysNewer, foreign: .keysDamaged)
    let subjects = (0..<300).map { number in
      Subject(alias: String(format: "%04d%012d", number * 7919 % 10_000, number), key: SymmetricKey(size: .bits256))
    }
    try queue.write { database in
      try database.execute(sql: "INSERT INTO master VALUES (1, ?, 'file:master.key')", arguments: [master.id])
      for (number, subject) in subjects.enumerated() {
        let key = try master.wrap(subject.key, for: .subject(subject.alias))
        let lookup = Data(repeating: UInt8(number % 256), count: 31) + [UInt8(number / 256)]
        try database.execute(
          sql: "INSERT INTO subject VALUES (?, ?, ?, ?)", arguments: [subject.alias, lookup, key, time])
      }
    }
    try queue.close()
    return subjects
  }
}
