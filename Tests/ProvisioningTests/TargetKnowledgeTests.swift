import Base
import CoreSupport
import Provisioning
import Testing

@Suite("What is known of the target")
struct TargetKnowledgeTests {
  private let moment = Timestamp(milliseconds: 1_767_312_000_000)

  private func fold(_ payloads: [EventPayload], into condition: TargetCondition = TargetCondition()) -> TargetCondition
  {
    var condition = condition
    for payload in payloads { condition.evolve(.told(Event(.target, payload), at: 1)) }
    return condition
  }

  @Test("a request is open until the comparison that names it is finished; another one's end leaves it")
  func requests() {
    func finished(_ id: String?) -> EventPayload {
      .reconcileFinished(
        ReconcileFinished(
          request: id, finished: moment, accounts: 1, unmanaged: 0, drift: [:], repairs: 0, isWithheld: false))
    }
    let asked = fold([
      .reconcileRequested(ReconcileRequested(id: "r1")), .reconcileRequested(ReconcileRequested(id: "r2")),
    ])
    #expect(asked.requests.map(\.id) == ["r1", "r2"] && asked.reconciled == nil)
    let scheduled = fold([finished(nil)], into: asked)
    #expect(scheduled.requests.count == 2 && scheduled.reconciled?.finished == moment)
    #expect(fold([finished("r1")], into: asked).requests.map(\.id) == ["r2"])
  }

  @Test("of each quota the newest blocks are kept, and no more of them than can count")
  func reservations() {
    let most = TargetCondition.mostReservations
    func block(_ name: String, _ count: Int) -> EventPayload {
      .quotaReserved(QuotaReserved(quota: name, count: count, expires: moment))
    }
    let condition = fold([block("daily", 1)] + (1...most + 3).map { block("hourly", $0) })
    let hourly = condition.reservations.filter { $0.quota == "hourly" }
    #expect(hourly.count == most && hourly.first?.count == 4 && hourly.last?.count == most + 3)
    #expect(condition.reservations.count == most + 1)
  }

  @Test("what began ends, and what is not about the target changes nothing")
  func pairs() {
    let began = fold([
      .deliveryPaused(DeliveryPaused(until: nil, reason: "x")),
      .quarantineEntered(QuarantineEntered(.notSCIM, status: 404, operation: "GET /Users")),
      .circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "timeout")),
    ])
    #expect(began.operatorPause?.reason == "x" && began.quarantine?.status == 404 && began.circuit?.faults == 5)
    let ended = fold(
      [.deliveryResumed(DeliveryResumed(reason: nil)), .quarantineLeft(QuarantineLeft(.released))], into: began)
    #expect(ended.operatorPause == nil && ended.quarantine == nil && ended.circuit == began.circuit)
    #expect(fold([.configurationApplied(ConfigurationApplied(text: "x"))], into: began) == began)
  }

  @Test("attributes are compared as they are meant: addresses without regard to case, everything else by its bytes")
  func attributes() {
    #expect(AccountAttribute.userName.agrees(.text("Ada@Example.com"), .text("ada@example.com")))
    #expect(!AccountAttribute.displayName.agrees(.text("Ada"), .text("ADA")))
    #expect(
      AccountAttribute.active.agrees(.flag(true), .flag(true)) && !AccountAttribute.active.agrees(.flag(true), nil))
    #expect(AccountAttribute.userName.agrees(nil, nil) && !AccountAttribute.userName.agrees(.text("a"), nil))
    #expect(
      AccountAttribute("userName") == .userName && Set([AccountAttribute("x"), AccountAttribute("x")]).count == 1)
    var account = DesiredAccount(userName: "a@b.example", displayName: "A", active: true)
    account[.displayName] = nil
    account[AccountAttribute("department")] = .text("R&D")
    #expect(account.displayName == "A" && account[AccountAttribute("department")] == .text("R&D"))
    #expect(RemoteAccount(id: "u", userName: "a@b.example", displayName: "A", active: false)[.active] == .flag(false))
  }
}
