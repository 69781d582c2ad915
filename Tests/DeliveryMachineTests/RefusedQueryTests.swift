import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// A TeamViewer that does not answer who has an address: its list says so as well.
@Suite("Queries that are refused")
struct RefusedQueryTests {
  private func refusal(_ call: Call, _ status: Int) -> Exchange? {
    call.request.parameter("filter") == nil ? nil : .status(status, SCIMErrorResponse(status: status).json)
  }

  @Test(
    "what became of a create is seen by a full read that begins after it: there is one account, and nobody is parked",
    arguments: [(400, true), (400, false), (404, true), (404, false)])
  func create(status: Int, takesEffect: Bool) {
    var play = Play([.number(1), .number(2)])
    var isLost = false
    play.meddle = { target, call in
      guard call.purpose == .create, call.person == "p1", !isLost else { return refusal(call, status) }
      isLost = true
      if takesEffect { _ = target.answer(call.request) }
      return .failed(.reset)
    }
    play.start()
    play.run()
    #expect(play.target.accounts.count == 2 && play.all(DeliveryParked.self).isEmpty && play.machine.isIdle)
    #expect(play.people.values.allSatisfy { !$0.isPending && $0.account.believed != nil })
    #expect(play.all(AccountLinked.self).contains { $0.how == .readBack } == takesEffect)
    #expect(play.sent.count { $0.purpose == .list } == 2)
  }

  @Test("where no list is whole the person is parked for that, and the outcome stays open")
  func shortList() {
    var play = Play([.number(1)])
    play.meddle = { target, call in
      if call.purpose == .create {
        _ = target.answer(call.request)
        return .failed(.reset)
      }
      let isLate = call.purpose == .list && target.creates > 0
      return isLate ? .status(200, ListResponse(totalResults: 9, resources: []).json) : refusal(call, 400)
    }
    play.start()
    play.run(steps: 1000)
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.incompleteList] && play.target.creates == 1)
    play.meddle = { _, _ in nil }
    play.pass(.seconds(7 * 3600))
    #expect(play.people["p1"]?.account.believed?.id == "c1" && play.target.creates == 1)
  }

  @Test("another account of a leaver is found by the list")
  func leaver() {
    var play = Play([.number(1, active: false, isLinked: true)])
    play.target.accounts = ["u1", "u2"].map {
      RemoteAccount(id: $0, userName: "p1@contoso.com", displayName: "Old 1", active: true)
    }
    play.meddle = { _, call in refusal(call, 400) }
    play.start()
    play.run()
    #expect(play.target.accounts.map(\.active) == [false, false] && play.people["p1"]?.isPending == false)
    #expect(play.sent.prefix(4).map(\.purpose) == [.change, .verify, .readBack, .list])
  }
}
