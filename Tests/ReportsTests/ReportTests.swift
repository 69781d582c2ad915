import Base
import EventLog
import JSON
import Ledger
import Operations
import Provisioning
import Reports
import TestSupport
import Testing
import Views

@Suite("Reports: provisioning and status")
struct ReportTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func show(_ people: [Exported]) async throws {
    let path = try place.write("export.csv", Export.csv(people))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
  }

  private func rows(_ filter: ProvisioningReport.Filter = .init()) throws -> [DeliveryRecord] {
    try ledger.views.catchUp()
    var rows: [DeliveryRecord] = []
    try ProvisioningReport(ledger.views, filter).forEach { rows.append($0) }
    return rows
  }

  @Test("a delivered create in the words of Entra's provisioning logs")
  func createdRow() async throws {
    try await show([Exported("ada")])
    let person = try #require(try ledger.views.find("ada").first)
    place.clock.advance(.milliseconds(1500))
    let account = RemoteAccount(id: "u7", userName: "ada@example.com", displayName: "Name of ada", active: true)
    try await ledger.account(
      person.alias,
      .callFinished(
        CallFinished(
          call: 1, purpose: .create, operation: "POST /Users", outcome: .done, status: 201, milliseconds: 31,
          account: account)), .linked(AccountLinked(.created, account)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    let row = try #require(try rows().first)
    let cycle = try #require(try ledger.views.cycles().first)
    #expect(
      row.json == [
        "id": .string(String(person.decisionPosition)), "activityDateTime": "2026-01-02T00:00:00.000Z",
        "cycleId": .string(cycle.id), "provisioningAction": "create", "action": "create", "status": "delivered",
        "sourceIdentity": [
          "id": "ada", "displayName": "Name of ada", "userPrincipalName": "ada@example.com", "identityType": "User",
          "alias": .string(person.alias),
        ],
        "targetIdentity": ["id": "u7", "identityType": "User"],
        "provisioningStatusInfo": [
          "status": "success", "errorCode": .null, "reason": "in the directory and not provisioned yet",
          "recommendedAction": .null, "httpStatus": 201, "detail": .null,
        ],
        "reason": "NewInScope", "how": "call", "endedDateTime": "2026-01-02T00:00:01.500Z", "retryDateTime": .null,
        "calls": 1, "durationInMilliseconds": 31,
        "erased": .null,
        "modifiedProperties": [
          ["displayName": "userName", "oldValue": .null, "newValue": "ada@example.com"],
          ["displayName": "displayName", "oldValue": .null, "newValue": "Name of ada"],
          ["displayName": "active", "oldValue": .null, "newValue": "True"],
        ],
      ])
    #expect(row.fields.count == DeliveryRecord.columns.count)
    #expect(Set(DeliveryRecord.columns).count == DeliveryRecord.columns.count)
    let fields = Dictionary(uniqueKeysWithValues: zip(DeliveryRecord.columns, row.fields))
    #expect(fields["Date"] == "2026-01-02T00:00:00.000Z" && fields["TargetId"] == "u7" && fields["Calls"] == "1")
    #expect(fields["Identity"] == "Name of ada" && fields["Reason"] == "NewInScope" && fields["HttpStatus"] == "201")
    #expect(fields["ModifiedProperties"]?.hasSuffix("active:  → True") == true)
  }

  @Test("a parked delivery says what keeps it and what to do", arguments: ParkReason.allCases)
  func parkedRow(reason: ParkReason) async throws {
    try await show([Exported("ada")])
    let person = try #require(try ledger.views.find("ada").first)
    let now = place.clock.moment
    let parked = DeliveryParked(
      reason, decision: person.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60), status: 409)
    try await ledger.account(person.alias, .deliveryParked(parked))
    let row = try #require(try rows().first)
    #expect(row.outcome == "failure" && row.code == reason.rawValue)
    #expect(row.explanation == Explanation.of(reason).meaning && row.remedy == Explanation.of(reason).remedy)
    #expect(row.json["retryDateTime"] == "2026-01-02T00:01:00.000Z")
  }

  @Test("filters and the whole report over several pages")
  func filters() async throws {
    try await show((0..<1_100).map { Exported("p\($0)", enabled: $0 % 10 != 0) })
    place.clock.advance(.seconds(60))
    try await show((0..<1_100).map { Exported("p\($0)", name: $0 == 1 ? "King" : nil, enabled: $0 % 10 != 0) })
    #expect(try rows().count == 1_101)
    #expect(try Set(rows().map(\.decision)).count == 1_101)
    var filter = ProvisioningReport.Filter()
    filter.status = .skipped
    #expect(try rows(filter).count == 110)
    filter = ProvisioningReport.Filter()
    filter.since = place.clock.moment
    #expect(try rows(filter).map(\.action) == [.create])
    filter = ProvisioningReport.Filter()
    filter.cycle = try ledger.views.cycles().first?.id
    #expect(try rows(filter).count == 1)
  }

  // MARK: Explanation

  @Test("every reason has words of its own, and none is empty")
  func explanations() {
    let reasons = Decision.Reason.allCases.map { Explanation.of($0) }
    #expect(reasons.allSatisfy { !$0.isEmpty } && Set(reasons).count == reasons.count)
    #expect(Decision.Reason.allCases.allSatisfy { Explanation.remedy($0)?.isEmpty != true })
    let parked = ParkReason.allCases.map { Explanation.of($0) }
    #expect(parked.allSatisfy { !$0.meaning.isEmpty && $0.remedy.hasSuffix(".") })
    #expect(Set(parked.map(\.meaning)).count == parked.count)
    for reason in [QuarantineEntered.Reason.credentials, .insufficientRights, .notSCIM] {
      #expect(!Explanation.of(reason).meaning.isEmpty && Explanation.of(reason).remedy.contains("provledger"))
    }
  }

  @Test("whoever has to act about a skipped or held person is told how")
  func remedies() {
    for reason in [
      Decision.Reason.duplicateSourceEntries, .invalidUserName, .invalidDisplayName, .missingValues, .importSkipped,
      .safeguardTripped,
    ] { #expect(Explanation.remedy(reason)?.hasSuffix(".") == true) }
    #expect(Explanation.remedy(.redundantExport) == nil && Explanation.remedy(.notActiveInSource) == nil)
    #expect(Explanation.remedy(.held, .restored)?.contains("safeguard approve") == true)
    #expect(Explanation.of(.held, .restored) != Explanation.of(.enable, .restored))
  }

  // MARK: Status

  @Test("the status is the same bytes until something is appended or a lock changes hands")
  func status() async throws {
    var history = History(place, ledger, seed: 3)
    try await history.live(rounds: 3)
    // Past the limits of silence and of all pauses.
    place.clock.advance(.seconds(100_000))
    let first = try StatusReport(ledger).json.text
    place.clock.advance(.seconds(100_000))
    #expect(try StatusReport(ledger).json.text == first)
    #expect(try StatusReport(place.open()).json.text == first)
    do {
      let lock = try ledger.lock(.worker)
      let locked = try StatusReport(ledger).json
      #expect(locked.text != first && locked["worker"]?.integer != nil)
      withExtendedLifetime(lock) {}
    }
    #expect(try StatusReport(ledger).json.text == first)
    try await ledger.target(.quarantineEntered(QuarantineEntered(.notSCIM, status: 200, operation: "GET /Users")))
    let after = try StatusReport(ledger).json
    #expect(after.text != first)
    #expect(after["target"]?["quarantine"]?.string == QuarantineEntered.Reason.notSCIM.rawValue)
  }

  @Test("the status counts everybody and holds instants, no ages")
  func statusContent() async throws {
    try await show([Exported("ada"), Exported("bob"), Exported("eve", enabled: false)])
    let started = place.clock.moment.description
    place.clock.advance(.seconds(90))
    let status = try StatusReport(ledger).json
    #expect(status["log"] == ["size": "9", "shown": "9"])
    #expect(status["people"]?["pending"] == 2 && status["people"]?["skipped"] == 1 && status["people"]?["held"] == 0)
    #expect(status["people"]?.object?.members.map(\.name) == PersonStatus.allCases.map(\.rawValue))
    #expect(status["oldestPending"] == .string(started) && status["cycle"]?["started"] == .string(started))
    #expect(status["target"]?["lastGoodCall"] == .null && status["worker"] == .null && status["safeguards"] == [])
    for word in ["age", "ago", "since", "seconds"] { #expect(!status.text.lowercased().contains("\"\(word)")) }
  }
}
