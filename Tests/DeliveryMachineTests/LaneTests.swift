import Base
import CoreSupport
import Provisioning
import SCIM
import Testing

@testable import DeliveryMachine

@Suite("Lanes")
struct LaneTests {
  @Test("leavers before changes before creates, each in order")
  func priority() {
    var lanes = Lanes()
    lanes.put(PersonIndex(1), in: .creates)
    lanes.put(PersonIndex(2), in: .changes)
    lanes.put(PersonIndex(3), in: .leavers)
    lanes.put(PersonIndex(4), in: .leavers)
    let order = (0..<5).map { _ in lanes.next()?.place }
    #expect(order == [3, 4, 2, 1, nil])
    #expect(lanes.isEmpty)
  }

  @Test("whoever is put into another lane leaves the first, and stands nowhere twice")
  func changesLane() {
    var lanes = Lanes()
    for person in 0..<5 { lanes.put(PersonIndex(person), in: .creates) }
    lanes.put(PersonIndex(3), in: .leavers)
    lanes.put(PersonIndex(3), in: .leavers)
    #expect(lanes.count(.creates) == 4 && lanes.count(.leavers) == 1)
    var order: [Int] = []
    while let person = lanes.next()?.place { order.append(person) }
    #expect(order == [3, 0, 1, 2, 4])
  }

  @Test("a lane that was passed over 16 times gets a turn")
  func noStarvation() {
    var lanes = Lanes()
    for person in 0..<1000 { lanes.put(PersonIndex(person), in: .leavers) }
    for person in 1000..<2000 { lanes.put(PersonIndex(person), in: .changes) }
    for person in 2000..<3000 { lanes.put(PersonIndex(person), in: .creates) }
    var turns: [Int] = [0, 0, 0]
    var longest = [0, 0, 0]
    var since = [0, 0, 0]
    for _ in 0..<900 {
      guard let person = lanes.next()?.place else { break }
      for lane in 0..<3 { since[lane] += 1 }
      longest[person / 1000] = max(longest[person / 1000], since[person / 1000])
      since[person / 1000] = 0
      turns[person / 1000] += 1
    }
    #expect(turns[0] > 780 && turns[1] > 40 && turns[2] > 40)
    #expect(longest[1] <= 18 && longest[2] <= 18)
  }

  @Test("a leaver's disable is the next call to leave, with 50,000 creates pending")
  func leaverFirst() throws {
    var people = (1...50_000).map { Person.number($0) }
    people.append(.number(50_001, isLinked: true))
    var settings = DeliverySettings()
    settings.concurrency = 4
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    play.start()
    for _ in 0..<100 { play.step() }
    let sent = play.sent.count
    play.observe(.leaves(50_001))
    // So does somebody who was still to be created, and of whom TeamViewer has nothing.
    play.observe(.leaves(50_000))
    let decided = play.now
    while play.sent.count == sent { play.step() }
    let next = try #require(play.sent.last)
    #expect(next.person == "p50001" && AccountAttributes(sent: next.request.body)[.active] == .flag(false))
    #expect(play.now - decided < .seconds(2))
    for _ in 0..<4 { play.step() }
    #expect(play.people["p50000"]?.isPending == false)
    #expect(!play.sent.contains { $0.person == "p50000" })
  }

  @Test("a leaver who waited for another's address does not wait any longer")
  func leaverWaits() {
    var first = Person.number(1, isLinked: true)
    var second = Person.number(2, isLinked: true)
    // 2 wants the address of 1, who has to be renamed first, and whose call hangs.
    first.evolve(
      .decided(
        Decision(
          .update, .attributesChanged,
          desired: DesiredAccount(userName: "new@contoso.com", displayName: "New 1", active: true))), at: 4)
    second.evolve(
      .decided(
        Decision(
          .update, .attributesChanged,
          desired: DesiredAccount(userName: "p1@contoso.com", displayName: "New 2", active: true))), at: 5)
    var play = Play([first, second])
    play.target.accounts = [first, second].compactMap(\.account.believed)
    play.latency = 50_000...50_000
    play.start()
    #expect(play.sent.map(\.person) == ["p1"])
    play.observe(.leaves(2))
    #expect(play.sent.map(\.person) == ["p1", "p2"])
  }
}
