import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

@Suite("Delivery")
struct DeliveryStepTests {
  @Test("a create reads everybody once, writes ahead, creates, links and completes")
  func create() {
    var stage = Stage([.ada()])
    #expect(stage.answer(.page())?.purpose == .list)
    #expect(stage.told() == ["scim.call.finished", "scim.call.started"])
    #expect(stage.calls.map(\.operation) == ["POST /Users"])
    stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", status: 201))
    #expect(stage.told() == ["scim.call.finished", "account.linked", "delivery.completed"])
    #expect(stage.machine.isIdle)
  }

  @Test("an account that has the address already, in any case, is linked, and nothing is sent when it is as wanted")
  func match() {
    var stage = Stage([.ada()])
    stage.answer(.page(Exchange.user("u7", "ADA@contoso.com", "Ada Lovelace")))
    #expect(stage.told() == ["scim.call.finished", "account.linked", "delivery.completed"])
    #expect(stage.calls.isEmpty)
  }

  @Test("only changed attributes are sent")
  func change() {
    var stage = Stage([.ada(.update, name: "Ada King", linked: Person.linkedAccount)])
    let operations = stage.calls.first?.request.body?["Operations"]?.array
    #expect(operations?.compactMap { $0["path"]?.string } == ["displayName"])
    stage.answer(.account("u1", "ada@contoso.com", "Ada King"))
    #expect(stage.told().last == "delivery.completed")
  }

  @Test("a disable sends active alone, and is complete only when reads show it, and no other account")
  func disable() {
    var stage = Stage([.ada(.disable, active: false, name: "Other Name", linked: Person.linkedAccount)])
    #expect(stage.calls.first?.request.body?["Operations"]?.array?.count == 1)
    stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
    #expect(stage.told() == ["scim.call.started", "scim.call.finished"])
    #expect(stage.calls.map(\.purpose) == [.verify])
    stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
    #expect(stage.told() == ["scim.call.finished", "account.verified"])
    let account = Exchange.user("u1", "ada@contoso.com", "Ada Lovelace", active: false)
    #expect(stage.answer(.page(account))?.request.parameter("filter") == "userName eq \"ada@contoso.com\"")
    #expect(stage.told() == ["scim.call.finished", "delivery.completed"])
  }

  @Test("a disable that is answered well and has no effect is tried three times, then parked")
  func ineffective() {
    var stage = Stage([.ada(.disable, active: false, linked: Person.linkedAccount)])
    for _ in 0..<3 {
      stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
      stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: true))
      stage.pass(.seconds(20))
    }
    #expect(stage.last(DeliveryParked.self)?.reason == .notApplied)
    #expect(stage.machine.isIdle)
  }

  @Test("a protected account is never disabled")
  func protected() {
    var settings = DeliverySettings()
    settings.protectedAddresses = ["ada@contoso.com"]
    let stage = Stage([.ada(.disable, active: false, linked: Person.linkedAccount)], settings: settings)
    #expect(stage.calls.isEmpty)
    #expect(stage.last(DeliveryParked.self)?.reason == .protectedAccount)
  }

  @Test("a person who comes back under a new object id gets the account of the one who left")
  func moved() {
    var left = Person.ada(.disable, active: false, linked: Person.linkedAccount)
    left.alias = "old"
    var stage = Stage([left, .ada()])
    var isActive = true
    for _ in 0..<12 {
      guard let call = stage.calls.first else { break }
      if call.purpose == .change { isActive = call.request.body?["Operations"]?.array?.first?["value"] == true }
      let account = Exchange.user("u1", "ada@contoso.com", "Ada Lovelace", active: isActive)
      stage.answer(call.purpose == .list ? .page(account) : .status(200, account))
    }
    let people = stage.machine.allPeople
    #expect(people.first { $0.alias == "ada" }?.account.believed?.id == "u1")
    #expect(people.first { $0.alias == "old" }?.account.believed == nil)
    #expect(isActive)
    #expect(stage.machine.isIdle)
  }

  @Test("who takes an account over takes back the address that the one before asked for and never confirmed")
  func movedUnconfirmed() {
    var left = Person.ada(.disable, active: false, linked: Person.linkedAccount)
    left.alias = "old"
    left.account.requestedUserName = "lovelace@contoso.com"
    var stage = Stage([left, .ada()])
    while let call = stage.calls.first, call.person != "ada" {
      let account = Exchange.user("u1", "ada@contoso.com", "Ada Lovelace", active: false)
      stage.answer(call.purpose == .list ? .page(account) : .status(200, account))
    }
    let operations = stage.calls.first?.request.body?["Operations"]?.array
    #expect(operations?.contains { $0["path"] == "userName" && $0["value"] == "ada@contoso.com" } == true)
  }

  @Test("a full read that was overtaken by an answer does not bring older values back")
  func overtakenList() {
    var left = Person.ada(.disable, active: false, linked: Person.linkedAccount)
    left.alias = "old"
    var stage = Stage([left, .ada()])
    // The disable and the full read are on their way together; the read's answer is older and comes later.
    #expect(Set(stage.calls.map(\.purpose)) == [.change, .list])
    if stage.calls.first?.purpose == .list { stage.delayFirst() }
    stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
    stage.answer(.page(Exchange.user("u1", "ada@contoso.com", "Ada Lovelace", active: true)))
    stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
    #expect(stage.calls.first?.request.body?["Operations"]?.array?.first?["path"] == "active")
  }

  @Test("a newer decision while a call is under way is delivered after it, from what the answer shows")
  func overtaken() {
    var stage = Stage([.ada(.update, name: "Ada King", linked: Person.linkedAccount)])
    let desired = DesiredAccount(userName: "ada@contoso.com", displayName: "Ada Byron", active: true)
    stage.observe(Event(.user("ada"), .decided(Decision(.update, .attributesChanged, desired: desired))))
    #expect(stage.calls.count == 1)
    stage.answer(.account("u1", "ada@contoso.com", "Ada King"))
    #expect(stage.calls.first?.request.body?["Operations"]?.array?.first?["value"] == "Ada Byron")
    stage.answer(.account("u1", "ada@contoso.com", "Ada Byron"))
    #expect(stage.last(DeliveryCompleted.self)?.decision == 101)
  }

  @Test("after a stop no call leaves, and those under way are still taken in")
  func stops() {
    var stage = Stage([.ada()])
    stage.stop()
    stage.answer(.page())
    #expect(stage.calls.isEmpty)
    #expect(stage.machine.callsUnderWay == 0)
    #expect(stage.told() == ["scim.call.finished"])
  }
}
