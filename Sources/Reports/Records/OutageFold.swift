import Provisioning

/// Folds events of the target into outages and quarantines.
struct OutageFold {
  /// The events that it looks at.
  static let types: Set<String> = [
    CircuitOpened.type, TargetUnreachable.type, CircuitClosed.type, QuarantineEntered.type, QuarantineLeft.type,
  ]

  private(set) var failures: [Failure] = []

  mutating func take(_ logged: LoggedEvent) {
    let point = AccessChange.Point(logged)
    switch logged.payload {
    case .circuitOpened(let opened):
      failures.append(Failure(what: .outage, word: opened.error, first: point, last: point, count: opened.faults))
    case .targetUnreachable(let further): take(further, at: logged.position)
    case .quarantineEntered(let entered):
      failures.append(Failure(what: .quarantine, word: entered.reason.rawValue, first: point, last: point))
    case .circuitClosed: end(.outage, logged)
    case .quarantineLeft: end(.quarantine, logged)
    default: break
    }
  }

  /// Further faults of the newest outage; those of one that began before the first event are not known here.
  private mutating func take(_ further: TargetUnreachable, at position: Int64) {
    let newest = failures.lastIndex { $0.what == .outage && $0.first.time <= further.first }
    guard let index = newest else { return }
    failures[index].count += further.count
    failures[index].last = AccessChange.Point(position: position, time: further.last)
    failures[index].word = further.error
  }

  /// Ends the newest of a kind that is open; one that began before the first event is not known here.
  private mutating func end(_ what: Failure.What, _ logged: LoggedEvent) {
    guard let index = failures.lastIndex(where: { $0.what == what && $0.isOpen }) else { return }
    failures[index].ended = (AccessChange.Point(logged), logged.actor)
    failures[index].status = .resolved
  }
}
