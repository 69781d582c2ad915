import Base
import CoreSupport
import DeliveryMachine
import Provisioning
import SCIM
import Testing

@Suite("Addresses that wait for their confirmation")
struct RereadTests {
  private static let old = RemoteAccount(
    id: "u1", userName: "old@contoso.com", displayName: "New 1", active: true)

  /// Somebody whose address was asked to change, and TeamViewer keeps the old one for now.
  private func waiting(_ settings: DeliverySettings = DeliverySettings()) -> Play {
    var person = Person.number(1)
    person.evolve(.linked(AccountLinked(.created, Self.old)), at: 4)
    var play = Play([person], settings: settings)
    play.target.accounts = [Self.old]
    play.meddle = { _, call in
      call.purpose == .change ? .account("u1", "old@contoso.com", "New 1") : nil
    }
    play.start()
    play.run()
    return play
  }

  @Test("the account is read after 1, 6 and 24 hours, then daily, until the address shows")
  func ladder() {
    var play = waiting()
    #expect(play.people["p1"]?.isPending == false)
    #expect(play.people["p1"]?.account.requestedUserName == "p1@contoso.com")
    #expect(play.machine.isIdle && play.sent.count == 1)
    let start = play.now
    play.pass(.seconds(5 * 86_400 - 60))
    let hours = play.sent.dropFirst().map { ($0.sent - start).milliseconds / 3_600_000 }
    #expect(hours == [1, 6, 24, 48, 72, 96])
    #expect(play.sent.dropFirst().allSatisfy { $0.purpose == .verify && $0.operation == "GET /Users/{id}" })
    #expect(play.people["p1"]?.account.isVerified == false)
    play.target.accounts[0].userName = "p1@contoso.com"
    play.pass(.seconds(86_400))
    #expect(play.people["p1"]?.account.requestedUserName == nil)
    let count = play.sent.count
    play.pass(.seconds(10 * 86_400))
    #expect(play.sent.count == count && play.machine.nextWake == nil)
  }

  @Test("what somebody changed meanwhile is no news to take over: the next comparison brings it back", arguments: 0..<2)
  func edited(what: Int) {
    var settings = DeliverySettings()
    settings.reconcileEvery = .seconds(2 * 86_400)
    settings.repairsDrift = true
    var play = waiting(settings)
    play.meddle = { _, _ in nil }
    if what == 0 {
      play.target.accounts[0].displayName = "By Hand"
    } else {
      play.target.accounts[0].userName = "by-hand@contoso.com"
    }
    play.pass(.seconds(5 * 86_400))
    #expect(play.target.accounts[0].displayName == "New 1")
    #expect(what == 0 || play.target.accounts[0].userName == "p1@contoso.com")
    #expect(play.all(DriftDetected.self).map(\.kind) == [.changed])
  }

  @Test("failures and refusals of such a read park nobody", arguments: [404, 400, 500, 429])
  func failures(status: Int) {
    var play = waiting()
    play.meddle = { _, call in call.purpose == .verify ? .status(status) : nil }
    play.pass(.seconds(20 * 86_400))
    #expect(play.all(DeliveryParked.self).isEmpty && play.all(CallStarted.self).count == 1)
    #expect((1...24).contains(play.sent.count - 1))
    #expect(play.machine.isIdle)
  }

  @Test("nobody who is held is read; once released, it goes on; a restart begins anew")
  func held() {
    var play = waiting()
    play.observe(Event(.user("p1"), .deliveryHeld(DeliveryHeld(reason: nil))))
    play.pass(.seconds(3 * 86_400))
    #expect(play.sent.count == 1)
    play.observe(Event(.user("p1"), .deliveryRetried(DeliveryRetried())))
    play.pass(.seconds(3601))
    #expect(play.sent.count == 2)
    play.start()
    play.pass(.seconds(3601))
    #expect(play.sent.count == 3)
  }

  @Test("an account that is read as inactive is not taken as a verified leaver")
  func inactive() {
    var play = waiting()
    play.target.accounts[0].active = false
    play.pass(.seconds(3700))
    #expect(play.people["p1"]?.account.isVerified == false && play.all(AccountVerified.self).isEmpty)
    #expect(play.people["p1"]?.account.believed?.active == false)
  }

  @Test("whoever leaves while the address waits is disabled, and with PUT keeps the old address")
  func leaves() {
    var settings = DeliverySettings()
    settings.update = .put
    var person = Person.number(1)
    person.evolve(.linked(AccountLinked(.created, Self.old)), at: 4)
    person.account.requestedUserName = "p1@contoso.com"
    person.account.completed = 3
    var play = Play([person], settings: settings)
    play.target.accounts = [Self.old]
    play.start()
    play.observe(.leaves(1))
    play.run()
    #expect(play.target.accounts.first?.userName == "old@contoso.com")
    #expect(play.target.accounts.first?.active == false)
    #expect(play.people["p1"]?.account.requestedUserName == nil)
  }
}
