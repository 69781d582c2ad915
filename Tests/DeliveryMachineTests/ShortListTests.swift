import Base
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// A full import that ends before it has as many accounts as TeamViewer says there are.
@Suite("Full imports that fall short")
struct ShortListTests {
  private static let leaver = RemoteAccount(
    id: "u1", userName: "p1@contoso.com", displayName: "Old 1", active: true)

  /// A leaver without a link, whose account is there, and somebody who is to be created.
  private func play() -> Play {
    var play = Play([.number(1, active: false), .number(2)])
    play.target.accounts = [Self.leaver]
    return play
  }

  private func page(_ total: Int, _ accounts: RemoteAccount...) -> Exchange {
    let users = accounts.map {
      SCIMUser(id: $0.id, userName: $0.userName, displayName: $0.displayName, active: $0.active).json
    }
    return .status(200, ListResponse(totalResults: total, resources: users).json)
  }

  @Test("nobody is completed or created by it; the next one that is whole does both")
  func notBelieved() {
    var play = play()
    var lists = 0
    play.meddle = { _, call in
      guard call.purpose == .list else { return nil }
      lists += 1
      return lists == 1 ? page(3) : nil
    }
    play.start()
    play.step()
    #expect(play.sent.count == 1 && play.all(DeliveryCompleted.self).isEmpty)
    #expect(play.all(CallFinished.self).last?.error == "short-list")
    #expect(play.machine.nextWake.map { $0 > play.now } == true, "the next one waits a little")
    play.run()
    #expect(lists == 2 && play.target.creates == 1)
    #expect(play.target.accounts.first?.active == false)
    #expect(play.people["p1"]?.account.completedHow != .noAccount)
  }

  @Test("whose account is on it is matched, and goes on")
  func matches() {
    var play = play()
    play.meddle = { target, call in
      guard call.purpose == .list else { return nil }
      return call.request.parameter("startIndex") == "2" ? page(3) : page(3, Self.leaver)
    }
    play.start()
    for _ in 0..<6 { play.step() }
    #expect(play.people["p1"]?.account.believed?.id == "u1")
    #expect(play.target.accounts.first?.active == false)
    #expect(play.target.creates == 0 && play.people["p2"]?.isPending == true)
  }

  @Test("where each falls short, those who wait are set aside, and the machine comes to rest")
  func ends() {
    var play = play()
    play.meddle = { _, call in call.purpose == .list ? page(3) : nil }
    play.start()
    play.run(steps: 1000)
    #expect(play.machine.isIdle && play.target.creates == 0)
    #expect(play.sent.count == 5 && play.all(DeliveryCompleted.self).isEmpty)
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.incompleteList, .incompleteList])
    // The next try is one import, not five.
    play.pass(.seconds(7 * 3600))
    #expect(play.sent.count <= 7 && play.all(DeliveryCompleted.self).isEmpty)
  }

  @Test("nothing is compared by it")
  func notCompared() {
    var play = Play([.number(1, isLinked: true)])
    play.target.accounts = [Self.leaver]
    play.start()
    play.run()
    var lists = 0
    play.meddle = { _, call in
      guard call.purpose == .list else { return nil }
      lists += 1
      return lists == 1 ? page(3) : nil
    }
    play.observe(Event(.target, .reconcileRequested(ReconcileRequested(id: "r"))))
    play.step()
    #expect(play.all(ReconcileFinished.self).isEmpty)
    play.run()
    #expect(play.all(ReconcileFinished.self).first?.drift.isEmpty == true)
  }
}
