import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// A leaver is done once no other active account has the address, as something shows that is newer than the decision.
@Suite("Other accounts of leavers")
struct LeaverSurveyTests {
  private static let own = RemoteAccount(id: "u1", userName: "p1@contoso.com", displayName: "Old 1", active: true)
  private static let other = RemoteAccount(id: "u2", userName: "P1@contoso.com", displayName: "By Hand", active: true)

  private func play(_ people: [Person], _ accounts: [RemoteAccount]) -> Play {
    var play = Play(people)
    play.target.accounts = accounts
    play.start()
    play.run()
    return play
  }

  private func queries(_ play: Play) -> Int { play.sent.count { $0.request.parameter("filter") != nil } }

  @Test("where nobody needs a list the address is asked for, after the disable, and what has it is disabled, too")
  func alone() {
    let leaver = Person.number(1, active: false, isLinked: true)
    let single = play([leaver], [Self.own])
    #expect(single.sent.map(\.purpose) == [.change, .verify, .readBack] && queries(single) == 1)
    #expect(single.people["p1"]?.isPending == false && single.all(DeliveryCompleted.self).map(\.how) == [.call])
    let double = play([leaver], [Self.own, Self.other])
    #expect(double.target.accounts.map(\.active) == [false, false] && double.machine.isIdle)
    #expect(double.sent.first?.purpose == .change && double.people["p1"]?.account.believed?.id == "u2")
    #expect(double.people["p1"]?.account.isVerified == true && double.people["p1"]?.isPending == false)
  }

  @Test("one that somebody present holds is not touched")
  func held() {
    var present = Person.number(3)
    present.evolve(.linked(AccountLinked(.matched, Self.other)), at: 4)
    present.evolve(.deliveryCompleted(DeliveryCompleted(.alreadySo, decision: 3)), at: 5)
    let play = play([.number(1, active: false, isLinked: true), present], [Self.own, Self.other])
    #expect(play.target.accounts.map(\.active) == [false, true] && play.people["p1"]?.isPending == false)
    #expect(play.sent.allSatisfy { $0.person == "p1" })
  }

  @Test("a list that is on its way is waited for, and nothing is asked besides")
  func waits() {
    var stage = Stage([.ada(.disable, active: false, linked: Person.linkedAccount), .number(2)])
    #expect(stage.calls.map(\.purpose) == [.change, .list] || stage.calls.map(\.purpose) == [.list, .change])
    if stage.calls.first?.purpose == .list { stage.delayFirst() }
    stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))
    if stage.calls.first?.purpose == .list { stage.delayFirst() }
    #expect(stage.answer(.account("u1", "ada@contoso.com", "Ada Lovelace", active: false))?.purpose == .verify)
    #expect(stage.calls.map(\.purpose) == [.list] && stage.last(DeliveryCompleted.self) == nil)
    stage.answer(
      .page(
        Exchange.user("u1", "ada@contoso.com", "Ada Lovelace", active: false),
        Exchange.user("u5", "Ada@contoso.com", "Ada By Hand")))
    #expect(stage.last(AccountUnlinked.self)?.reason == .otherIsActive)
    #expect(stage.calls.first { $0.person == "ada" }?.request.path == SCIMRequest.getUser("u5").path)
    #expect(stage.calls.allSatisfy { $0.request.parameter("filter") == nil })
  }

  @Test("a list that began before the decision does not tell")
  func older() {
    var play = Play([.number(1, isLinked: true), .number(2)])
    play.target.accounts = [Self.own]
    play.start()
    play.run()
    play.target.accounts.append(Self.other)
    play.observe(.leaves(1))
    play.run()
    #expect(play.people["p1"]?.isPending == false)
    #expect(play.target.accounts.filter { Address.folded($0.userName) == "p1@contoso.com" }.allSatisfy { !$0.active })
  }

  @Test("where the list falls short the address is asked for")
  func shortList() {
    var play = Play([.number(1, active: false, isLinked: true), .number(2)])
    play.target.accounts = [Self.own]
    play.meddle = { _, call in
      call.purpose == .list ? .status(200, ListResponse(totalResults: 9, resources: []).json) : nil
    }
    play.start()
    play.run(steps: 1000)
    #expect(play.people["p1"]?.isPending == false && queries(play) == 1)
    #expect(play.people["p2"]?.account.parked?.reason == .incompleteList)
  }
}
