import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// TeamViewer does not know the id of an account that is linked, or has several accounts with one address.
@Suite("Accounts that are gone, and accounts of one address")
struct GoneAccountTests {
  private static let old = RemoteAccount(id: "u1", userName: "p1@contoso.com", displayName: "Old 1", active: true)
  private static let new = RemoteAccount(id: "u2", userName: "P1@contoso.com", displayName: "By Hand", active: true)

  private static let stranger = RemoteAccount(
    id: "u9", userName: "stranger@contoso.com", displayName: "A Stranger", active: true)

  private func play(_ accounts: [RemoteAccount], active: Bool) -> Play {
    var play = Play([.number(1, active: active, isLinked: true)])
    play.target.accounts = accounts
    play.start()
    play.run()
    return play
  }

  @Test("of a leaver whose account was made again by hand the new account is disabled")
  func madeAgain() {
    let play = play([Self.new], active: false)
    #expect(play.target.accounts.map(\.active) == [false])
    #expect(play.all(AccountUnlinked.self).map(\.reason) == [.notFound])
    #expect(play.people["p1"]?.account.believed?.id == "u2" && play.people["p1"]?.account.isVerified == true)
    #expect(play.all(AccountVerified.self).allSatisfy { !$0.isGone })
  }

  @Test("a leaver counts as gone once neither id nor address is found")
  func gone() {
    let play = play([Self.stranger], active: false)
    #expect(play.sent.map(\.purpose) == [.change, .list, .readBack, .readBack])
    #expect(play.all(AccountVerified.self).map(\.isGone) == [true])
    #expect(play.all(DeliveryCompleted.self).map(\.how) == [.noAccount])
  }

  @Test("an account that was deleted by hand is made again at once when the person changes")
  func deleted() {
    let play = play([Self.stranger], active: true)
    #expect(play.target.creates == 1 && play.all(DeliveryParked.self).isEmpty)
    #expect(play.people["p1"]?.isPending == false && play.machine.isIdle)
  }

