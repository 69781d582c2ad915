import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// Lists of accounts that say more or less than they show, and what may be concluded from them.
@Suite("Lists that are whole, and lists that are not")
struct WholeListTests {
  /// The page of ten that a request asks for, out of some numbers.
  private static func page(of numbers: [Int], total: Int, _ call: Call) -> Exchange {
    let start = call.request.parameter("startIndex").flatMap { Int($0) } ?? 1
    let users = numbers.dropFirst(start - 1).prefix(10).map { number in
      Exchange.user("u\(number)", "p\(number)@contoso.com", "New \(number)")
    }
    return .status(200, ListResponse(totalResults: total, startIndex: start, resources: Array(users)).json)
  }

  private func play(_ people: [Person]) -> Play {
    var play = Play(people)
    play.target.accounts = (1...30).map { RemoteAccount.number($0) }
    return play
  }

  private func compare(_ play: inout Play) {
    play.observe(Event(.target, .reconcileRequested(ReconcileRequested(id: "r\(play.events.count)"))))
    play.run(steps: 60)
  }

  @Test("entries repeated in the place of others: nobody is said to be missing, and every link stays")
  func repeatedEntries() {
    var play = play((1...30).map(Person.delivered))
    let shown = Array(1...27) + [1, 2, 3]
    play.meddle = { _, call in call.purpose == .list ? Self.page(of: shown, total: 30, call) : nil }
    play.start()
    compare(&play)
    #expect(play.all(DriftDetected.self).isEmpty && play.all(ReconcileFinished.self).isEmpty)
    #expect(play.all(CallFinished.self).contains { $0.error == "short-list" })
    play.observe(.leaves(29))
    play.run(steps: 60)
    #expect(play.target.accounts[28].active == false && play.people["p29"]?.account.isVerified == true)
  }

  @Test("an account that slips through between two pages is read by id before anything is said of it")
  func slippedThrough() {
    var play = play((1...30).filter { $0 != 5 }.map(Person.delivered) + [])
    // Account 5 went away after the first page, 31 came: 11 stood at the end of the first page then.
    let shown = Array(1...10) + Array(12...31)
    play.target.accounts.removeAll { $0.id == "u5" }
    play.meddle = { _, call in call.purpose == .list ? Self.page(of: shown, total: 30, call) : nil }
    play.start()
    compare(&play)
    #expect(play.sent.filter { $0.purpose == .verify }.map(\.person) == ["p11"])
    #expect(play.all(DriftDetected.self).isEmpty)
    #expect(play.all(ReconcileFinished.self).first?.drift.isEmpty == true)
  }

  @Test("a list without the inactive accounts: nothing is missing, and whoever comes back gets the same account")
  func hidesInactive() {
    var leaver = Person.delivered(1)
    leaver.evolve(Event.leaves(1).payload, at: 6)
    leaver.evolve(.accountVerified(AccountVerified(isGone: false, account: .number(1, active: false))), at: 7)
    leaver.evolve(.deliveryCompleted(DeliveryCompleted(.call, decision: 6)), at: 8)
    var play = play([leaver] + (2...30).map(Person.delivered))
    play.target.accounts[0] = .number(1, active: false)
    play.meddle = { _, call in call.purpose == .list ? Self.page(of: Array(2...30), total: 29, call) : nil }
    play.start()
    compare(&play)
    #expect(play.all(AccountVerified.self).isEmpty && play.people["p1"]?.account.believed?.id == "u1")
    let back = DesiredAccount(userName: "p1@contoso.com", displayName: "New 1", active: true)
    play.observe(Event(.user("p1"), .decided(Decision(.enable, .activeAgain, desired: back))))
    play.run()
    #expect(play.target.accounts[0].active && play.people["p1"]?.isPending == false && play.target.creates == 0)
  }

  @Test("a server that ignores the index: whoever needs the list is parked, and the words say what is wrong with it")
  func ignoresIndex() {
    var play = play([.number(31)])
    play.meddle = { _, call in
      var first = call
      first.request.query = []
      return call.purpose == .list ? Self.page(of: Array(1...30), total: 30, first) : nil
    }
    play.start()
    play.run(steps: 100)
    let parked = play.all(DeliveryParked.self)
    #expect(parked.map(\.reason) == [.incompleteList] && play.target.creates == 0)
    #expect(parked.first?.detail == "page 2 shows only what earlier pages showed, and 20 of 30 are missing")
    #expect(play.machine.isIdle && play.sent.count == 10)
  }

  @Test("numbers without bounds, and pages that never end, cost no more than a few calls", arguments: [31, Int.max])
  func endless(total: Int) {
    var play = play([.number(31)])
    play.meddle = { _, call in call.purpose == .list ? Self.page(of: Array(1...30), total: total, call) : nil }
    play.start()
    play.pass(.seconds(3600))
    #expect(play.sent.count <= 20 && play.target.creates == 0)
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.incompleteList])
  }

  @Test("a list that grows as fast as it is read is left after a hundred pages; one that grows a little is read")
  func growing() {
    for (growth, isWhole) in [(10, false), (9, true)] {
      var play = play([.number(31)])
      play.meddle = { _, call in
        guard call.purpose == .list else { return nil }
        let start = call.request.parameter("startIndex").flatMap { Int($0) } ?? 1
        let total = 20 + (start - 1) / 10 * growth
        return Self.page(of: Array(101...(100 + total)), total: total, call)
      }
      play.start()
      play.pass(.seconds(3600))
      #expect(play.target.creates == (isWhole ? 1 : 0) && play.sent.count <= 510)
      let parked: [ParkReason] = isWhole ? [] : [.incompleteList]
      #expect(play.all(DeliveryParked.self).map(\.reason) == parked)
    }
  }

  @Test("pages that show more accounts than there are to be, or fewer as they go on, are not believed")
  func disagreeing() {
    for (first, second) in [(5, 5), (30, 20)] {
      var play = play([.number(31)])
      play.meddle = { _, call in
        guard call.purpose == .list else { return nil }
        let total = call.request.parameter("startIndex") == nil ? first : second
        return Self.page(of: Array(1...30), total: total, call)
      }
      play.start()
      play.run(steps: 100)
      #expect(play.target.creates == 0 && play.all(DeliveryParked.self).map(\.reason) == [.incompleteList])
      #expect(play.all(CallFinished.self).first?.error == "pages-disagree")
    }
  }
}
