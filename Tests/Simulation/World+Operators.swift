import Base
import Provisioning
import TeamViewerModel

/// What people do at random moments.
enum Act {
  case pause, resume, hold, skip, retry, retryAll, release, compare
  /// An administrator changes an account in TeamViewer's console.
  case edit
  /// An administrator deletes an account in TeamViewer's console and makes another with its address.
  case remake

  static let ofOperators: [Act] = [.pause, .resume, .hold, .skip, .retry, .retryAll, .release, .compare]
}

/// Operators, who act by events that the worker hears of, as their commands do.
extension World {
  mutating func carryOut(_ act: Act) throws {
    if isCalm { return }
    switch act {
    case .pause:
      let until = random.chance(0.5) ? clock + sometime(20_000) : nil
      announce([Event(.target, .deliveryPaused(DeliveryPaused(until: until, reason: "maintenance")))])
      if until == nil { plan(.act(.resume), at: now + sometime(50_000)) }
    case .resume:
      guard condition.operatorPause != nil else { return }
      announce([Event(.target, .deliveryResumed(DeliveryResumed()))])
    case .hold:
      guard let person = someone(where: { $0.account.frozen == nil }) else { return }
      announce([Event(.user(person.alias), .deliveryHeld(DeliveryHeld(reason: "a question to the department")))])
    case .skip:
      guard let person = someone(where: { $0.isPending }) else { return }
      let skipped = DeliverySkipped(decision: person.decisionPosition, reason: "done by hand")
      announce([Event(.user(person.alias), .deliverySkipped(skipped))])
    case .retry:
      guard let person = someone(where: { $0.isSetAside }) else { return }
      announce([Event(.user(person.alias), .deliveryRetried(DeliveryRetried()))])
    case .retryAll: letGo()
    case .release:
      guard condition.quarantine != nil else { return }
      announce([Event(.target, .quarantineLeft(QuarantineLeft(.released)))])
    case .compare: announce([Event(.target, .reconcileRequested(ReconcileRequested(id: "r\(log.count)")))])
    case .edit: edit()
    case .remake: remake()
    }
  }

  private mutating func edit() {
    guard let id = someone(where: { $0.account.believed != nil })?.account.believed?.id else { return }
    edited.insert(id)
    let number = random.number(in: 1...9999)
    target.model.edit(id, now: now) { user in
      switch number % 4 {
      case 0: user.name = "Edited \(number)"
      case 1: user.active = false
      case 2: user.active.toggle()
      default: user.email = "edited\(number)@contoso.example"
      }
    }
  }

  private mutating func remake() {
    guard let id = someone(where: { $0.account.believed != nil })?.account.believed?.id,
      let user = target.model.user(id: id), target.model.delete(id),
      let new = target.model.addAccount(user.email, name: user.name, active: random.chance(0.7), now: now)
    else { return }
    edited.insert(new)
    remade.insert(new)
  }

  private mutating func someone(where fits: (Person) -> Bool) -> Person? {
    people.values.filter(fits).sorted { $0.alias < $1.alias }.randomElement(using: &random)
  }

  /// Every hold, skip and pause ends, and what was given up is tried again.
  mutating func letGo() {
    let held = people.values.filter { $0.isSetAsideByOperator || $0.account.isAbandoned }.sorted { $0.alias < $1.alias }
    announce(held.map { Event(.user($0.alias), .deliveryRetried(DeliveryRetried())) })
    if condition.operatorPause != nil { announce([Event(.target, .deliveryResumed(DeliveryResumed()))]) }
  }
}
