import Base
import HeapModule
import Provisioning

/// Who is next, and who has to wait for what.
extension Machine {
  /// Keeps the numbers of unsettled and of parked people right after anything about one has changed, and the lane of
  /// leavers: whoever is to be made inactive no more, or is set aside, does not stand in it.
  mutating func settle(_ person: PersonIndex) {
    countParked(person)
    let isUnsettled = people[person].known.isPending && !people[person].isSetAside
    if !isUnsettled { lanes.leave(person, .leavers) }
    guard isUnsettled != people[person].attempt.isUnsettled else { return }
    people[person].attempt.isUnsettled = isUnsettled
    unsettled += isUnsettled ? 1 : -1
  }

  private mutating func countParked(_ person: PersonIndex) {
    let isParked = people[person].known.account.parked != nil && PersonStatus(people[person].known) == .parked
    guard isParked != people[person].isParked else { return }
    people[person].isParked = isParked
    parked += isParked ? 1 : -1
  }

  /// A new desired state, or an operator's word: what was learnt before no longer counts, and whom the person waited for
  /// may no longer matter.
  mutating func forget(_ person: PersonIndex) {
    let old = people[person].attempt
    people[person].attempt = Attempt()
    people[person].attempt.isCalling = old.isCalling
    people[person].attempt.isSought = old.isSought
    people[person].attempt.listsBefore = old.listsBefore
    people[person].attempt.isUnsettled = old.isUnsettled
    people[person].attempt.waiters = old.waiters
    people[person].attempt.stray = old.stray
    if old.link == .disputed { (people[person].attempt.link, people[person].attempt.reread) = (.disputed, old.reread) }
  }

  /// Lets a parked delivery be tried now.
  mutating func retry(_ person: PersonIndex) {
    people[person].attempt.isDue = true
    people[person].attempt.faults = 0
    settle(person)
    queue(person)
  }

  /// Puts a person into a lane, or a timer where the time has not come.
  mutating func schedule(_ person: PersonIndex) {
    guard people[person].known.isPending || people[person].attempt.makesWay, !people[person].attempt.isCalling,
      !people[person].isSetAside
    else { return }
    if let moment = people[person].attempt.notBefore, moment > now {
      timers.insert(Timer(due: moment, person: person))
    } else {
      queue(person)
    }
  }

  /// Puts a person into the lane that suits them now; whoever stood in another leaves it.
  private mutating func queue(_ person: PersonIndex) { lanes.put(person, in: lane(of: person)) }

  /// Leavers are those who are to be made inactive: one who has been is asked about again among the changes.
  func lane(of person: PersonIndex) -> Lane {
    let lane = Lane(people[person].known)
    return lane == .leavers && !people[person].known.isPending ? .changes : lane
  }

  /// Lets those who waited for this person look again.
  mutating func release(_ person: PersonIndex) {
    guard !people[person].attempt.waiters.isEmpty else { return }
    for waiter in people[person].attempt.waiters {
      people[waiter].attempt.isWaiting = false
      queue(waiter)
    }
    people[person].attempt.waiters = []
  }

  mutating func wait(_ person: PersonIndex, for holder: PersonIndex) {
    people[person].attempt.isWaiting = true
    people[holder].attempt.waiters.append(person)
  }

  /// Opens what time opens.
  mutating func ring() {
    gate.ring(condition, at: now)
    if let due = reconciliation.due, due <= now {
      reconciliation.due = nil
      wantReconcile()
    }
    while let timer = timers.min, timer.due <= now {
      timers.removeMin()
      let person = timer.person
      if isOverdue(person) { overdue.put(person, in: lane(of: person)) }
      if let due = people[person].attempt.reread, due <= now, !people[person].known.isPending { queue(person) }
      schedule(person)
    }
    while retries.next(at: now) == nil, let person = overdue.next() {
      if !isOverdue(person) { continue }
      retries.take(at: now)
      people[person].attempt.isDue = true
      settle(person)
      schedule(person)
    }
  }

  /// True when a parked delivery is to be tried by its own time, and is not being tried already.
  private func isOverdue(_ person: PersonIndex) -> Bool {
    guard !people[person].attempt.isDue, let parked = people[person].known.account.parked else { return false }
    return parked.retry <= now
  }

  // MARK: Who waits for a quota

  /// Lets those go on for whom a quota has room again, as many as it has room for; true when there was one.
  @discardableResult
  mutating func refill() -> Bool {
    var next: [PersonIndex] = []
    for quota in quotas.indices where waiting[quota]?.isEmpty == false {
      for _ in 0..<quotas.room(quota, now: now) {
        guard let person = waiting[quota]?.next() else { break }
        next.append(person)
      }
    }
    for person in next.reversed() { lanes.put(person, in: lane(of: person), inFront: true) }
    return !next.isEmpty
  }
}
