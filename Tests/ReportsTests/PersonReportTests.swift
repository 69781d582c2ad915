import Base
import JSON
import Provisioning
import Reports
import Testing

@Suite("Reports: one person")
struct PersonReportTests {
  private let moment = Timestamp(milliseconds: 1_767_312_000_000)

  /// Somebody of whom everything is known that can be.
  private func ada() throws -> Person {
    var ada = Person(alias: "k3v9q2m7x4p8w5t2")
    ada.user = DirectoryUser(
      id: "o-1", attributes: [.userPrincipalName: .text("ada@example.com"), .displayName: .text("Ada")])
    ada.state = .present
    ada.source = .standard
    ada.decision = Decision(
      .update, .attributesChanged,
      desired: DesiredAccount(userName: "ada@example.com", displayName: "Ada", active: true))
    ada.decisionPosition = 17
    ada.account.believed = RemoteAccount(id: "u7", userName: "ada@example.com", displayName: "Augusta", active: true)
    ada.account.requestedUserName = "ada.king@example.com"
    ada.account.isVerified = true
    ada.account.parked = DeliveryParked(
      .rejected, decision: 17, attempt: 1, since: moment, retry: moment + .seconds(60), status: 400, detail: "no")
    ada.legalHold = LegalHold(position: 9, time: moment, reason: "case 7")
    return ada
  }

  @Test("nobody knows anything: every member is there all the same")
  func unknown() {
    #expect(
      Person(alias: "a").summary == [
        "alias": "a", "status": .string(PersonStatus(Person(alias: "a")).rawValue),
        "directory": [
          "state": "absent", "id": .null, "enabled": .null, "userPrincipalName": .null, "displayName": .null,
          "mail": .null,
        ],
        "decision": .null, "desired": .null, "believed": .null, "drift": .null, "unconfirmedUserName": .null,
        "verified": false, "legalHold": .null, "erased": .null, "parked": .null,
      ])
    #expect(
      Person(alias: "a").rows().map { $0[0] } == ["alias", "object id", "sign-in name", "name", "directory", "status"])
  }

  @Test("all that is known stands in the object, positions as decimal strings")
  func known() throws {
    let summary = try ada().summary
    #expect(summary["status"] == "parked")
    #expect(summary["decision"]?["position"] == "17" && summary["decision"]?["action"] == "update")
    #expect(summary["believed"]?["displayName"] == "Augusta" && summary["desired"]?["displayName"] == "Ada")
    #expect(summary["unconfirmedUserName"] == "ada.king@example.com" && summary["verified"] == true)
    #expect(summary["legalHold"] == ["since": .string(moment.description), "position": "9", "reason": "case 7"])
    #expect(
      summary["parked"] == [
        "reason": "Rejected", "since": .string(moment.description),
        "retry": .string((moment + .seconds(60)).description), "detail": "no",
      ])
    #expect(
      try ada().legalHoldJSON == [
        "alias": "k3v9q2m7x4p8w5t2", "userPrincipalName": "ada@example.com", "since": .string(moment.description),
        "reason": "case 7", "position": "9",
      ])
  }

  @Test("the rows say the same in words, what is to be done among it")
  func words() throws {
    let rows = Dictionary(uniqueKeysWithValues: try ada().rows().map { ($0[0], $0[1]) })
    #expect(rows["directory"] == "enabled" && rows["status"] == "parked")
    #expect(rows["legal hold"] == "since \(moment) (event 9): case 7")
    #expect(rows["decided"]?.hasPrefix("update: ") == true && rows["decided"]?.hasSuffix("(event 17)") == true)
    #expect(rows["desired"] == "ada@example.com, \"Ada\", active")
    #expect(rows["TeamViewer"] == "u7: ada@example.com, \"Augusta\", active")
    #expect(rows["unconfirmed"] == "the address ada.king@example.com" && rows["verified"] != nil)
    #expect(rows["parked"]?.contains("since \(moment), tried again at \(moment + .seconds(60)). ") == true)
    // What was to be done then is nothing to be done now.
    let past = Dictionary(uniqueKeysWithValues: try ada().rows(isPast: true).map { ($0[0], $0[1]) })
    #expect(past["parked"]?.hasSuffix("tried again at \(moment + .seconds(60))") == true && past["to do"] == nil)
  }

  @Test("an account that TeamViewer does not have any more is not said to be active")
  func missing() throws {
    var ada = try ada()
    ada.account.drift = .missing
    #expect(ada.rows().contains(["TeamViewer", "u7: missing; it was ada@example.com, \"Augusta\", active"]))
    #expect(ada.summary["drift"] == "missing" && ada.summary["believed"]?["active"] == true)
  }

  @Test("of whoever was erased the reason is told, and who is out of the directory is not enabled")
  func erased() throws {
    var gone = Person(alias: "a")
    gone.erasure = PersonErasure(position: 4, time: moment, reason: try #require(ErasureReason("other")))
    #expect(gone.rows().contains(["erased", "on \(moment) (event 4), reason other; no value is left"]))
    #expect(gone.summary["erased"] == gone.erasure?.json && gone.directoryWord == "absent")
    var disabled = try ada()
    disabled.user?.attributes[.accountEnabled] = .flag(false)
    #expect(disabled.directoryWord == "disabled")
  }
}
