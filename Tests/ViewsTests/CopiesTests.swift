import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Provisioning
import TestSupport
import Testing

@testable import Views

/// Views that were ahead of the log are kept as evidence, and hold people in clear.
@Suite("Views kept as evidence")
struct CopiesTests {
  private let place: TestLedger
  private let ledger: OpenLedger
  private var history: History

  init() async throws {
    place = try TestLedger()
    ledger = try place.open()
    history = History(place, ledger, seed: 3)
    try await history.live(rounds: 4, losing: true)
  }

  /// Makes a copy as somebody does who accepts the loss of events.
  private func keepCopy() throws -> String {
    try ledger.views.catchUp()
    try ledger.views.keepCopy(ahead: 99)
    return try #require(ledger.views.copies.first)
  }

  private func words(of person: Person) -> [String] {
    [person.user?.id, person.user?[.userPrincipalName], person.account.believed?.id].compactMap { $0 }
      .filter { $0.count > 4 }
  }

  @Test("an erasure takes the person out of them, and leaves everybody else")
  mutating func erased() async throws {
    let copy = try keepCopy()
    let before = try ledger.views.people().people
    let gone = try #require(try await history.erase())
    let words = words(of: try #require(before.first { $0.alias == gone }))
    #expect(!words.isEmpty)
    #expect(try Remnants.of(words, in: place.folder).isEmpty)
    let left = try await DatabaseQueue(path: copy).read { database in
      try String.fetchAll(database, sql: "SELECT alias FROM person ORDER BY alias")
    }
    #expect(left == before.map(\.alias).filter { $0 != gone })
    for suffix in ["-wal", "-shm", "-journal"] { #expect(!FileManager.default.fileExists(atPath: copy + suffix)) }
    #expect(try place.permissions(copy) == 0o600)
  }

  @Test("one that was made before anybody thought of it is cleared by the next erasure")
  mutating func former() async throws {
    let before = try ledger.views.people().people
    let copy = try keepCopy()
    try FileManager.default.moveItem(atPath: copy, toPath: "\(place.root)/aside")
    let first = try #require(try await history.erase())
    try FileManager.default.moveItem(atPath: "\(place.root)/aside", toPath: copy)
    try await history.live(rounds: 1, losing: true)
    let second = try #require(try await history.erase())
    let words = before.filter { [first, second].contains($0.alias) }.flatMap(words)
    #expect(!words.isEmpty)
    #expect(try Remnants.of(words, in: place.folder).isEmpty)
  }

  @Test("one that cannot be changed keeps the erasure unfinished, by name, until it is moved away")
  mutating func damaged() async throws {
    let copy = try keepCopy()
    try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: copy))
    var found: Fault?
    do { _ = try await history.erase() } catch let fault as Fault { found = fault }
    #expect(found?.code == .erasureUnfinished && found?.sentence.contains(copy) == true)
    #expect(try ledger.unfinishedErasures() == 1)
    try FileManager.default.moveItem(atPath: copy, toPath: "\(place.root)/aside")
    #expect(try place.open().unfinishedErasures() == 0)
  }
}
