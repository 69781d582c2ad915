import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

@Suite("Delivery: somebody is erased")
struct ErasedRecipientTests {
  private func erased(_ alias: String = "ada") throws -> Event {
    let reason = try #require(ErasureReason("other"))
    return Event(.user(alias), .subjectErased(SubjectErased(reason: reason, forced: [], events: 1, calls: 0)))
  }

  private var grace: Person {
    var person = Person(alias: "grace")
    var user = DirectoryUser(id: "2")
    user.attributes = [.userPrincipalName: .text("ada@contoso.com")]
    person.evolve(.userObserved(UserObserved(state: .present, user: user)), at: 1)
    let desired = DesiredAccount(userName: "ada@contoso.com", displayName: "Grace Hopper", active: true)
    person.evolve(.decided(Decision(.create, .newInScope, desired: desired)), at: 3)
    return person
  }

  @Test("what was still to be sent is not sent, at any later time")
  func dropped() throws {
    var stage = Stage([.ada()])
    try stage.observe(erased())
    stage.answer(.page())
    #expect(stage.told() == ["scim.call.finished"])
    stage.pass(.seconds(30 * 86_400))
    stage.observe(Event(.cycle("c"), .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil))))
    #expect(stage.calls.isEmpty && stage.events.isEmpty && stage.machine.isIdle)
    #expect(stage.machine.unsettled == 0 && stage.machine.allPeople.first?.user == nil)
    // A restart knows nothing of it either.
    let again = Stage(stage.machine.allPeople)
    #expect(again.calls.isEmpty && again.machine.isIdle)
  }

  @Test("an answer to a call under way is recorded without what tells a person", arguments: 0..<9)
  func underWay(number: Int) throws {
    let answers: [(exchange: Exchange, outcome: CallFinished.Outcome)] = [
      (.account("u1", "ada@contoso.com", "Ada Lovelace", status: 201), .done),
      (.status(409, ["status": "409", "detail": "ada@contoso.com is taken"]), .refused),
      (.status(400, ["status": "400", "detail": "ada@contoso.com is odd"]), .refused),
      (.status(403, ["status": "403", "detail": "ada@contoso.com"]), .refused), (.status(404), .refused),
      (.html, .unknown), (.status(401), .refused), (.status(429, headers: ["retry-after": "5"]), .refused),
      (.failed(.timeout), .unknown),
    ]
    var stage = Stage([.ada()])
    stage.answer(.page())
    #expect(stage.told() == ["scim.call.finished", "scim.call.started"])
    try stage.observe(erased())
    stage.answer(answers[number].exchange)
    let finished = try #require(stage.last(CallFinished.self))
    #expect(finished.outcome == answers[number].outcome && finished.call == 1)
    for event in stage.events { #expect(event.payload.value.fields.sealed.isEmpty) }
    let others = Set(stage.told()).subtracting(["scim.call.finished"])
    #expect(others == (number == 6 ? ["quarantine.entered"] : number == 7 ? ["target.paused"] : []))
    stage.pass(.seconds(86_400))
    #expect(stage.calls.isEmpty && stage.machine.unsettled == 0)
  }

  @Test("who waited for the address goes on, and may take over the account")
  func waiter() throws {
    // Ada is to get another address, and Grace waits for hers.
    var ada = Person.ada(linked: Person.linkedAccount)
    let renamed = DesiredAccount(userName: "ada.king@contoso.com", displayName: "Ada Lovelace", active: true)
    ada.evolve(.decided(Decision(.update, .attributesChanged, desired: renamed)), at: 4)
    var stage = Stage([ada, grace])
    #expect(stage.calls.map(\.purpose) == [.change, .list])
    stage.delayFirst()
    stage.answer(.page(Exchange.user("u1", "ada@contoso.com", "Ada Lovelace")))
    #expect(stage.calls.map(\.person) == ["ada"])
    try stage.observe(erased())
    #expect(stage.last(AccountLinked.self)?.how == .matched)
    #expect(stage.calls.map(\.person) == ["ada", "grace"])
  }

  @Test("an account that moves to another person carries no name of the one who has left")
  func moved() {
    let left = Person.ada(.disable, active: false, linked: Person.linkedAccount)
    var stage = Stage([left, grace])
    while let call = stage.calls.first, call.person != "grace" {
      switch call.purpose {
      case .list: stage.answer(.page(Exchange.user("u1", "ada@contoso.com", "Ada Lovelace")))
      default: stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
      }
    }
    let linked = stage.last(AccountLinked.self)
    #expect(linked?.how == .moved && linked?.previous == "ada")
    #expect(linked?.account?.displayName == "" && linked?.account?.userName == "ada@contoso.com")
    let operations = stage.calls.first?.request.body?["Operations"]?.array
    #expect(operations?.contains { $0["value"]?.string == "Grace Hopper" } == true)
  }

  @Test("calls that are taken back leave no trace")
  func takenBack() throws {
    var machine = Machine(
      people: [.ada()], condition: TargetCondition(), settings: DeliverySettings(), seed: 1)
    let now = Timestamp(milliseconds: 1_767_225_600_000)
    let list = try #require(machine.start(at: now).calls.first)
    let create = machine.receive(.page(), for: list.id, at: now)
    #expect(create.calls.map(\.purpose) == [.create])
    _ = machine.recall(create.calls, at: now)
    #expect(machine.callsUnderWay == 0)
    _ = machine.observe(try erased(), at: 9, now: now)
    #expect(machine.isIdle && machine.nextWake == nil)
    #expect(machine.receive(.html, for: try #require(create.calls.first).id, at: now).events.isEmpty)
  }
}
