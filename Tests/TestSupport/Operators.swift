import Base
import Ledger
import Provisioning
import Views

/// What operators and comparisons with TeamViewer add to a ledger's life, from a seed of its own.
struct Operators {
  private let place: TestLedger
  private let ledger: OpenLedger
  private var random: SeededGenerator

  init(_ place: TestLedger, _ ledger: OpenLedger, seed: UInt64) {
    self.place = place
    self.ledger = ledger
    random = SeededGenerator(seed: seed &+ 0x0b5e)
  }

  /// Something for some of the people, and for TeamViewer as a whole.
  mutating func act() async throws {
    var events: [Event] = []
    for person in try ledger.everybody() where person.erasure == nil && random.chance(0.3) {
      if let event = event(person) { events.append(event) }
    }
    try await ledger.append(events + [Event(.target, target())], actor: "operator:olga")
  }

  private mutating func event(_ person: Person) -> Event? {
    func user(_ payload: EventPayload) -> Event { Event(.user(person.alias), payload) }
    switch Int.random(in: 0...3, using: &random) {
    case 0: return user(.deliveryHeld(DeliveryHeld(reason: "hold \(person.user?.id ?? "")")))
    case 1 where person.isPending:
      return user(
        .deliverySkipped(DeliverySkipped(decision: person.decisionPosition, reason: "skip \(person.user?.id ?? "")")))
    case 2 where !person.isPending && person.account.believed != nil:
      let kind = DriftDetected.Kind.allCases.randomElement(using: &random) ?? .missing
      let drift = DriftDetected(
        kind, isRepaired: random.chance(0.7), account: kind == .missing ? nil : person.account.believed)
      return Event(.account(person.alias), .driftDetected(drift))
    case 3 where person.isSetAside: return user(.deliveryRetried(DeliveryRetried(reason: "again")))
    default: return nil
    }
  }

  private mutating func target() -> EventPayload {
    let now = place.clock.moment
    return switch Int.random(in: 0...4, using: &random) {
    case 0: .deliveryPaused(DeliveryPaused(until: now + .seconds(60), reason: "rest"))
    case 1: .deliveryResumed(DeliveryResumed())
    case 2: .circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "timeout"))
    case 3: .circuitClosed(CircuitClosed())
    default: .quotaReserved(QuotaReserved(quota: "creates", count: 10, expires: now + .seconds(600)))
    }
  }
}
