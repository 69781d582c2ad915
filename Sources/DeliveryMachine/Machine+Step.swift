import Base
import HeapModule
import Provisioning
import SCIM

/// What is to be done for one person next.
enum NextStep {
  /// Nothing, or not now.
  case nothing
  /// It is to be looked at again at `Attempt.notBefore`.
  case later
  /// A call.
  case call(NextCall)
  /// The account that has the address is nobody's: it becomes this person's.
  case link(RemoteAccount)
  /// The account that has the address was that of somebody who has left.
  case takeOver(RemoteAccount, from: PersonIndex)
  /// The account that is linked is this person's no longer.
  case unlink(AccountUnlinked.Reason)
  /// A full import shows the linked account, although TeamViewer did not know it a moment ago.
  case keepLink
  /// Somebody else has to give the address free first.
  case wait(for: PersonIndex)
  /// Somebody inactive has to give the address free first, and is only asked for it.
  case makeWay(PersonIndex)
  /// The account cannot be given another address any more.
  case noWay
  /// The full import that the person waits for is not whole yet.
  case list
  /// The newest full import shows what became of the last write: TeamViewer does not answer a query.
  case lookInList
  /// A full import that begins from now on is needed.
  case freshList
  case complete(DeliveryCompleted.How)
  case park(ParkReason)
}

/// The next thing to do for one person.
extension Machine {
  /// The call that a person needs next; nil when there is none now: then whatever needs no call is done.
  mutating func step(_ person: PersonIndex) -> NextCall? {
    while true {
      let next = next(person)
      if let call = sameWrite(next, person) { return call }
      if tellRead(before: next, person) { continue }
      switch next {
      case .nothing: return nil
      case .later: schedule(person)
      case .call(let call): return call
      case .link(let account):
        link(person, .matched, account)
        continue
      case .takeOver(let account, let holder):
        takeOver(account, from: holder, by: person)
        continue
      case .unlink(let reason):
        unlink(person, reason)
        continue
      case .keepLink:
        people[person].attempt.link = .readDue
        continue
      case .lookInList:
        lookInList(person)
        continue
      case .wait(let holder): wait(person, for: holder)
      case .makeWay(let holder): makeWay(holder, for: person)
      case .noWay:
        refusesWay(person)
        release(person)
      case .list: wantList(person)
      case .freshList: wantFreshList(person)
      case .complete(let how): complete(person, how)
      case .park(let reason):
        askUnlistedHolder(for: person)
        forgiveHolder(for: person)
        park(person, reason)
      }
      return nil
    }
  }

  // MARK: The same write again

  /// While writes fail, one that had no effect leaves again under the start that the log has; nil when it is another.
  private func sameWrite(_ next: NextStep, _ person: PersonIndex) -> NextCall? {
    guard people[person].attempt.untoldRead != nil, case .call(var call) = next,
      let (new, old) = call.started.flatMap({ new in people[person].known.account.unanswered.map { (new, $0) } }),
      new.purpose == old.purpose, new.decision == old.decision, new.operation == old.operation, new.body == old.body
    else { return nil }
    call.started = nil
    return call
  }

  /// Tells what a read showed before something else follows than the same write; true when it was told.
  private mutating func tellRead(before next: NextStep, _ person: PersonIndex) -> Bool {
    switch next {
    case .nothing, .later, .list, .freshList, .wait, .makeWay: return false
    default: break
    }
    guard let read = people[person].attempt.untoldRead else { return false }
    people[person].attempt.untoldRead = nil
    record(person, .callFinished(read))
    return true
  }

  /// Keeps in mind that a write had no effect.
  mutating func tellLater(
    _ outcome: CallFinished.Outcome, _ status: Int, _ call: Call, _ person: PersonIndex
  ) {
    people[person].attempt.untoldRead = CallFinished(
      call: 0, purpose: call.purpose, operation: call.operation, outcome: outcome, status: status,
      milliseconds: Int(call.duration(until: now).milliseconds),
      account: outcome == .done ? people[person].known.account.believed : nil)
  }

  /// An account that no list shows, and whose address somebody needs, is read by its id: it may be gone, or have another
  /// address, so that nothing stands in the way at the next attempt.
  private mutating func askUnlistedHolder(for person: PersonIndex) {
    guard let address = people[person].known.desired.map({ Address.folded($0.userName) }),
      remote[address: address] == nil, let account = unlisted[address], let holder = holders[account.id],
      holder != person
    else { return }
    wantRead(holder)
    people[holder].attempt.reread = now
    timers.insert(Timer(due: now, person: holder))
  }

