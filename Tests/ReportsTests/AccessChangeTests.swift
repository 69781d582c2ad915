import Base
import Provisioning
import Testing

@testable import Reports

@Suite("Changes of access, folded from one person's events")
struct AccessChangeTests {
  /// Events a second apart, from position 1 on.
  private func changes(_ payloads: [EventPayload], isErased: Bool = false) -> [AccessChange] {
    let events = payloads.enumerated().map { index, payload in
      LoggedEvent(
        Event(.user("ada"), payload), position: Int64(index + 1), time: second(index + 1), actor: .worker)
    }
    return AccessChange.all("ada", events, isErased: isErased)
  }

  private func second(_ number: Int) -> Timestamp { Timestamp(milliseconds: Int64(number) * 1000) }

  private func observed(_ state: DirectoryState = .present) -> EventPayload {
    let user = DirectoryUser(
      id: "id-1", attributes: [.userPrincipalName: .text("ada@contoso.com"), .displayName: .text("Ada")])
    return .userObserved(UserObserved(state: state, user: user))
  }

  private func decided(_ action: Decision.Action, active: Bool = true) -> EventPayload {
    let reason: Decision.Reason = active ? .newInScope : .absentFromSource
    let desired = DesiredAccount(userName: "ada@contoso.com", displayName: "Ada", active: active)
    return .decided(Decision(action, reason, desired: desired))
  }

  private func started(_ decision: Int64, _ purpose: CallPurpose = .change) -> EventPayload {
    .callStarted(CallStarted(call: 1, purpose: purpose, decision: decision, userName: nil, body: nil))
  }

  private func finished(_ outcome: CallFinished.Outcome = .done, _ purpose: CallPurpose = .change) -> EventPayload {
    .callFinished(
      CallFinished(
        call: 1, purpose: purpose, operation: "PATCH /Users/{id}", outcome: outcome, status: 200, milliseconds: 5))
  }

  private func completed(_ decision: Int64, _ how: DeliveryCompleted.How = .call) -> EventPayload {
    .deliveryCompleted(DeliveryCompleted(how, decision: decision))
  }

  private let verified = EventPayload.accountVerified(AccountVerified(isGone: false))

  private func parked(_ decision: Int64) -> EventPayload {
    .deliveryParked(
      DeliveryParked(.rejected, decision: decision, attempt: 1, since: second(1), retry: second(9)))
  }

  @Test("a leaver is done when a read has shown it, and each step has its event")
  func leaver() throws {
    let all = changes([
      observed(.absent), decided(.disable, active: false), started(2), finished(), verified, completed(2),
    ])
    let change = try #require(all.first)
    #expect(all.count == 1 && change.kind == .leaver && change.status == .done)
    let points = [change.observed, change.decided, change.sent, change.confirmed, change.verified]
    #expect(points.map { $0?.position } == [1, 2, 3, 4, 5])
    #expect(change.milliseconds == 4000 && change.userPrincipalName == "ada@contoso.com")
    #expect(!change.breaches(.seconds(4), at: second(99)) && change.breaches(.seconds(3), at: second(99)))
  }

  @Test("answered is not read back: a leaver stays open until the read, whenever it comes")
  func unread() throws {
    var steps = [observed(.absent), decided(.disable, active: false), started(2), finished(), completed(2)]
    let open = try #require(changes(steps).first)
    #expect(open.status == .confirmed && open.ended == nil && open.breaches(.seconds(60), at: second(62)))
    #expect(!open.breaches(.seconds(60), at: second(61)))
    steps.append(verified)
    #expect(changes(steps).first?.status == .done && changes(steps).first?.verified?.position == 6)
  }

