import Base
import CoreSupport
import DeliveryMachine
import Provisioning
import SCIM
import Testing

/// Whose address somebody else is to have: who is inactive gives it free, and people who exchange theirs are told so.
@Suite("Making way")
struct MakingWayTests {
  /// Somebody with an account, who is to have another address.
  private func person(_ number: Int, to address: String, active: Bool = true) -> Person {
    var person = Person.number(number, active: true, isLinked: true)
    let name = "Old \(number)"
    let desired = DesiredAccount(userName: "\(address)@contoso.com", displayName: name, active: active)
    person.evolve(
      .decided(
        Decision(active ? .update : .disable, active ? .attributesChanged : .disabledInSource, desired: desired)),
      at: 4)
    return person
  }

  private func play(_ people: [Person], isTerse: Bool = false, refusesPatch: Int? = nil) -> Play {
    var settings = DeliverySettings()
    settings.profile = .rfc7644
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    play.target.isTerse = isTerse
    play.target.refusesPatch = refusesPatch
    play.start()
    play.run()
    return play
  }

  private func addresses(_ play: Play) -> [String] {
    play.target.accounts.map { "\($0.userName.prefix { $0 != "@" }) \($0.active)" }
  }

  @Test(
    "B7: who is disabled and renamed gives the old address to whoever gets it, and is verified once more",
    arguments: [(false, nil), (true, nil), (false, 405)] as [(Bool, Int?)])
  func renamedFirst(isTerse: Bool, refusesPatch: Int?) {
    var play = play(
      [person(1, to: "p2"), person(2, to: "p2.old", active: false)], isTerse: isTerse, refusesPatch: refusesPatch)
    #expect(addresses(play) == ["p2 true", "p2.old false"])
    #expect(play.all(DeliveryParked.self).isEmpty && play.machine.isIdle)
    play.pass(.seconds(60))
    #expect(play.people["p2"]?.account.isVerified == true)
    #expect(play.people["p2"]?.account.believed?.userName == "p2.old@contoso.com")
  }

  @Test("B7: so is a joiner who gets the address")
  func joiner() {
    var joiner = Person.number(3)
    let desired = DesiredAccount(userName: "p2@contoso.com", displayName: "New 3", active: true)
    joiner.evolve(.decided(Decision(.create, .newInScope, desired: desired)), at: 4)
    let play = play([joiner, person(2, to: "p2.old", active: false)])
    #expect(addresses(play).sorted() == ["p2 true", "p2.old false"])
    #expect(play.all(DeliveryParked.self).isEmpty)
  }

  @Test(
    "where TeamViewer refuses to rename the inactive account, whoever needs the address is told", arguments: [400, 403])
  func refused(status: Int) {
    var settings = DeliverySettings()
    settings.profile = .rfc7644
    var play = Play([person(1, to: "p2"), person(2, to: "p2.old", active: false)], settings: settings)
    play.target.accounts = play.people.values.compactMap(\.account.believed)
    play.meddle = { _, call in
      let isRename = AccountAttributes(sent: call.request.body)[.userName]?.text == "p2.old@contoso.com"
      return isRename ? .status(status) : nil
    }
    play.start()
    play.pass(.seconds(600))
    #expect(play.people["p1"]?.account.parked?.reason == .entryConflict)
    #expect(play.people["p2"]?.account.parked == nil && play.people["p2"]?.isPending == false)
    #expect(play.people["p2"]?.account.isVerified == true)
    #expect(play.sent.count < 20)
  }

  @Test("a process that dies anywhere on the way comes to the same end", arguments: 1...12)
  func crash(steps: Int) {
    var settings = DeliverySettings()
    settings.profile = .rfc7644
    var play = Play([person(1, to: "p2"), person(2, to: "p2.old", active: false)], settings: settings)
    play.target.accounts = [1, 2].compactMap { play.people["p\($0)"]?.account.believed }
    play.start()
    for _ in 0..<steps { play.step() }
    play.start()
    play.run()
    play.pass(.seconds(60))
    #expect(addresses(play) == ["p2 true", "p2.old false"])
    #expect(play.people["p2"]?.account.isVerified == true)
  }

  @Test("a read that is to verify once more, and fails, is done again")
  func verifiedAgain() {
    var settings = DeliverySettings()
    settings.profile = .rfc7644
    var play = Play([person(1, to: "p2"), person(2, to: "p2.old", active: false)], settings: settings)
    play.target.accounts = [1, 2].compactMap { play.people["p\($0)"]?.account.believed }
    var reads = 0
    play.meddle = { target, call in
      guard call.purpose == .verify, target.accounts[1].userName == "p2.old@contoso.com" else { return nil }
      reads += 1
      return reads < 4 ? .status(503) : nil
    }
    play.start()
    play.pass(.seconds(120))
    #expect(reads == 4 && play.people["p2"]?.account.isVerified == true)
  }

  /// Somebody who has left, and whose account was verified to be inactive.
  private func leaver(_ number: Int) -> Person {
    var person = Person.number(number, active: true, isLinked: true)
    guard var account = person.account.believed else { return person }
    account.active = false
    let desired = DesiredAccount(userName: account.userName, displayName: account.displayName, active: false)
    person.evolve(.decided(Decision(.disable, .absentFromSource, desired: desired)), at: 4)
    person.evolve(.accountVerified(AccountVerified(isGone: false, account: account)), at: 5)
    person.evolve(.deliveryCompleted(DeliveryCompleted(.call, decision: 4)), at: 6)
    person.state = .absent
    return person
  }

  @Test("an address that only a leaver's remembered account holds is asked for: the account may be gone")
  func remembered() {
    var play = Play([person(1, to: "p2"), leaver(2)])
    play.target.accounts = ["p1"].compactMap { play.people[$0]?.account.believed }
    play.start()
    play.run()
    #expect(addresses(play) == ["p2 true"])
    #expect(play.all(DeliveryParked.self).isEmpty && play.machine.isIdle)
  }

  @Test("when TeamViewer says that such an address is taken, whoever needs it is told so, after one write")
  func rememberedRightly() {
    var play = Play([person(1, to: "p2"), leaver(2)])
    play.target.accounts = ["p1"].compactMap { play.people[$0]?.account.believed }
    play.meddle = { _, call in call.purpose == .change ? .status(409) : nil }
    play.start()
    play.run()
    #expect(play.people["p1"]?.account.parked?.reason == .entryConflict)
    #expect(play.sent.count { $0.purpose == .change } == 1)
  }

  @Test("B8: two who exchange their addresses are both told that")
  func exchange() {
    let play = play([person(1, to: "p2"), person(2, to: "p1")])
    #expect(play.people.values.map(\.account.parked?.reason) == [.addressRing, .addressRing])
  }

  @Test("so are three")
  func ring() {
    let play = play([person(1, to: "p2"), person(2, to: "p3"), person(3, to: "p1")])
    #expect(play.people.values.allSatisfy { $0.account.parked?.reason == .addressRing })
  }
}