  /// Has a linked account read, unless the next full import says first whether it is there.
  mutating func wantRead(_ person: PersonIndex) {
    if people[person].attempt.link == .none { people[person].attempt.link = .readDue }
  }

  /// Whoever could not make way is asked once more at the next attempt.
  private mutating func forgiveHolder(for person: PersonIndex) {
    guard let address = people[person].known.desired?.userName, let account = remote[address: address],
      let holder = holders[account.id]
    else { return }
    people[holder].attempt.cannotMakeWay = false
  }

  /// Links a person to an account that nobody else holds.
  mutating func link(_ person: PersonIndex, _ how: AccountLinked.How, _ account: RemoteAccount) {
    record(person, .linked(AccountLinked(how, account)))
    people[person].attempt.stray = nil
    holders[account.id] = person
    remote.show(account)
  }

  private mutating func takeOver(_ account: RemoteAccount, from holder: PersonIndex, by person: PersonIndex) {
    let (left, heir) = (people[holder].known, people[person].known)
    let hasOther = left.isPending && otherActive(holder) != nil
    // The name of the one who has left must not be sealed under this person's key; it is replaced in a moment anyway.
    var moved = account
    if !account.displayName.hasSameBytes(as: heir.desired?.displayName ?? "") { moved.displayName = "" }
    // An address that was asked for and not confirmed would come into force later: asking for this person's takes it back.
    if left.account.requestedUserName != nil { moved.userName = "" }
    // What made it inactive may not show yet.
    if left.account.mayBeInactive { moved.active = false }
    record(person, .linked(AccountLinked(.moved, moved, previous: left.alias)))
    if hasOther {
      // Another account with the address of the one who has left is still to be made inactive.
      unlink(holder, .heldByAnother)
      timers.insert(Timer(due: now, person: holder))
    } else {
      record(
        holder,
        .deliveryCompleted(DeliveryCompleted(.moved, decision: left.decisionPosition, successor: heir.alias)))
    }
    settle(holder)
    holders[account.id] = person
  }

  /// Ends the link to an account: what was learnt of it no longer counts.
  mutating func unlink(_ person: PersonIndex, _ reason: AccountUnlinked.Reason) {
    let account = people[person].known.account.believed
    if let account {
      if holders[account.id] == person { holders[account.id] = nil }
      let address = Address.folded(account.userName)
      if unlisted[address]?.id == account.id { unlisted[address] = nil }
    }
    record(person, .unlinked(AccountUnlinked(reason, id: account?.id)))
    people[person].attempt.link = .none
    if reason == .notFound { people[person].attempt.isQueried = false }
    people[person].attempt.acknowledged = []
    people[person].attempt.ineffective = 0
    people[person].attempt.how = .alreadySo
    release(person)
  }

  // MARK: Ends

  mutating func complete(_ person: PersonIndex, _ how: DeliveryCompleted.How) {
    if people[person].known.account.parked != nil { retries.wentWell() }
    if how == .noAccount, people[person].known.account.unlinked == .notFound {
      record(person, .accountVerified(AccountVerified(isGone: true)))
    }
    record(person, .deliveryCompleted(DeliveryCompleted(how, decision: people[person].known.decisionPosition)))
    let waiters = people[person].attempt.waiters
    let isUnsettled = people[person].attempt.isUnsettled
    people[person].attempt = Attempt()
    people[person].attempt.waiters = waiters
    people[person].attempt.isUnsettled = isUnsettled
    settle(person)
    release(person)
    planReread(person)
  }

  mutating func park(
    _ person: PersonIndex, _ reason: ParkReason, status: Int? = nil, detail: String? = nil
  ) {
    if isMakingWay(person), people[person].known.account.unanswered == nil { return refusesWay(person) }
    let last = people[person].known.account.parked
    let since = last?.since ?? now
    let decision = people[person].known.decisionPosition
    if now - since >= settings.abandonAfter {
      record(person, .deliveryAbandoned(DeliveryAbandoned(reason, decision: decision)))
    } else {
      let attempt = (last?.attempt ?? 0) + 1
      let retry = settings.retry(since: since, attempt: attempt, now: now)
      let parked = DeliveryParked(
        reason, decision: decision, attempt: attempt, since: since, retry: retry, status: status, detail: detail)
      record(person, .deliveryParked(parked))
      timers.insert(Timer(due: retry, person: person))
    }
    people[person].attempt.isDue = false
    people[person].attempt.isContested = false
    people[person].attempt.acknowledged = []
    people[person].attempt.ineffective = 0
    people[person].attempt.missed = 0
    if people[person].attempt.link == .unknownID { people[person].attempt.link = .none }
    settle(person)
    release(person)
  }
}
