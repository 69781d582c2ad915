import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// The linked account of a leaver shows another's address: somebody gave it to them by hand.
@Suite("Accounts that changed hands")
struct HandedOnTests {
  private static func account(_ id: String, _ number: Int) -> RemoteAccount {
    RemoteAccount(id: id, userName: "p\(number)@contoso.com", displayName: "New \(number)", active: true)
  }

  /// Somebody present, whose account was as wanted.
  private static func present(_ number: Int) -> Person {
    var person = Person.number(number)
    person.evolve(.linked(AccountLinked(.matched, account("u\(number)", number))), at: 4)
    person.evolve(.deliveryCompleted(DeliveryCompleted(.alreadySo, decision: 3)), at: 5)
    return person
  }

  private func sent(_ play: Play) -> [Bool?] {
    play.sent.filter { $0.purpose == .change && $0.request.path == SCIMRequest.getUser("u1").path }
      .map { AccountAttributes(sent: $0.request.body)[.active]?.flag }
  }

  @Test("the answer to the disable shows it: it is made active again, and the leaver is matched anew")
  func answer() {
    var play = Play([.number(1, active: false, isLinked: true), Self.present(5)])
    // The account that the other had is gone.
    play.target.accounts = [Self.account("u1", 5)]
    play.start()
    play.run()
    #expect(play.target.accounts == [Self.account("u1", 5)] && sent(play) == [false, true])
    #expect(play.all(AccountUnlinked.self).map(\.reason) == [.heldByAnother])
    #expect(play.people["p1"]?.isPending == false && play.all(DeliveryCompleted.self).map(\.how) == [.noAccount])
    #expect(play.machine.isIdle && play.all(AccountVerified.self).isEmpty)
    let shown = play.all(CallFinished.self).compactMap { $0.account?.userName }
    #expect(!shown.contains("p5@contoso.com"), "another's address is not sealed with the leaver")
  }

  @Test("no answer loses the way back: neither one that is lost, nor a process that dies", arguments: 1...6)
  func lost(steps: Int) {
    for isKilled in [true, false] {
      var play = Play([.number(1, active: false, isLinked: true), Self.present(5)])
      play.target.accounts = [Self.account("u1", 5)]
      var writes = 0
      play.meddle = { target, call in
        guard !isKilled, call.purpose.isWrite else { return nil }
        writes += 1
        guard writes == steps else { return nil }
        _ = target.answer(call.request)
        return .failed(.reset)
      }
      play.start()
      if isKilled {
        for _ in 0..<steps { play.step() }
        play.start()
      }
      play.run()
      #expect(play.target.accounts == [Self.account("u1", 5)] && play.machine.isIdle)
      #expect(play.people["p1"]?.account.believed == nil && play.people["p1"]?.isPending == false)
    }
  }

  @Test("a list shows it: nothing is sent to it, and a joiner whose address it shows gets it")
  func list() {
    var play = Play([.number(1, isLinked: true), .number(2)])
    play.target.accounts = [Self.account("u1", 1)]
    play.start()
    play.run()
    play.target.accounts[0] = Self.account("u1", 9)
    play.observe(Event(.cycle("c"), .cycleStarted(CycleStarted(source: .snapshot, isInitial: false))))
    let desired = DesiredAccount(userName: "p9@contoso.com", displayName: "New 9", active: true)
    let user = Person.number(9).user
    if let user { play.observe(Event(.user("p9"), .userObserved(UserObserved(state: .present, user: user)))) }
    play.observe(Event(.user("p9"), .decided(Decision(.create, .newInScope, desired: desired))))
    play.step()
    play.observe(.leaves(1))
    play.run()
    play.observe(Event(.user("p9"), .deliveryRetried(DeliveryRetried())))
    play.run()
    #expect(!sent(play).contains(false) && play.target.accounts[0] == Self.account("u1", 9))
    #expect(play.people["p9"]?.account.believed?.id == "u1" && play.people["p1"]?.isPending == false)
  }

  @Test("an account under an address that nobody in the directory has stays the leaver's, and is disabled")
  func renamed() {
    var play = Play([.number(1, active: false, isLinked: true), Self.present(5)])
    var own = Self.account("u1", 1)
    own.userName = "private@contoso.com"
    play.target.accounts = [own, Self.account("u5", 5)]
    play.start()
    play.run()
    #expect(play.target.accounts.map(\.active) == [false, true] && play.people["p1"]?.account.isVerified == true)
  }
}
