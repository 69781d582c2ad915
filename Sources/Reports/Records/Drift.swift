import Provisioning

/// What a comparison found to be other than wanted, to its end.
struct Drift {
  let alias: String
  let user: DirectoryUser?
  /// The observation that gave the names; nil where nothing did.
  let named: Int64?
  let found: DriftDetected
  let point: AccessChange.Point
  var ended: (point: AccessChange.Point, how: String)?
}

/// Folds the events of one person into what comparisons found.
struct DriftFold {
  private var person: Person
  private var named: Int64?
  private(set) var drifts: [Drift] = []

  init(_ alias: String) { person = Person(alias: alias) }

  mutating func take(_ logged: LoggedEvent) {
    person.evolve(logged)
    switch logged.payload {
    case .userObserved: named = person.user.map { _ in logged.position }
    case .subjectErased: named = nil
    default: break
    }
    if case .driftDetected(let found) = logged.payload {
      end("other difference", logged)
      drifts.append(
        Drift(
          alias: person.alias, user: person.user, named: named, found: found, point: AccessChange.Point(logged)))
    } else if person.account.drift == nil {
      end(person.erasure == nil ? "as wanted" : "erased", logged)
    }
  }

  private mutating func end(_ how: String, _ logged: LoggedEvent) {
    guard let last = drifts.last, last.ended == nil else { return }
    drifts[drifts.count - 1].ended = (AccessChange.Point(logged), how)
  }
}
