import Base
import EventLog
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

@testable import Reports

/// Who could sign in, with what shows it.
@Suite("Evidence packs: access")
struct AccessPackTests {
  private typealias Name = EvidencePack.Name

  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func pack(at moment: Timestamp) async throws -> EvidencePack {
    let query = ReportQuery(
      period: moment..<moment, asOf: try AsOf(moment, in: ledger), zone: "UTC", words: "a test", actor: "olga",
      version: "0")
    return try await packs.pack(AccessReport(query))
  }

  private var packs: PackStage { PackStage(ledger: ledger) }

  @Test(
    "at any moment of any history the rows follow from the events, also where people were erased since",
    arguments: UInt64(1)...8)
  func anyHistory(seed: UInt64) async throws {
    var history = History(place, ledger, seed: 9000 + seed)
    var moments: [Timestamp] = []
    for _ in 0..<5 {
      try await history.live(rounds: 1, erasing: true)
      moments.append(place.clock.moment)
    }
    var rows = 0
    for moment in moments {
      let found = try packs.proved(try await pack(at: moment))
      #expect(found.report == "access" && found.notOpened.isEmpty)
      rows += found.rows
    }
    #expect(rows > 3)
  }

  /// One account is made, found changed at TeamViewer, reported, and found as wanted again.
  private func drifted() async throws -> String {
    let path = try place.write("export.csv", Export.csv([Exported("p1", name: "Name of p1"), Exported("p2")]))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    try ledger.views.catchUp()
    let person = try #require(try ledger.views.find("p1@example.com").first)
    let (alias, decision) = (person.alias, person.decisionPosition)
    func account(_ userName: String) -> RemoteAccount {
      RemoteAccount(id: "u1", userName: userName, displayName: "Name of p1", active: true)
    }
    let payloads: [EventPayload] = [
      .linked(AccountLinked(.created, account("p1@example.com"))),
      .deliveryCompleted(DeliveryCompleted(.call, decision: decision)),
      .driftDetected(DriftDetected(.changed, isRepaired: false, account: account("other@example.com"))),
      .deliveryCompleted(DeliveryCompleted(.alreadySo, decision: decision)),
    ]
    try await ledger.append(payloads.map { Event(.account(alias), $0) }, actor: "worker")
    return alias
  }

  @Test("what is opened is enough for an account that was changed at TeamViewer, and of nobody else anything is")
  func drift() async throws {
    _ = try await drifted()
    let pack = try await pack(at: place.clock.moment)
    let found = try packs.proved(pack)
    #expect(found.rows == 1 && found.opened == 4)
    let text = packs.text(pack)
    #expect(text.contains("p1@example.com") && !text.contains("p2@"))
    let csv = String(decoding: try #require(pack.files[Name.csv]), as: UTF8.self)
    #expect(csv.contains("u1,p1@example.com") && !csv.contains("other@example.com"))
  }

  @Test("whoever changes a row, a number or an account is found out")
  func changed() async throws {
    let alias = try await drifted()
    let whole = try await pack(at: place.clock.moment)
    #expect(try packs.refusal(whole, Name.page, "<", by: "<") == "it holds")
    #expect(try packs.refusal(whole, Name.csv, "u1,", by: "u2,").contains("do not follow from the events"))
    let counted = try packs.refusal(whole, Name.json, #""unwanted":"0""#, by: #""unwanted":"1""#)
    #expect(counted.contains("numbers of report.json"))
    let opened = try packs.refusal(whole, Name.opened, "other@example.com", by: "otter@example.com")
    #expect(opened.contains("does not lead to"))
    let renamed = try packs.refusal(whole, Name.json, alias, by: "aaaaaaaaaaaaaaaa")
    #expect(renamed.contains("other rows than the events give"))
  }
}
