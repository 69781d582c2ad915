import Base
import Foundation
import Provisioning
import TestSupport
import Testing

@Suite("Audit rows: what an event did, how it went, and why")
struct AuditRowTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var payload: EventPayload
    var outcome: AuditOutcome
    var text: String?
    var testDescription: String { "\(payload.type) \(outcome.action) \(outcome.status)" }

    init(_ payload: EventPayload, _ outcome: AuditOutcome, text: String? = nil) {
      (self.payload, self.outcome, self.text) = (payload, outcome, text)
    }
  }

  private static let wanted = DesiredAccount(userName: "ada@example.com", displayName: "Ada", active: true)
  private static let moment = Timestamp(milliseconds: 0)

  private static func decided(_ action: Decision.Action, _ status: AuditOutcome.Status) -> Case {
    Case(
      .decided(Decision(action, .attributesChanged, desired: wanted)),
      AuditOutcome(action.rawValue, status, "AttributesChanged"))
  }

  private static func finished(
    _ purpose: CallPurpose, _ outcome: CallFinished.Outcome, _ code: Int?, error: String? = nil, detail: String? = nil
  ) -> EventPayload {
    .callFinished(
      CallFinished(
        call: 1, purpose: purpose, operation: "PATCH /Users/{id}", outcome: outcome, status: code, error: error,
        milliseconds: 1, detail: detail))
  }

  /// Of a person whose newest decision is a disable.
  static let cases = [
    decided(.create, .pending), decided(.update, .pending), decided(.disable, .pending), decided(.enable, .pending),
    decided(.skip, .skipped), decided(.none, .skipped), decided(.held, .warning),
    Case(
      .userObserved(UserObserved(state: .absent, user: DirectoryUser(id: "1"))),
      AuditOutcome("observe", .success, "absent")),
    Case(
      .callStarted(CallStarted(call: 1, purpose: .change, decision: 1, userName: nil, body: nil)),
      AuditOutcome("disable", .pending)),
    Case(finished(.create, .done, 201), AuditOutcome("create", .success)),
    Case(
      finished(.change, .refused, 409, error: "conflict", detail: "taken"),
      AuditOutcome("disable", .failure, "conflict"), text: "taken"),
    Case(finished(.change, .refused, 400), AuditOutcome("disable", .failure, "HTTP 400")),
    Case(finished(.change, .unknown, nil, error: "timeout"), AuditOutcome("disable", .warning, "timeout")),
    Case(finished(.readBack, .notFound, 404), AuditOutcome("readBack", .warning, "HTTP 404")),
    Case(finished(.change, .failed, nil, error: CallFinished.notSent), AuditOutcome("disable", .skipped, "not-sent")),
    Case(.deliveryCompleted(DeliveryCompleted(.readBack, decision: 1)), AuditOutcome("disable", .success, "readBack")),
    Case(
      .deliveryParked(
        DeliveryParked(.rejected, decision: 1, attempt: 1, since: moment, retry: moment, detail: "said so")),
      AuditOutcome("disable", .failure, "Rejected"), text: "said so"),
    Case(
      .deliveryAbandoned(DeliveryAbandoned(.entryConflict, decision: 1)),
      AuditOutcome("disable", .failure, "EntryConflict")),
    Case(.deliveryHeld(DeliveryHeld(reason: "on leave")), AuditOutcome("hold", .warning), text: "on leave"),
    Case(.deliverySkipped(DeliverySkipped(decision: 1, reason: "no")), AuditOutcome("skip", .skipped), text: "no"),
    Case(
      .driftDetected(DriftDetected(.extra, isRepaired: true, account: nil)), AuditOutcome("drift", .warning, "extra")),
    Case(.accountVerified(AccountVerified(isGone: true)), AuditOutcome("verify", .success, "gone")),
  ]

  private var leaver: Person {
    var person = Person(alias: "a")
    person.evolve(logged(.decided(Decision(.disable, .deletedInSource, desired: Self.wanted.disabled)), at: 1))
    return person
  }

  private func logged(_ payload: EventPayload, at position: Int64, on stream: Provisioning.Stream = .user("a"))
    -> LoggedEvent
  {
    LoggedEvent(
      Event(stream, payload, correlation: "c-1"), position: position, time: Timestamp(milliseconds: 20),
      occurred: Timestamp(milliseconds: 10), actor: "worker", causation: EventID(high: 1, low: 2))
  }

  @Test("each of an event about a person", arguments: cases)
  func row(example: Case) {
    let event = logged(example.payload, at: 7)
    var after = leaver
    after.evolve(event)
    let row = AuditRow(event, before: leaver, after: after)
    #expect(row.outcome == example.outcome && row.text == example.text)
    #expect(row.position == 7 && row.time.milliseconds == 20 && row.occurred.milliseconds == 10)
    #expect(row.actor == .worker && row.subject == "a" && row.correlation == "c-1" && row.type == example.payload.type)
    #expect(row.causation == EventID(high: 1, low: 2) && row.cycle == "c-1")
  }

  @Test("every type has words of its own, whole, sparse and erased", arguments: PayloadSamples.whole)
  func everyType(payload: EventPayload) throws {
    let event = logged(payload, at: 3)
    #expect(AuditRow(event).outcome.action != payload.type, "no word says what it did")
    let gone = AuditRow(try event.erased())
    #expect(gone.text == nil && gone.changes.isEmpty)
    #expect(gone.outcome == AuditRow(event).outcome, "an outcome says what is in clear alone")
    #expect(try event.erased().payload.names.isEmpty)
  }

  @Test("of a row nothing but its words and the names tells a person", arguments: PayloadSamples.whole)
  func clear(payload: EventPayload) {
    let row = AuditRow(logged(payload, at: 3))
    let words = [row.type, row.outcome.action, row.outcome.reason ?? "", row.cycle ?? ""] + row.changes
    #expect(!words.contains { $0.contains(PayloadSamples.marker) })
  }

  @Test("the attributes that changed, seen from the person before")
  func changes() {
    var person = Person(alias: "a")
    func changes(_ payload: EventPayload) -> [String] {
      let event = logged(payload, at: 2)
      defer { person.evolve(event) }
      return AuditRow(event, before: person).changes
    }
    func observed(_ name: String, mail: String?) -> EventPayload {
      var user = DirectoryUser(id: "1", attributes: [.displayName: .text(name)])
      user.attributes[.mail] = mail.map(DirectoryValue.text)
      return .userObserved(UserObserved(state: .present, user: user))
    }
    #expect(changes(observed("Ada", mail: "a@example.com")) == ["displayName", "mail"])
    #expect(changes(observed("Ada", mail: "b@example.com")) == ["mail"])
    #expect(changes(observed("Ada B", mail: nil)) == ["displayName", "mail"])
    #expect(
      changes(.decided(Decision(.create, .newInScope, desired: Self.wanted))) == ["userName", "displayName", "active"])
    var renamed = Self.wanted
    renamed.displayName = "Ada B"
    #expect(changes(.decided(Decision(.update, .attributesChanged, desired: renamed))) == ["displayName"])
    let account = RemoteAccount(id: "u1", userName: "Ada@Example.com", displayName: "Ada", active: true)
    #expect(changes(.linked(AccountLinked(.matched, account))) == [])
    let call = CallStarted(call: 1, purpose: .change, decision: 2, userName: nil, body: nil)
    #expect(changes(.callStarted(call)) == ["displayName"])
    var drifted = account
    drifted.active = false
    #expect(changes(.driftDetected(DriftDetected(.changed, isRepaired: false, account: drifted))) == ["active"])
  }

  @Test("a name that many share names nobody")
  func names() {
    let user = DirectoryUser(
      id: "1", attributes: [.mail: .text("a@example.com"), DirectoryAttribute(rawValue: "department"): .text("Sales")])
    #expect(
      EventPayload.userObserved(UserObserved(state: .present, user: user)).names
        == [AuditName("1"), AuditName("Sales", isName: false), AuditName("a@example.com")])
  }

  @Test(
    "words are found however they are written",
    arguments: [
      ("Ada.Lovelace@Example.com", ["ada", "lovelace", "example", "com"]), ("Zoë Saldaña", ["zoe", "saldana"]),
      ("Zoe\u{308}", ["zoe"]), ("ÅNGSTRÖM-42", ["angstrom", "42"]), ("李雷 Lei", ["李", "雷", "lei"]), ("", []),
      (" -- ", []),
      ("a a A", ["a"]), ("Ελένη", ["ελενη"]), (String(repeating: "x", count: 80), [String(repeating: "x", count: 64)]),
    ])
  func words(text: String, words: [String]) { #expect(AuditWords.of(text) == words) }
}
