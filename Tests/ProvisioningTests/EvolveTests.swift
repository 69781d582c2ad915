import Base
import CoreSupport
import Provisioning
import Testing

@Suite("Evolve: what is wanted, what is done")
struct EvolveTests {
  private static let remote = RemoteAccount(
    id: "u1", userName: "ada@example.com", displayName: "Name of ada", active: true)
  private static let moment = Timestamp(milliseconds: 0)

  private var person: Person { Person(alias: "ada") }

  /// A person after events at positions 10, 20, 30 …
  private func person(_ events: EventPayload...) -> Person {
    var person = person
    for (number, event) in events.enumerated() { person.evolve(event, at: Int64(number + 1) * 10) }
    return person
  }

  private static func decided(_ action: Decision.Action, _ desired: DesiredAccount?) -> EventPayload {
    .decided(Decision(action, .attributesChanged, desired: desired))
  }

  private static func completed(_ decision: Int64, _ how: DeliveryCompleted.How = .call) -> EventPayload {
    .deliveryCompleted(DeliveryCompleted(how, decision: decision))
  }

  private static func parked(_ reason: ParkReason) -> EventPayload {
    .deliveryParked(DeliveryParked(reason, decision: 10, attempt: 1, since: moment, retry: moment))
  }

  private static func call(_ purpose: CallPurpose, userName: String? = nil) -> EventPayload {
    .callStarted(CallStarted(call: 1, purpose: purpose, decision: 10, userName: userName, body: nil))
  }

  private static let create = decided(.create, account("ada"))
  private static let linked = EventPayload.linked(AccountLinked(.created, remote))

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var events: [EventPayload]
    var wanted: Int64
    var completed: Int64
    var isPending: Bool

    init(_ name: String, _ events: [EventPayload], wanted: Int64, completed: Int64, pending: Bool) {
      testDescription = name
      self.events = events
      self.wanted = wanted
      self.completed = completed
      isPending = pending
    }
  }

  static let table = [
    Row("nothing decided", [], wanted: 0, completed: 0, pending: false),
    Row("a create", [create], wanted: 10, completed: 0, pending: true),
    Row("a create, done", [create, completed(10)], wanted: 10, completed: 10, pending: false),
    Row(
      "the same again", [create, completed(10), decided(.none, account("ada"))], wanted: 10, completed: 10,
      pending: false),
    Row(
      "the same again before it is done", [create, decided(.none, account("ada"))], wanted: 10, completed: 0,
      pending: true),
    Row(
      "changed", [create, completed(10), decided(.update, account("ada", name: "King"))], wanted: 30, completed: 10,
      pending: true),
    Row(
      "changed and back", [create, decided(.update, account("eve")), completed(10), decided(.update, account("ada"))],
      wanted: 40, completed: 10, pending: true),
    Row(
      "done for an older decision only", [create, decided(.update, account("eve")), completed(10)], wanted: 20,
      completed: 10, pending: true),
    Row(
      "done for a newer one covers older ones", [create, decided(.update, account("eve")), completed(20)], wanted: 20,
      completed: 20, pending: false),
    Row(
      "an older completion after a newer one", [create, completed(10), completed(5)], wanted: 10, completed: 10,
      pending: false),
    Row(
      "skipped with the last values", [create, decided(.skip, account("ada"))], wanted: 10, completed: 0, pending: true),
    Row("skipped with no account", [create, decided(.skip, nil)], wanted: 20, completed: 0, pending: false),
    Row(
      "a disable", [create, completed(10), decided(.disable, account("ada", active: false))], wanted: 30, completed: 10,
      pending: true),
    Row("held", [create, completed(10), decided(.held, account("ada"))], wanted: 10, completed: 10, pending: false),
    Row("a write without an answer", [create, completed(10), call(.change)], wanted: 10, completed: 10, pending: true),
    Row("parked stays pending", [create, parked(.rejected)], wanted: 10, completed: 0, pending: true),
    Row(
      "abandoned stays pending", [create, .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: 10))], wanted: 10,
      completed: 0, pending: true),
  ]

  @Test("wanted and completed positions", arguments: table)
  func positions(row: Row) {
    var person = person
    for (number, event) in row.events.enumerated() { person.evolve(event, at: Int64(number + 1) * 10) }
    #expect(person.account.wanted == row.wanted)
    #expect(person.account.completed == row.completed)
    #expect(person.isPending == row.isPending)
  }

  @Test("a decision with no desired state keeps the last one for a later disable")
  func lastDesired() {
    let person = person(Self.create, Self.decided(.skip, nil))
    #expect(person.desired == nil && person.lastDesired == account("ada") && person.decisionPosition == 20)
  }

  // MARK: Set aside

  @Test("a changed decision takes up again what was parked or abandoned; the same one does not")
  func setAside() {
    let abandoned = EventPayload.deliveryAbandoned(DeliveryAbandoned(.rejected, decision: 10))
    for event in [Self.parked(.rejected), abandoned] {
      #expect(person(Self.create, event).isSetAside)
      #expect(person(Self.create, event, Self.decided(.none, account("ada"))).isSetAside)
      #expect(!person(Self.create, event, Self.decided(.update, account("ada", name: "King"))).isSetAside)
      #expect(!person(Self.create, event, Self.completed(10)).isSetAside)
    }
  }

  @Test("abandoned follows parked, and parked again follows a retry of what was abandoned")
  func parkedOrAbandoned() {
    let abandoned = EventPayload.deliveryAbandoned(DeliveryAbandoned(.rejected, decision: 10))
    let first = person(Self.create, Self.parked(.rejected), abandoned)
    #expect(first.account.parked == nil && first.account.isAbandoned)
    let second = person(Self.create, Self.parked(.rejected), abandoned, Self.parked(.targetFault))
    #expect(second.account.parked?.reason == .targetFault && !second.account.isAbandoned)
  }

  @Test("a broken anchor unlinks, another refusal does not")
  func invalidAnchor() {
    #expect(person(Self.create, Self.linked, Self.parked(.rejected)).account.believed == Self.remote)
    #expect(person(Self.create, Self.linked, Self.parked(.invalidAnchor)).account.userName == nil)
  }
}
