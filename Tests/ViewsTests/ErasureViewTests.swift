import Base
import EventLog
import Foundation
import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing

@testable import Views

@Suite("Views: an erased person")
struct ErasureViewTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  @Test("live views equal rebuilt ones after any history with erasures in it", arguments: UInt64(1)...8)
  func anyHistory(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 1000 + seed)
    try await history.live(rounds: 6, erasing: true)
    // Whether anybody may be erased depends on who has left: the life goes on until somebody was.
    for _ in 0..<20 {
      if try await history.erase() != nil { break }
      try await history.live(rounds: 1, losing: true)
    }
    try await history.live(rounds: 1)
    let comparison = try ledger.views.check()
    #expect(comparison.isEqual, "\(comparison.differing)")
    #expect(try ledger.views.statusCounts()[.erased] ?? 0 > 0)
    for size in [1, 3, 17] {
      let views = try ViewStore(path: "\(place.root)/cut\(size).sqlite", log: ledger.log, codec: ledger.codec)
      let last = try ledger.log.lastPosition()
      while try ViewStore.project(batch: size, from: ledger.log, ledger.codec, into: views.database) < last {}
      #expect(try views.check().live == comparison.live)
    }
  }

  @Test("rows and counts stay as they were, without the values", arguments: UInt64(1)...6)
  func counts(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 2000 + seed)
    try await history.live(rounds: 6, losing: true)
    var erased = 0
    for _ in 0..<5 {
      try ledger.views.catchUp()
      let before = try ledger.views.deliveries(includingUnchanged: true, limit: 10_000)
      let calls = try ledger.views.target().calls
      guard let alias = try await history.erase() else { continue }
      erased += 1
      let person = try #require(try ledger.views.person(alias))
      let after = try ledger.views.deliveries(includingUnchanged: true, limit: 10_000)
      let expected = before.map { row in
        guard row.alias == alias else { return row }
        var row = row
        row.objectID = nil
        row.displayName = nil
        row.userPrincipalName = nil
        row.accountID = nil
        row.detail = nil
        row.changes = []
        row.erasure = person.erasure
        let isSkipped = row.status == .skipped && row.error == DeliveryWord.operatorSkip
        if isSkipped || [.pending, .parked, .abandoned, .frozen].contains(row.status) {
          row.status = .erased
          row.retry = nil
          row.ended = person.erasure?.time
        }
        return row
      }
      #expect(after == expected)
      #expect(try ledger.views.target().calls == calls)
      #expect(PersonStatus(person) == .erased && !person.isPending)
      #expect(person.user == nil && person.lastDesired == nil && person.account.believed == nil)
    }
    #expect(erased > 2)
  }

  @Test("what comes late brings no value back, though a process still holds the key")
  func late() async throws {
    var history = History(place, ledger, seed: 3)
    try await history.live(rounds: 4, losing: true)
    // Another process that knows everybody's key and has seen no erasure yet.
    let other = try place.open()
    for person in try ledger.views.people().people { _ = try other.keys.key(of: person.alias) }
    let people = try ledger.views.people().people
    let alias = try #require(try await history.erase())
    let last = try #require(people.first { $0.alias == alias }?.user)
    let account = RemoteAccount(id: "u-late", userName: "late@example.com", displayName: "Late Name", active: true)
    try await other.append(
      [
        Event(.user(alias), .userObserved(UserObserved(state: .present, user: last))),
        Event(
          .account(alias),
          .callStarted(
            CallStarted(
              call: 99, purpose: .create, decision: 1, userName: "late@example.com", body: nil))),
        Event(.account(alias), .linked(AccountLinked(.created, account))),
        Event(
          .account(alias),
          .deliveryParked(
            DeliveryParked(
              .rejected, decision: 1, attempt: 1, since: place.clock.moment, retry: place.clock.moment,
              detail: "late@example.com"))),
      ], actor: "worker")
    for views in [ledger.views, other.views] {
      try views.catchUp()
      let person = try #require(try views.person(alias))
      #expect(PersonStatus(person) == .erased && person.user == nil && person.account.believed == nil)
      #expect(try views.find("late@example.com").isEmpty && views.find("u-late").isEmpty)
      #expect(try views.find(alias).count == 1)
    }
    #expect(try ledger.views.check().isEqual)
    #expect(try other.views.rebuild().isEqual)
    #expect(try Remnants.of(["late@example.com", "Late Name", "u-late"], in: place.folder).isEmpty)
    #expect(try other.keys.key(of: alias) == nil)
  }

  @Test("a rebuild that was cut off leaves nothing behind once somebody was erased")
  func staleRebuild() async throws {
    var history = History(place, ledger, seed: 3)
    try await history.live(rounds: 4, losing: true)
    for suffix in [".rebuild", ".rebuild-wal"] {
      try Data("Old Name of somebody".utf8).write(to: URL(fileURLWithPath: place.views + suffix))
    }
    _ = try #require(try await history.erase())
    #expect(try Remnants.of(["Old Name of somebody"], in: place.folder).isEmpty)
  }
}