  @Test(
    "an account that the list shows and nobody knows by id keeps its link, and is parked", arguments: [true, false])
  func confused(active: Bool) {
    var play = Play([.number(1, active: active, isLinked: true)])
    play.target.accounts = [Self.old]
    play.meddle = { _, call in call.purpose == .list ? nil : .status(404) }
    play.start()
    play.run(steps: 100)
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.unfitAnswer] && play.machine.isIdle)
    #expect(play.all(AccountUnlinked.self).isEmpty && play.all(AccountVerified.self).isEmpty)
    #expect(play.target.creates == 0 && play.people["p1"]?.account.believed?.id == "u1")
  }

  @Test("one wrong 404 and a list that lacks the account, with a fitting total: it is read by its id at first")
  func oneLie() {
    for active in [true, false] {
      var play = Play([.number(1, active: active, isLinked: true)])
      var old = Self.old
      old.active = !active
      play.target.accounts = [old]
      var lies = 2
      play.meddle = { _, call in
        guard lies > 0, call.purpose.isWrite || call.purpose == .list else { return nil }
        lies -= 1
        return call.purpose == .list ? .status(200, ListResponse(totalResults: 0, resources: []).json) : .status(404)
      }
      play.start()
      play.run()
      #expect(play.target.creates == 0 && play.target.accounts.map(\.active) == [active])
      #expect(play.people["p1"]?.account.believed?.id == "u1" && play.all(AccountUnlinked.self).isEmpty)
    }
  }

  @Test("of a leaver whose account was renamed by hand an active account that has the address now is disabled, too")
  func renamedByHand() {
    var renamed = Self.old
    renamed.userName = "old-p1@contoso.com"
    let play = play([renamed, Self.new], active: false)
    #expect(play.target.accounts.map(\.active) == [false, false])
    #expect(play.people["p1"]?.account.believed?.id == "u2" && play.people["p1"]?.account.isVerified == true)
  }

  @Test("404 and a list that is not whole: nothing is concluded, and no account is made")
  func shortList() {
    var play = Play([.number(1, active: false, isLinked: true)])
    play.meddle = { _, call in
      call.purpose == .list ? .status(200, ListResponse(totalResults: 3, resources: []).json) : nil
    }
    play.start()
    play.run(steps: 100)
    #expect(play.all(AccountVerified.self).isEmpty && play.all(DeliveryCompleted.self).isEmpty)
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.incompleteList])
  }

  @Test("of two accounts with one address the active one is taken, and of a leaver both are inactive in the end")
  func twoAccounts() {
    var idle = Self.old
    idle.active = false
    var play = Play([.number(1)])
    play.target.accounts = [idle, Self.new]
    play.start()
    play.run()
    #expect(play.people["p1"]?.account.believed?.id == "u2" && play.target.creates == 0)

    // The inactive one was taken by an earlier program.
    play = self.play([idle, Self.new], active: false)
    play.observe(Event(.target, .reconcileRequested(ReconcileRequested(id: "r", repair: true))))
    play.run()
    #expect(play.target.accounts.map(\.active) == [false, false])
    #expect(play.people["p1"]?.account.believed?.id == "u2" && play.people["p1"]?.account.isVerified == true)
  }

  @Test(
    "an account that was made again with the address which the old one had is found after a rename",
    arguments: [true, false])
  func madeAgainBeforeRename(active: Bool) {
    var person = Person.number(1, isLinked: true)
    let desired = DesiredAccount(userName: "renamed@contoso.com", displayName: "One", active: active)
    let reason: Decision.Reason = active ? .attributesChanged : .disabledInSource
    person.evolve(.decided(Decision(active ? .update : .disable, reason, desired: desired)), at: 10)
    var play = Play([person])
    play.target.accounts = [Self.new]
    play.start()
    play.run()
    #expect(play.target.creates == 0 && play.people["p1"]?.account.believed?.id == "u2")
    #expect(play.target.accounts.map(\.active) == [active] && play.machine.isIdle)
    #expect(play.target.accounts.map(\.userName) == [active ? "renamed@contoso.com" : Self.new.userName])
  }

  @Test("the addresses of an account that is gone are in the log: a crash behind the end of the link forgets none")
  func afterCrash() throws {
    var person = Person.number(1, isLinked: true)
    let desired = DesiredAccount(userName: "renamed@contoso.com", displayName: "One", active: false)
    person.evolve(.decided(Decision(.disable, .disabledInSource, desired: desired)), at: 10)
    person.evolve(.unlinked(AccountUnlinked(.notFound, id: "u1")), at: 11)
    var play = Play([try #require(Person(person.json))])
    play.target.accounts = [Self.new]
    play.start()
    play.run()
    #expect(play.people["p1"]?.account.believed?.id == "u2" && play.target.accounts.map(\.active) == [false])
    #expect(play.people["p1"]?.account.formerAddresses.isEmpty == true)
  }

  @Test("of a leaver all accounts with the address that a list shows are made inactive, with no comparison")
  func bothAtOnce() {
    // Another person is new, so that the list is read.
    var play = Play([.number(1, active: false, isLinked: true), .number(2)])
    play.target.accounts = [Self.old, Self.new]
    play.start()
    play.run()
    #expect(play.target.accounts.map(\.active) == [false, false, true] && play.machine.isIdle)
    #expect(play.people["p1"]?.isPending == false)
  }

  @Test("a leaver whose account goes to somebody else, and who has another one, has none that is active in the end")
  func movedWithAnother() {
    var moved = Self.old
    moved.userName = "p2@contoso.com"
    var play = Play([.number(1, active: false, isLinked: true), .number(2)])
    play.target.accounts = [moved, Self.new]
    play.start()
    play.run()
    #expect(play.target.accounts.map(\.active) == [true, false] && play.target.creates == 0)
    #expect(play.people["p2"]?.account.believed?.id == "u1" && play.machine.isIdle)
  }

  @Test("a comparison finds the active account of a leaver who was taken for gone, and a repair disables it")
  func repaired() {
    var person = Person.number(1, active: false, isLinked: true)
    person.evolve(.accountVerified(AccountVerified(isGone: true)), at: 4)
    person.evolve(.deliveryCompleted(DeliveryCompleted(.noAccount, decision: 3)), at: 5)
    for repair in [false, true] {
      var play = Play([person])
      play.target.accounts = [Self.new]
      play.start()
      play.observe(Event(.target, .reconcileRequested(ReconcileRequested(id: "r", repair: repair))))
      play.run()
      #expect(play.all(DriftDetected.self).map(\.kind) == [.extra])
      #expect(play.target.accounts.map(\.active) == [!repair])
      #expect(play.people["p1"]?.account.isVerified == repair)
    }
  }
}
