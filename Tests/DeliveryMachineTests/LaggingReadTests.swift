import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// Reads and answers that show what was before a write.
@Suite("Reads that are behind")
struct LaggingReadTests {
  private static func account(active: Bool) -> RemoteAccount {
    RemoteAccount(id: "u1", userName: "p1@contoso.com", displayName: "New 1", active: active)
  }

  private static func returns() -> Event {
    let desired = DesiredAccount(userName: "p1@contoso.com", displayName: "New 1", active: true)
    return Event(.user("p1"), .decided(Decision(.enable, .activeAgain, desired: desired)))
  }

  /// The values of `active` that were sent.
  private func sent(_ play: Play) -> [Bool] {
    play.sent.filter(\.purpose.isWrite).compactMap { AccountAttributes(sent: $0.request.body)[.active]?.flag }
  }

  /// A leaver whose disable took effect, and whose account every read shows as it was before.
  private func disabled() -> Play {
    var person = Person.number(1, active: false)
    person.evolve(.linked(AccountLinked(.matched, Self.account(active: true))), at: 4)
    var play = Play([person])
    play.target.accounts = [Self.account(active: true)]
    play.meddle = { _, call in
      call.purpose.isWrite ? nil : .status(200, SmallTeamViewer.user(Self.account(active: true)))
    }
    play.start()
    return play
  }

  @Test("a disable that no read shows is parked after some seconds, not at once")
  func patience() {
    var play = disabled()
    let start = play.now
    play.run()
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.notApplied] && play.target.accounts[0].active == false)
    #expect(sent(play) == [false, false, false] && play.now - start > .seconds(5))
  }

  @Test("a disable that reads show after three seconds is done")
  func shownLate() {
    var play = disabled()
    play.pass(.seconds(3))
    play.meddle = { _, _ in nil }
    play.run()
    #expect(play.people["p1"]?.account.isVerified == true && play.all(DeliveryParked.self).isEmpty)
  }

  @Test("whoever comes back after a disable that no read shows is enabled by a call", arguments: [true, false])
  func comesBack(isParked: Bool) throws {
    var play = disabled()
    if isParked { play.run() } else { play.pass(.milliseconds(100)) }
    play.observe(Self.returns())
    play.run()
    #expect(sent(play).last == true && play.target.accounts[0].active && play.people["p1"]?.isPending == false)
    #expect(play.people["p1"]?.account.completedHow == .call)
  }

  @Test("so is whoever comes back while no worker runs: the log knows what was acknowledged")
  func comesBackLater() throws {
    var before = disabled()
    before.run()
    var person = try #require(before.people["p1"].flatMap { Person($0.json) })
    #expect(person == before.people["p1"] && person.account.unconfirmedActive == false)
    person.evolve(Self.returns().payload, at: 5000)
    var play = Play([person])
    play.target.accounts = before.target.accounts
    play.start()
    play.run()
    #expect(sent(play) == [true] && play.target.accounts[0].active)
    #expect(play.people["p1"]?.account.unconfirmedActive == nil)
  }

  @Test("an enable that is answered with what was before is read before anything is said of it")
  func oldBody() {
    var person = Person.number(1)
    person.evolve(.linked(AccountLinked(.matched, Self.account(active: false))), at: 4)
    var play = Play([person])
    play.target.accounts = [Self.account(active: false)]
    play.meddle = { target, call in
      guard call.purpose.isWrite else { return nil }
      _ = target.answer(call.request)
      return .status(200, SmallTeamViewer.user(Self.account(active: false)))
    }
    play.start()
    play.run()
    #expect(play.sent.map(\.purpose) == [.change, .verify] && play.all(DeliveryParked.self).isEmpty)
    #expect(play.people["p1"]?.isPending == false && play.people["p1"]?.account.believed?.active == true)
  }

  @Test("whoever leaves while an enable does not show yet is disabled by a call")
  func leavesBeforeItShows() {
    var person = Person.number(1)
    person.evolve(.linked(AccountLinked(.matched, Self.account(active: false))), at: 4)
    var play = Play([person])
    play.target.accounts = [Self.account(active: false)]
    var isBehind = true
    play.meddle = { target, call in
      let answer = target.answer(call.request)
      if call.purpose == .list || !isBehind { return answer }
      return .status(200, SmallTeamViewer.user(Self.account(active: false)))
    }
    play.start()
    while play.sent.last?.purpose != .verify { play.step() }
    play.observe(.leaves(1))
    play.step()
    isBehind = false
    play.run()
    #expect(sent(play) == [true, false] && play.target.accounts[0].active == false)
    #expect(play.people["p1"]?.account.isVerified == true && play.people["p1"]?.isPending == false)
  }

  @Test("an enable that has no effect is parked")
  func noEffect() {
    var person = Person.number(1)
    person.evolve(.linked(AccountLinked(.matched, Self.account(active: false))), at: 4)
    var play = Play([person])
    play.target.accounts = [Self.account(active: false)]
    play.target.isDeaf = true
    play.start()
    play.run()
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.notApplied] && sent(play) == [true, true, true])
    #expect(play.machine.isIdle)
  }

  @Test("whoever comes back under a new object id is enabled, although the list shows the account as active")
  func comesBackAnew() {
    var play = disabled()
    play.run()
    var heir = Person.number(1)
    heir.alias = "p9"
    play = Play(Array(play.people.values) + [heir])
    play.target.accounts = [Self.account(active: false)]
    play.meddle = { _, call in
      call.purpose == .list ? .page(SmallTeamViewer.user(Self.account(active: true))) : nil
    }
    play.start()
    play.run()
    #expect(play.people["p9"]?.account.believed?.id == "u1" && play.target.accounts[0].active)
  }
}
