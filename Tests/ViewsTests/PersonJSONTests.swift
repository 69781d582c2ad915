import Base
import CoreSupport
import JSON
import Provisioning
import Testing

@Suite("Views: the form in which a person is kept")
struct PersonJSONTests {
  private var random = SeededGenerator(seed: 1)

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func maybe<Value>(_ value: Value) -> Value? { random.chance(0.5) ? value : nil }

  private mutating func text() -> String {
    let pieces = ["a", "e\u{301}", "\u{e9}", "\"", "\\", "\n", "\u{0}", "\u{202e}", "😀", "李", " ", "\u{ffff}", "null"]
    return (0..<Int.random(in: 0...5, using: &random)).map { _ in pick(pieces) }.joined()
  }

  private mutating func position() -> Int64 { pick([0, 1, 77, 5_000_000_000, .max]) }

  private mutating func remote() -> RemoteAccount {
    RemoteAccount(id: text(), userName: text(), displayName: text(), active: random.chance(0.5))
  }

  private mutating func desired() -> DesiredAccount {
    DesiredAccount(userName: text(), displayName: text(), active: random.chance(0.5), ssoCustomerId: maybe(text()))
  }

  private mutating func person() -> Person {
    var person = Person(alias: text())
    person.state = pick([.present, .absent, .softDeleted, .deleted])
    if random.chance(0.8) {
      var user = DirectoryUser(id: text())
      for attribute in DirectoryAttribute.standard where random.chance(0.5) {
        user.attributes[attribute] = attribute.isBoolean ? .flag(random.chance(0.5)) : .text(text())
      }
      person.user = user
    }
    person.decision = maybe(
      Decision(
        pick(Decision.Action.allCases), pick(Decision.Reason.allCases), desired: maybe(desired()),
        cutFrom: maybe(text()), safeguard: maybe(text())))
    person.decisionPosition = position()
    person.lastDesired = maybe(desired())
    person.account.believed = maybe(remote())
    person.account.requestedUserName = maybe(text())
    person.account.wanted = position()
    person.account.completed = position()
    person.account.completedHow = maybe(pick([.call, .alreadySo, .readBack, .moved, .noAccount]))
    person.account.calls = pick([0, 1, 99])
    person.account.unanswered = maybe(
      CallStarted(
        call: 3, purpose: pick([.create, .change]), decision: position(), userName: maybe(text()),
        body: maybe(["x": .string(text()), "y": [1, .null, true, .decimal("1.50")]])))
    person.account.isVerified = random.chance(0.5)
    person.account.parked = maybe(
      DeliveryParked(
        pick(ParkReason.allCases), decision: position(), attempt: 4, since: Timestamp(milliseconds: 5),
        retry: Timestamp(milliseconds: 1_767_312_000_123), status: maybe(409), detail: maybe(text())))
    person.account.isAbandoned = random.chance(0.5)
    person.decision?.isChange = random.chance(0.5)
    person.legalHold = maybe(LegalHold(position: position(), time: Timestamp(milliseconds: 7), reason: maybe(text())))
    if let reason = ErasureReason("other") {
      person.erasure = maybe(PersonErasure(position: position(), time: Timestamp(milliseconds: 8), reason: reason))
    }
    return person
  }

  @Test("any person is read back from the text as it was")
  mutating func roundTrip() throws {
    for _ in 0..<2_000 {
      let person = person()
      let text = person.json.text
      let read = try #require(Person(try JSONParser.parse(text.utf8)))
      #expect(read == person)
      #expect(read.json.text == text)
    }
  }

  @Test("what is no person is refused", arguments: ["{}", "[]", "null", "{\"alias\":\"a\",\"state\":\"present\"}"])
  func noPerson(text: String) throws { #expect(Person(try JSONParser.parse(text.utf8)) == nil) }

  @Test("the target's condition is read back as it was")
  func condition() throws {
    let pause = EventPayload.targetPaused(
      TargetPaused(until: Timestamp(milliseconds: 1_767_312_000_123), refusals: 3, status: 403))
    let quarantine = EventPayload.quarantineEntered(
      QuarantineEntered(.insufficientRights, status: 403, operation: "GET /Users"))
    for events in [[], [pause], [quarantine], [pause, quarantine]] {
      var condition = TargetCondition()
      for event in events { condition.evolve(event) }
      #expect(TargetCondition(try JSONParser.parse(condition.json.text.utf8)) == condition)
    }
  }
}
