import Base
import HeapModule
import Provisioning

/// Who is next, and who has to wait for what.
extension DeliveryMachine {
  /// True when the person's delivery waits for an operator, or for a retry that is not due.
  func isSetAside(_ person: Int) -> Bool {
    people[person].isHeldBack || people[person].isSetAside && !errands[person].isDue
  }

  /// Keeps the number of unsettled people right after anything about one has changed.
  mutating func settle(_ person: Int) {
    let isUnsettled = people[person].isPending && !isSetAside(person)
    guard isUnsettled != errands[person].isUnsettled else { return }
    errands[person].isUnsettled = isUnsettled
    unsettled += isUnsettled ? 1 : -1
  }

  /// A new desired state, or an operator's word: what was learnt before no longer counts, and whom the person waited for
  /// may no longer matter.
  mutating func forget(_ person: Int) {
    let old = errands[person]
    errands[person] = Errand()
    errands[person].isCalling = old.isCalling
    errands[person].isUnsettled = old.isUnsettled
    errands[person].waiters = old.waiters
  }

  /// Lets a parked delivery be tried now.
  mutating func retry(_ person: Int) {
    errands[person].isDue = true
    errands[person].faults = 0
    settle(person)
    queue(person)
  }

  /// Puts a person into a lane, or a timer where the time has not come.
  mutating func schedule(_ person: Int, _ now: Timestamp) {
    guard people[person].isPending, !errands[person].isCalling, !isSetAside(person) else { return }
    if let moment = errands[person].notBefore, moment > now {
      timers.insert(Timer(due: moment, person: person))
    } else {
      queue(person)
    }
  }

  /// Puts a person into the lane that suits them now; whoever stood in another leaves it.
  private mutating func queue(_ person: Int) { lanes.put(person, in: lane(of: person)) }

  /// Leavers first, then changes, then first-time creates.
  func lane(of person: Int) -> Lanes.Lane {
    if people[person].desired?.active == false { return .leavers }
    let account = people[person].account
    return account.believed != nil || account.unanswered != nil ? .changes : .creates
  }

  /// Lets those who waited for this person look again.
  mutating func release(_ person: Int) {
    guard !errands[person].waiters.isEmpty else { return }
    for waiter in errands[person].waiters {
      errands[waiter].isWaiting = false
      queue(waiter)
    }
    errands[person].waiters = []
  }

  mutating func wait(_ person: Int, for holder: Int) {
    errands[person].isWaiting = true
    errands[holder].waiters.append(person)
  }

  /// Opens what time opens.
  mutating func ring(_ now: Timestamp) {
    if case .closed(_, let until) = gate, until <= now { gate = .halfOpen }
    // The clock was set back: the pause is not over by it, as a restart would see it too.
    if gate == .open || gate == .halfOpen, let pause = condition.pause, pause.until > now {
      gate = .closed(.targetPause, until: pause.until)
    }
    if let due = reconciliation.due, due <= now {
      reconciliation.due = nil
      wantReconcile()
    }
    while let timer = timers.min, timer.due <= now {
      timers.removeMin()
      let person = timer.person
      if let parked = people[person].account.parked, parked.retry <= now { errands[person].isDue = true }
      settle(person)
      if let due = errands[person].reread, due <= now, !people[person].isPending { queue(person) }
      schedule(person, now)
    }
  }

  // MARK: Who waits for a quota

  /// Lets those go on for whom a quota has room again, as many as it has room for; true when there was one.
  @discardableResult
  mutating func refill(_ now: Timestamp) -> Bool {
    var next: [Int] = []
    for place in waiting.indices where !waiting[place].isEmpty {
      for _ in 0..<quotas.room(place, now: now) {
        guard let person = waiting[place].next() else { break }
        next.append(person)
      }
    }
    for person in next.reversed() { lanes.put(person, in: lane(of: person), inFront: true) }
    return !next.isEmpty
  }
}
