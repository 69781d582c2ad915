import Base
import JSON
import Provisioning
import Testing

@testable import Delivery

@Suite("What a comparison found, told")
struct ReconcileReportTests {
  private let moment = Timestamp(milliseconds: 1_767_312_000_000)

  private func account(_ id: String, _ name: String = "Ada", _ address: String = "ada@example.com") -> RemoteAccount {
    RemoteAccount(id: id, userName: address, displayName: name, active: true)
  }

  private func drift(_ kind: DriftDetected.Kind, _ shown: RemoteAccount?) -> ReconcileReport.Drift {
    var ada = Person(alias: "a1")
    let desired = DesiredAccount(userName: "ada@example.com", displayName: "Ada", active: true)
    ada.decision = Decision(.create, .newInScope, desired: desired)
    ada.lastDesired = desired
    return ReconcileReport.Drift(person: ada, detected: DriftDetected(kind, isRepaired: true, account: shown))
  }

  private func report(_ drift: [ReconcileReport.Drift], _ unmanaged: ReconcileReport.Unmanaged) -> ReconcileReport {
    let finished = ReconcileFinished(
      request: "r1", finished: moment, accounts: 3, unmanaged: 2,
      drift: Dictionary(drift.map { ($0.kind, 1) }) { $0 + $1 }, repairs: drift.count,
      isWithheld: false)
    return ReconcileReport(
      recorded: ReconcileReport.Recorded(first: 7, last: 12, differences: 1), finished: finished, drift: drift,
      unmanaged: unmanaged)
  }

  @Test("a changed account says which values differ; every other kind says it by itself")
  func differences() {
    #expect(drift(.changed, account("u1", "Eve")).differences == ["the name is \"Eve\", wanted is \"Ada\""])
    #expect(
      drift(.changed, account("u1", "Eve", "eve@example.com")).differences.last
        == "the address is eve@example.com, wanted is ada@example.com")
    #expect(drift(.changed, account("u1", "Ada", "ADA@example.com")).differences.isEmpty)
    #expect(drift(.missing, nil).differences.isEmpty)
  }

  @Test("as an object: a number for each kind, the accounts that are not ours in the order of their ids")
  func read() {
    let found = report([drift(.missing, nil)], .read([account("u9"), account("u2")]))
    #expect(found.hasDifferences)
    let json = found.json
    #expect(json["accounts"] == 3 && json["unmanaged"] == 2 && json["repairs"] == 1 && json["withheld"] == false)
    for kind in DriftDetected.Kind.allCases { #expect(json[kind.rawValue] == (kind == .missing ? 1 : 0)) }
    #expect(
      json["drift"] == [
        [
          "alias": "a1", "userPrincipalName": "ada@example.com", "kind": "missing", "repaired": true, "shown": .null,
          "desired": found.drift[0].desired?.json ?? .null,
        ]
      ])
    #expect(json["unmanagedAccounts"]?.array?.map { $0["id"]?.string } == ["u2", "u9"])
    #expect(json["unmanagedOmitted"] == .null)
  }

  @Test("what was recorded is told without a claim that it is new")
  func recorded() {
    #expect(
      ReconcileReport.Recorded(first: 7, last: 12, differences: 4).sentence
        == "Recorded: the request, the calls, 4 differences that the log did not have so, the result (events 7 to 12).")
    #expect(report([], .read([])).recorded.sentence.contains("1 difference that"))
  }

  /// Somebody whose account shows one address, and who is to have another.
  private func renamed(_ name: String, to address: String) -> Person {
    var person = Person(alias: name)
    let desired = DesiredAccount(userName: address, displayName: name, active: true)
    person.decision = Decision(.update, .attributesChanged, desired: desired)
    person.account.believed = account("u-\(name)", name, "\(name)@example.com")
    person.account.requestedUserName = address
    return person
  }

  @Test("addresses that wait for a confirmation are counted; one that somebody else has is a difference, and named")
  func unconfirmed() {
    let people = [
      renamed("p1", to: "new1@example.com"), renamed("p2", to: "NEW2@example.com"),
      renamed("p3", to: "p1@example.com"),
    ]
    var found = report([], .read([]))
    found.unconfirmed = ReconcileReport.unconfirmed(of: Array(people.prefix(2)), found.unmanaged)
    #expect(found.unconfirmed.count == 2 && !found.hasDifferences)
    #expect(found.unconfirmed.allSatisfy { $0.sentence == nil })
    let stranger = account("u9", "Eve", "new2@example.com")
    found.unconfirmed = ReconcileReport.unconfirmed(of: people, .read([stranger]))
    #expect(found.unconfirmed.map(\.holder) == [nil, "u9", "u-p1"] && found.hasDifferences)
    #expect(found.unconfirmed[1].sentence?.contains("which account u9 has") == true)
    #expect(found.json["unconfirmed"]?.array?.map { $0["holder"]?.string } == [nil, "u9", "u-p1"])
  }

  @Test("why the accounts that are not ours were not read stands in their place")
  func omitted() {
    let json = report([], .omitted("a quota of calls is configured")).json
    #expect(json["unmanagedAccounts"] == .null && json["unmanagedOmitted"] == "a quota of calls is configured")
    #expect(json["drift"] == [] && !report([], .omitted("x")).hasDifferences)
  }
}