  @Test(
    "a return to a former state, and what a review takes away, begin with the decision, the directory having shown nothing",
    arguments: [Decision.Reason.restored, .accessReviewed])
  func ordered(reason: Decision.Reason) throws {
    func decided(_ action: Decision.Action, _ reason: Decision.Reason = reason) -> EventPayload {
      .decided(Decision(action, reason, desired: DesiredAccount(userName: "a@b.c", displayName: "A", active: false)))
    }
    let plain = try #require(changes([observed(), decided(.disable), completed(2), verified]).first)
    #expect(plain.observed.position == 2 && plain.milliseconds == 2000)
    // The safeguard holds it, a cycle in between leaves it so, and it is approved.
    let held = try #require(
      changes([observed(), decided(.held), decided(.held), decided(.disable), completed(4), verified]).first)
    #expect(held.observed.position == 2 && held.decided.position == 4 && held.milliseconds == 4000)
    // What the safeguard held for another reason counts from the observation, and a second order from itself.
    let other = changes([
      observed(), decided(.held), observed(), decided(.held, .safeguardTripped), decided(.disable, .absentFromSource),
    ])
    #expect(other.map(\.observed.position) == [3])
    // What a cycle finds as it was decided is no order.
    let twice = changes([observed(), decided(.enable), decided(.none), decided(.disable), decided(.disable)])
    #expect(twice.map(\.observed.position) == [2, 4, 5])
  }

  @Test("a leaver whom the safeguard holds is late from the leaving on, whatever the directory shows meanwhile")
  func held() throws {
    let held = EventPayload.decided(Decision(.held, .safeguardTripped, desired: nil))
    let leaver = try #require(
      changes([
        observed(.softDeleted), held, observed(.deleted), held, decided(.disable, active: false), completed(5),
        verified,
      ]).first)
    #expect(leaver.observed.position == 1 && leaver.milliseconds == 6000)
    // Who came back, and leaves again, left then.
    let back = [observed(.absent), held, observed(), decided(.none), observed(.absent)]
    #expect(changes(back + [decided(.disable, active: false)]).map(\.observed.position) == [5])
  }

  @Test("whom an operator holds before they leave is stopped, whatever becomes of a call, until the operator lets go")
  func heldBefore() throws {
    let hold = EventPayload.deliveryHeld(DeliveryHeld(reason: "case-7"))
    let steps = [observed(), hold, observed(.absent), decided(.disable, active: false)]
    let stopped = try #require(changes(steps).last)
    #expect(stopped.kind == .leaver && stopped.status == .stopped && !stopped.breaches(.seconds(1), at: second(99)))
    #expect(changes(steps + [parked(4)]).last?.status == .stopped)
    // From then on it counts from the leaving, like one that was stopped on its way.
    let free = steps + [.deliveryRetried(DeliveryRetried(reason: "over"))]
    let pending = try #require(changes(free).last)
    #expect(pending.status == .pending && pending.breaches(.seconds(1), at: second(99)))
    let done = try #require(changes(free + [completed(4), verified]).last)
    #expect(done.status == .done && done.observed.position == 3 && done.milliseconds == 4000)
  }

  @Test("a leaver whom the safeguard holds is there as held while the hold stands, and late beyond the target")
  func heldLeaver() throws {
    let hold = EventPayload.decided(Decision(.held, .safeguardTripped, desired: nil))
    let leaving = [observed(), decided(.create), observed(.absent), hold, observed(.deleted), hold]
    let held = try #require(changes(leaving).last)
    #expect(held.kind == .leaver && held.action == .held && held.status == .held && held.ended == nil)
    #expect(held.observed.position == 3 && held.decided.position == 4)
    #expect(held.breaches(.seconds(1), at: second(99)) && !held.breaches(.seconds(200), at: second(99)))
    // What is delivered meanwhile is what was decided before.
    #expect(changes(leaving + [completed(6)]).map(\.status) == [.done, .held])
    let approved = changes(leaving + [decided(.disable, active: false)])
    #expect(approved.map(\.kind) == [.joiner, .leaver] && approved.last?.observed.position == 3)
    #expect(approved.last?.breaches(.seconds(1), at: second(99)) == true)
    #expect(changes(leaving + [observed(), decided(.none)]).map(\.kind) == [.joiner])
  }

  @Test("whom the safeguard holds, and who was to have no active account, is no leaver")
  func heldNewcomer() {
    let hold = EventPayload.decided(Decision(.held, .unfamiliarInput, desired: nil))
    #expect(changes([observed(), hold]).isEmpty)
    let gone = [observed(), decided(.create), observed(.absent), decided(.disable, active: false)]
    #expect(changes(gone + [observed(), hold]).map(\.status) == [.superseded, .pending])
    var skip = Decision(.skip, .duplicateSourceEntries, desired: nil)
    let same = [observed(), decided(.create), .decided(skip), hold]
    skip.isChange = true
    let other = [observed(), decided(.create), .decided(skip), hold]
    #expect(changes(same).map(\.status) == [.pending, .held] && changes(other).map(\.status) == [.pending])
  }

  @Test("the answer to an older write confirms no newer decision; that to a write for it does, or its completion")
  func answered() throws {
    let begin = [observed(), decided(.create), started(2, .create), observed(), decided(.update)]
    let answer = finished(.done, .create)
    let open = try #require(changes(begin + [answer]).last)
    #expect(open.kind == .mover && open.sent == nil && open.confirmed == nil && open.status == .pending)
    let done = try #require(changes(begin + [answer, completed(2), started(5), finished(), completed(5)]).last)
    #expect(done.sent?.position == 8 && done.confirmed?.position == 9 && done.milliseconds == 5000)
    // What a read-back shows is that of the older write, too.
    let unanswered = [finished(.unknown, .create), finished(.done, .readBack)]
    #expect(changes(begin + unanswered).last?.confirmed == nil)
    let read = try #require(changes(begin + unanswered + [completed(5, .readBack)]).last)
    #expect(read.sent == nil && read.confirmed?.position == 8 && read.status == .done)
  }

  @Test("a leaver without an account is done when that is known")
  func noAccount() throws {
    let change = try #require(
      changes([observed(.deleted), decided(.disable, active: false), completed(2, .noAccount)]).first)
    #expect(change.status == .noAccount && change.milliseconds == 2000)
  }

  @Test("a joiner is done with the answer; a call that failed confirms nothing")
  func joiner() throws {
    let all = changes([
      observed(), decided(.create), started(2, .create), finished(.failed, .create), started(2, .create),
      finished(.done, .create), completed(2),
    ])
    let change = try #require(all.first)
    #expect(change.kind == .joiner && change.sent?.position == 3 && change.confirmed?.position == 6)
    #expect(change.status == .done && change.milliseconds == 5000)
  }

  @Test("a later decision replaces what was not delivered, and answers for it; what was held changes nothing")
  func superseded() {
    let all = changes([
      observed(), decided(.create), decided(.held), observed(), decided(.update), completed(5, .alreadySo),
    ])
    #expect(all.map(\.kind) == [.joiner, .mover] && all.map(\.status) == [.superseded, .done])
    #expect(!all[0].breaches(.seconds(1), at: second(99)))
  }

  @Test("who leaves and comes back has a row for each")
  func rehired() {
    let all = changes([
      observed(.absent), decided(.disable, active: false), completed(2), verified, observed(), decided(.enable),
      completed(6),
    ])
    #expect(all.map(\.kind) == [.leaver, .joiner] && all.map(\.status) == [.done, .done])
    #expect(all[1].observed.position == 5)
  }

  @Test("parked, given up, skipped and held are told, and a retry makes it pending again")
  func stopped() throws {
    let begin = [observed(), decided(.update)]
    func end(_ payloads: EventPayload...) -> AccessChange.Status? { changes(begin + payloads).last?.status }
    #expect(end() == .pending && end(parked(2)) == .parked)
    #expect(end(.deliveryAbandoned(DeliveryAbandoned(.rejected, decision: 2))) == .abandoned)
    #expect(end(.deliverySkipped(DeliverySkipped(decision: 2, reason: "x"))) == .stopped)
    #expect(end(.deliveryHeld(DeliveryHeld(reason: "x"))) == .stopped)
    #expect(end(parked(2), .deliveryRetried(DeliveryRetried(reason: "x"))) == .pending)
    #expect(end(parked(2), completed(2)) == .done)
    // Whoever stopped it answers for the time.
    let skipped = try #require(changes(begin + [.deliverySkipped(DeliverySkipped(decision: 2, reason: "x"))]).last)
    #expect(!skipped.breaches(.seconds(1), at: second(99)))
    let waiting = try #require(changes(begin + [parked(2)]).last)
    #expect(waiting.breaches(.seconds(1), at: second(99)))
  }

  @Test("percentiles are by nearest rank, and spans read well")
  func durations() {
    let durations = Durations(stride(from: 1000, through: 100_000, by: 1000).map(Int64.init))
    #expect([50, 95, 100].map { durations.percentile($0) } == [50_000, 95_000, 100_000])
    #expect(Durations([Int64]()).percentile(50) == nil && Durations([7]).percentile(95) == 7)
    #expect(durations.bars.map(\.count) == [60, 40, 0, 0, 0, 0, 0])
    #expect(
      [0, 1500, 185_000, 7_380_000, 180_000_000].map(Durations.words) == [
        "0 ms", "1 s", "3 min 5 s", "2 h 3 min", "2 d 2 h",
      ])
  }

  @Test("a sample is the same each time, another with another seed, and in order")
  func sample() {
    let rows = (1...200).map(Int64.init)
    let drawn = Sample(count: 25, seed: "7").drawn(from: rows) { $0 }
    #expect(drawn.count == 25 && drawn == drawn.sorted())
    #expect(Sample(count: 25, seed: "7").drawn(from: rows) { $0 } == drawn)
    #expect(Sample(count: 25, seed: "8").drawn(from: rows) { $0 } != drawn)
    #expect(Sample(count: 900, seed: "7").drawn(from: rows) { $0 } == rows)
  }
}
