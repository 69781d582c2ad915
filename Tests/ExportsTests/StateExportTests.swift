import Base
import EventLog
import Foundation
import GRDB
import Ledger
import Operations
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Exports

@Suite("What is now: Vanta's access file, and the database")
struct StateExportTests {
  private static let wanted = DesiredAccount(userName: "ada@example.com", displayName: "Ada", active: true)

  private func events(_ payloads: EventPayload...) -> [LoggedEvent] {
    payloads.enumerated().map { number, payload in
      LoggedEvent(
        Event(.account("a"), payload), position: Int64(number + 1),
        time: Timestamp(milliseconds: Int64(number) * 86_400_000), actor: "worker")
    }
  }

  private func account(active: Bool) -> RemoteAccount {
    RemoteAccount(id: "u1", userName: "ada@example.com", displayName: "Ada", active: active)
  }

  @Test("a row names the account, its owner, and the days on which it was made and turned off")
  func vanta() throws {
    let life = events(
      .linked(AccountLinked(.created, account(active: true))),
      .accountVerified(AccountVerified(isGone: false, account: account(active: false))))
    let dates = AccountDates(life)
    #expect(dates.created == Timestamp(milliseconds: 0))
    #expect(dates.deactivated == Timestamp(milliseconds: 86_400_000))
    var ada = Person(alias: "a")
    ada.user = DirectoryUser(id: "1", attributes: [.mail: .text("ada@example.com")])
    #expect(
      VantaFile.fields(ada, account(active: false), dates, .clear)
        == ["ada@example.com", "ada@example.com", "User", "Deactivated", "", "1970-01-01", "1970-01-02"])
    #expect(
      VantaFile.fields(ada, account(active: true), dates, .pseudonym)
        == ["a", "", "User", "Active", "", "1970-01-01", ""])
  }

  @Test("the database holds every event, every change and everybody, and says what it is")
  func database() async throws {
    let place = try TestLedger()
    let ledger = try place.open()
    var history = History(place, ledger, seed: 11)
    try await history.live(rounds: 4)
    try ledger.views.catchUp()
    let size = try ledger.log.lastPosition()
    var bytes: [UInt8] = []
    let count = try ExportSource(log: ledger.log, codec: ledger.codec, views: ledger.views).write(
      .sqlite, 1..<size + 1, Sample.settings
    ) { bytes += $0 }
    #expect(count == Int(size))
    let path = "\(place.root)/export.sqlite"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let people = try ledger.views.people().people.count
    try await DatabaseQueue(path: path).read { try Self.check($0, events: Int(size), people: people) }
  }

  private static func check(_ database: Database, events: Int, people: Int) throws {
    func number(_ sql: String) throws -> Int? { try Int.fetchOne(database, sql: sql) }
    #expect(try number("SELECT count(*) FROM events") == events)
    #expect(try number("SELECT count(*) FROM people") == people)
    let changed = "SELECT count(*) FROM changes JOIN events USING (position) WHERE newValue IS NOT NULL"
    #expect(try number(changed) != 0)
    #expect(try number("SELECT count(*) FROM deliveries") != 0)
    let last = try String.fetchOne(database, sql: "SELECT value FROM export WHERE name = 'lastEvent'")
    #expect(last == String(events))
    #expect(try String.fetchAll(database, sql: "PRAGMA integrity_check") == ["ok"])
  }
}
