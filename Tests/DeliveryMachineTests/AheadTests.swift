import Base
import CoreSupport
import JSON
import Provisioning
import SCIM
import Testing

@testable import DeliveryMachine

@Suite("Writes whose start is recorded ahead")
struct AheadTests {
  /// Six people to be created, two calls at once, two starts ahead; the full read is answered.
  private func stage() -> Stage {
    var settings = DeliverySettings()
    settings.concurrency = 2
    settings.ahead = 2
    var stage = Stage((1...6).map { Person.number($0) }, settings: settings)
    stage.answer(.page())
    return stage
  }

  private func started(_ events: [Event]) -> [String] {
    events.compactMap { if case .callStarted = $0.payload { $0.subject } else { nil } }
  }

  private func unsent(_ events: [Event]) -> [String] {
    events.compactMap { event in
      if case .callFinished(let finished) = event.payload, finished.isUnsent { event.subject } else { nil }
    }
  }

  @Test("the next write leaves the moment that another is answered, and its start has been given out before")
  func leavesAtOnce() throws {
    var stage = stage()
    #expect(stage.calls.count == 2)
    #expect(started(stage.events).count == 4)
    let known = stage.machine.ahead.recorded
    let first = try #require(stage.calls.first)
    stage.answer(.account("u1", first.request.body?["userName"]?.string ?? "", "One"))
    let next = try #require(stage.calls.last)
    #expect(stage.calls.count == 2 && next.purpose == .create)
    #expect(next.after <= known, "it need not wait for what the answer brought")
    #expect(started(stage.events).count == 5, "another start takes its place")
  }

  @Test("a newer decision gives a prepared write up; it is made anew, once its turn comes")
  func newerDecision() throws {
    var stage = stage()
    let prepared = try #require(stage.machine.ahead.prepared.first?.person)
    let desired = DesiredAccount(userName: "other@contoso.com", displayName: "Other", active: true)
    stage.observe(Event(.user(prepared), .decided(Decision(.update, .attributesChanged, desired: desired))))
    #expect(unsent(stage.events) == [prepared])
    while let call = stage.calls.first {
      let address = call.request.body?["userName"]?.string ?? ""
      if call.person == prepared { #expect(address == "other@contoso.com") }
      stage.answer(.account("u-\(address)", address, call.request.body?["displayName"]?.string ?? ""))
    }
    #expect(stage.machine.isIdle)
    #expect(stage.machine.allPeople.allSatisfy { !$0.isPending })
  }

  @Test("at a stop, under an operator's pause and in quarantine nothing stays prepared", arguments: 0..<3)
  func rest(reason: Int) throws {
    var stage = stage()
    let prepared = stage.machine.ahead.prepared.compactMap(\.person)
    #expect(prepared.count == 2)
    switch reason {
    case 0: stage.stop()
    case 1: stage.observe(Event(.target, .deliveryPaused(DeliveryPaused(reason: "storm"))))
    default: stage.answer(.status(401))
    }
    #expect(unsent(stage.events) == prepared)
    #expect(stage.machine.ahead.isEmpty)
    for person in stage.machine.allPeople where prepared.contains(person.alias) {
      #expect(person.account.unanswered == nil && person.isPending)
    }
  }

  @Test("what was handed out and not sent when a pause began comes again after it, under the same start")
  func heldBack() throws {
    var stage = stage()
    var outbox = Outbox()
    var effects = Machine.Effects()
    (effects.events, effects.calls) = (stage.events, stage.calls)
    outbox.put(effects)
    #expect(outbox.ready().isEmpty, "the log has nothing yet")
    stage.answer(.status(429, headers: ["retry-after": "30"]))
    #expect(stage.machine.isClosed)
    let held = outbox.waiting().filter { $0.id != 2 }
    let before = started(stage.events).count
    #expect(stage.machine.holdBack(held, at: stage.now).calls.isEmpty)
    stage.pass(.seconds(31))
    let probe = try #require(stage.calls.last)
    #expect(held.contains { $0.id == probe.id })
    #expect(started(stage.events).count == before)
  }

  @Test("where a quota is configured none is prepared: each call is taken from it when it leaves")
  func quota() {
    var settings = DeliverySettings()
    settings.concurrency = 2
    settings.ahead = 2
    settings.quotas = [Quota(name: "day", operation: nil, limit: 1000, window: .seconds(86_400))]
    var stage = Stage((1...6).map { Person.number($0) }, settings: settings)
    stage.answer(.page())
    #expect(stage.calls.count == 2 && started(stage.events).count == 2 && stage.machine.ahead.isEmpty)
    #expect(stage.calls.allSatisfy { $0.after > 0 })
  }

  @Test("an outbox appends one batch at a time, in order, and lets a call go once its own events are durable")
  func outbox() throws {
    var outbox = Outbox()
    let event = Event(.target, .circuitClosed(CircuitClosed()))
    func call(_ id: Int, after: Int) -> Call {
      var call = Call(
        id: id, purpose: .create, person: "p\(id)", request: .listUsers(startIndex: nil),
        sent: Timestamp(milliseconds: 0))
      call.after = after
      return call
    }
    var effects = Machine.Effects()
    effects.events = [event, event]
    effects.calls = [call(1, after: 1), call(2, after: 2), call(3, after: 3), call(4, after: 0)]
    outbox.put(effects)
    #expect(outbox.ready().map(\.id) == [4])
    #expect(outbox.nextAppend()?.count == 2)
    effects.events = [event]
    effects.calls = []
    outbox.put(effects)
    #expect(outbox.nextAppend() == nil, "the first is under way")
    #expect(outbox.ready().isEmpty && !outbox.isEmpty)
    outbox.appended()
    #expect(outbox.ready().map(\.id) == [1, 2])
    #expect(outbox.nextAppend()?.count == 1)
    #expect(outbox.calls(of: ["p9"]).isEmpty && outbox.calls(of: ["p3"]).map(\.id) == [3])
    outbox.appended()
    #expect(outbox.isEmpty)
  }
}
