import Base
import Ledger
import Operations
import Provisioning
import TestSupport
import Views

@testable import Reports

/// A ledger whose people come, change, and are delivered, for reports.
struct ReportStage {
  let place: TestLedger
  let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  func query(_ moment: Timestamp) throws -> ReportQuery {
    ReportQuery(
      period: place.clock.moment + .seconds(-86_400)..<place.clock.moment + .seconds(86_400),
      asOf: try AsOf(moment, in: ledger), zone: "UTC", words: "a test", actor: .operator("olga"), version: "0")
  }

  func take(_ people: [Exported]) async throws {
    let path = try place.write("export.csv", Export.csv(people))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    try ledger.views.catchUp()
  }

  /// Delivers everything that waits, a second after it was decided.
  func deliver() async throws {
    place.clock.advance(.seconds(1))
    for person in try ledger.views.people().people where person.isPending {
      guard let desired = person.desired else { continue }
      let account = RemoteAccount(
        id: "u-\(person.alias)", userName: desired.userName, displayName: desired.displayName, active: desired.active)
      let isNew = person.account.believed == nil
      let link: [EventPayload] = isNew ? [.linked(AccountLinked(.created, account))] : []
      let end: [EventPayload] = [
        .accountVerified(AccountVerified(isGone: false, account: account)),
        .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)),
      ]
      let payloads = link + (desired.active ? Array(end.suffix(1)) : end)
      try await ledger.append(payloads.map { Event(.account(person.alias), $0) }, actor: "worker")
    }
    try ledger.views.catchUp()
    place.clock.advance(.seconds(60))
  }
}
