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

@Suite("Reports: what operators and comparisons do")
struct OperatorReportTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  /// A person with a pending create.
  private func ada() async throws -> Person {
    let path = try place.write("export.csv", Export.csv([Exported("ada")]))
    _ = try await DirectoryImport(into: ledger, actor: "olga").run(paths: [path])
    try ledger.views.catchUp()
    return try #require(try ledger.views.find("ada").first)
  }

  private func open(_ status: PersonStatus) throws -> OpenDelivery {
    try ledger.views.catchUp()
    return try #require(try ledger.views.openDeliveries(status).first)
  }

  @Test("each act has its sentence, with the operator's words")
  func story() async throws {
    let ada = try await ada()
    let remote = RemoteAccount(id: "u7", userName: "x@example.com", displayName: "X", active: false)
    try await ledger.append(
      [
        Event(.user(ada.alias), .deliverySkipped(DeliverySkipped(decision: ada.decisionPosition, reason: "by hand"))),
        Event(.user(ada.alias), .deliveryHeld(DeliveryHeld(reason: "case 7"))),
        Event(.user(ada.alias), .deliveryRetried(DeliveryRetried())),
        Event(.account(ada.alias), .driftDetected(DriftDetected(.disabled, isRepaired: true, account: remote))),
        Event(.account(ada.alias), .driftDetected(DriftDetected(.missing, isRepaired: false, account: nil))),
      ], actor: "operator:olga")
    let lines = try Story.of(ada.alias, log: ledger.log, codec: ledger.codec).suffix(5).map(\.sentence)
    #expect(
      lines == [
        "An operator does not want decision \(ada.decisionPosition) delivered: \"by hand\"; a changed decision ends that.",
        "An operator lets no call leave for the person: \"case 7\", until somebody lets it be tried.",
        "An operator lets it be tried now.",
        "A comparison with TeamViewer: the account is inactive in TeamViewer, although it is to be active; it shows x@example.com, \"X\", inactive. It is brought back.",
        "A comparison with TeamViewer: TeamViewer no longer has the account. It is reported only, and left as it is.",
      ])
  }

  @Test("a parked row says since when, how often, what was answered, when next, and what to do")
  func parked() async throws {
    let (ada, now) = (try await ada(), place.clock.moment)
    try await ledger.account(
      ada.alias,
      .deliveryParked(
        DeliveryParked(
          .entryConflict, decision: ada.decisionPosition, attempt: 3, since: now, retry: now + .seconds(60),
          status: 409, detail: "taken")))
    let json = try open(.parked).json(behind: nil)
    #expect(json["address"] == "ada@example.com" && json["action"] == "create" && json["lane"] == "creates")
    #expect(json["error"] == "EntryConflict" && json["attempts"] == 3 && json["answer"] == "409 taken")
    #expect(json["since"]?.string == now.description && json["next"]?.string == (now + .seconds(60)).description)
    #expect(json["remedy"]?.string == Explanation.of(.entryConflict).remedy)
  }

  @Test("what holds all calls back keeps what is pending, with the way out; of the others nothing is said by it")
  func behind() async throws {
    let ada = try await ada()
    #expect(try ledger.blocks() == [] && open(.pending).json(behind: nil)["error"] == .null)
    try await ledger.target(.deliveryPaused(DeliveryPaused(reason: "move")))
    try ledger.views.catchUp()
    let pause = try #require(try ledger.blocks().first)
    let pending = try open(.pending)
    #expect(pending.json(behind: pause)["error"] == "operatorPause")
    #expect(pending.json(behind: pause)["remedy"] == "`provledger delivery resume` ends it.")
    #expect(pause.sentence == pause.rows()[0].joined(separator: ": ") + ".")
    try await ledger.target(
      .quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    try ledger.views.catchUp()
    let quarantine = try #require(try ledger.blocks().first)
    let remedy = Explanation.of(QuarantineEntered.Reason.credentials).remedy
    #expect(pending.code(behind: quarantine) == "quarantine" && pending.remedy(behind: quarantine) == remedy)
    #expect(quarantine.sentence.hasPrefix("QUARANTINE: no call leaves since ") && quarantine.sentence.hasSuffix(remedy))
    #expect(try StatusReport(ledger).attention.prefix(2) == [quarantine.row(), ["", remedy]])
    try await ledger.append([Event(.user(ada.alias), .deliveryHeld(DeliveryHeld(reason: "case 7")))], actor: "olga")
    let held = try open(.frozen)
    #expect(held.code(behind: quarantine) == held.code && held.remedy(behind: quarantine) == held.remedy)
  }

  @Test("a held and a skipped row carry their own word, the operator's words apart from TeamViewer's, and the way out")
  func aside() async throws {
    let (ada, now) = (try await ada(), place.clock.moment)
    try await ledger.account(
      ada.alias,
      .deliveryParked(
        DeliveryParked(
          .insufficientRights, decision: ada.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60),
          status: 403,
          detail: "no right")))
    try await ledger.append([Event(.user(ada.alias), .deliveryHeld(DeliveryHeld(reason: "case 7")))], actor: "olga")
    let held = try open(.frozen)
    #expect(held.code == DeliveryWord.operatorHold && held.operatorReason == "case 7" && held.remedy != nil)
    #expect(held.answer == "403 no right")
    let skip = DeliverySkipped(decision: ada.decisionPosition, reason: "by hand")
    try await ledger.append([Event(.user(ada.alias), .deliverySkipped(skip))], actor: "olga")
    let skipped = try open(.skipped)
    #expect(skipped.code == DeliveryWord.operatorSkip && skipped.operatorReason == "by hand; case 7")
    #expect(skipped.answer == "403" && skipped.json(behind: nil)["answer"] == "403")
    #expect(skipped.remedy?.contains("on hold too") == true)
    let row = try #require(try ledger.views.deliveries(alias: ada.alias).first)
    #expect(row.code == DeliveryWord.operatorSkip && row.remedy != nil && row.outcome == "skipped")
  }

  @Test("a cured delivery is told as resolved, not as an error")
  func cured() async throws {
    let (ada, now) = (try await ada(), place.clock.moment)
    try await ledger.account(
      ada.alias,
      .deliveryParked(
        DeliveryParked(
          .rejected, decision: ada.decisionPosition, attempt: 1, since: now, retry: now + .seconds(60))),
      .deliveryCompleted(DeliveryCompleted(.alreadySo, decision: ada.decisionPosition)))
    try ledger.views.catchUp()
    let json = try #require(try ledger.views.curedDeliveries().first).curedJSON
    #expect(json["resolved"] == true && json["error"] == .null && json["was"] == "Rejected")
    #expect(try ledger.views.openDeliveries(.parked).isEmpty)
  }

  @Test("every word has a meaning and a remedy")
  func words() {
    let drifts = DriftDetected.Kind.allCases.map(DeliveryWord.drift)
    for word in drifts + [DeliveryWord.operatorHold, DeliveryWord.operatorSkip, "timeout"] {
      let (meaning, remedy) = Explanation.of(word: word)
      #expect(!meaning.isEmpty && remedy.hasSuffix("."))
    }
  }
}
