import Base
import DequeModule
import HeapModule
public import Provisioning

/// The comparison of TeamViewer with the log, and how far it is.
struct Reconciliation: Equatable {
  /// True when a full import is to be compared.
  var isWanted = false
  /// The number of the full import that is compared once it is whole; 0 while none has begun.
  var list = 0
  /// The requests that were there when that read began.
  var requests: [ReconcileRequested] = []
  /// When the schedule wants the next one; nil when it wants none.
  var due: Timestamp?
  /// How many accounts were on the pages of a full import that is to be compared; nil while there is none.
  var count: Int?
  /// True while the full import that is compared cannot be the company's.
  var isForeign = false
  /// Whom that import lacks, and who is to be read by id.
  var missing: Deque<PersonIndex> = []
  /// Whose account such a read did not find.
  var gone: Set<PersonIndex> = []
  /// Whose account such a read says nothing of.
  var unknown: Set<PersonIndex> = []

  /// True when another full import is needed: the one that is being compared serves whoever asked before it began.
  var wantsList: Bool { isWanted && count == nil }

  /// The next person whose account is to be read, out of here.
  mutating func next(while may: Bool) -> PersonIndex? { may ? missing.popFirst() : nil }
}

/// Reconciliation: a full import, compared with what the log says of every account that is ours.
extension Machine {
  /// The accounts of the newest full import that nobody in the log is linked to, the newest answers taken over: to be shown,
  /// never to be recorded.
  public var unmanaged: [RemoteAccount] { remote.all.filter { holders[$0.id] == nil } }

  // MARK: When

  /// Sets the time of the next comparison by schedule, and takes up what was requested while no worker ran.
  mutating func planReconcile() {
    if !condition.requests.isEmpty { wantReconcile() }
    // A clock that was set back must not put it off for longer than one interval.
    reconciliation.due = settings.reconcileEvery.map { min(condition.reconciled?.finished ?? now, now) + $0 }
  }

  mutating func wantReconcile() {
    reconciliation.isWanted = true
    listing.isWanted = true
  }

  /// An operator asks for one.
  mutating func requested(_ request: ReconcileRequested, _ logged: LoggedEvent) {
    guard condition.reconciled?.request != request.id, !condition.requests.contains(where: { $0.id == request.id })
    else { return }
    condition.evolve(logged)
    wantReconcile()
  }

  /// A full import begins: it serves whoever has asked by now.
  mutating func beginReconcile() {
    guard reconciliation.wantsList else { return }
    reconciliation.list = listing.sent
    reconciliation.requests = condition.requests
  }

  /// A full import is whole; `count` accounts were on its pages. Whom it lacks is read by id before anything is said of
  /// them, unless so many are lacking that the import itself is in doubt.
  mutating func reconcile(count: Int) {
    guard reconciliation.isWanted, reconciliation.list == listing.answered else { return }
    reconciliation.list = 0
    reconciliation.count = count
    reconciliation.missing = []
    (reconciliation.gone, reconciliation.unknown) = ([], [])
    var linked = 0
    for person in people.indices where isComparable(person) {
      guard let account = people[person].known.account.believed else { continue }
      linked += 1
      if remote[id: account.id] == nil, !isAtRest(person) { reconciliation.missing.append(person) }
    }
    if isInDoubt(lost: reconciliation.missing.count, of: linked, count) { reconciliation.missing = [] }
    endReconcile()
  }

  /// A full import is whole and cannot be the company's: what differs is counted, and nothing is done about it.
  mutating func withhold(count: Int) {
    guard reconciliation.isWanted, reconciliation.list == listing.sent else { return }
    (reconciliation.list, reconciliation.count) = (0, count)
    (reconciliation.missing, reconciliation.gone, reconciliation.unknown) = ([], [], [])
    reconciliation.isForeign = true
    endReconcile()
    reconciliation.isForeign = false
  }

  /// True for an account that is inactive as it should be: a list may leave it out, and whether it is gone matters to
  /// nobody before the person comes back.
  private func isAtRest(_ person: PersonIndex) -> Bool {
    let (account, desired) = (people[person].known.account, people[person].known.desired)
    return account.believed?.active == false && desired?.active != true && account.drift == nil
  }

  /// Where so many are gone, the read is more likely to be wrong than TeamViewer.
  func isInDoubt(lost: Int, of linked: Int, _ count: Int) -> Bool {
    lost > max(5, linked / 10) || (count == 0 && linked > 0)
  }

  /// What was read whole, and by id, is compared once no such read is left.
  mutating func endReconcile() {
    guard let count = reconciliation.count, reconciliation.missing.isEmpty,
      !calls.values.contains(where: { person(of: $0).map { people[$0].attempt.isSought } == true })
    else { return }
    reconciliation.count = nil
    let requests = reconciliation.requests
    if requests.isEmpty { compare(nil, count) }
    for request in requests { compare(request, count) }
    reconciliation.isWanted = !condition.requests.isEmpty
    listing.isWanted = listing.isWanted || reconciliation.isWanted
    reconciliation.due = settings.reconcileEvery.map { now + $0 }
  }

  /// Leavers go first.
  var mayReadForReconcile: Bool { settings.reconcilesOnly || lanes.count(.leavers) == 0 }

  /// The answer to the read of an account that a full import lacks.
  mutating func sought(_ answer: Answer, _ call: Call, _ person: PersonIndex) {
    people[person].attempt.isSought = false
    switch answer {
    case .account(let account, let status):
      looked(at: account, status, call, person)
    case .notFound:
      answeredTooLate(answer, call, person)
      reconciliation.gone.insert(person)
    case .tooFast, .unauthorized:
      answeredForAll(answer, call, person)
      reconciliation.missing.prepend(person)
    case .forbidden(let detail): forbidden(detail, call, person)
    default:
      answeredTooLate(answer, call, person)
      reconciliation.unknown.insert(person)
    }
  }

  // MARK: Compare

  private mutating func compare(_ request: ReconcileRequested?, _ count: Int) {
    var findings: [(person: PersonIndex, finding: Finding)] = []
    var linked = 0
    var lost = 0
    var drift: [DriftDetected.Kind: Int] = [:]
    for person in people.indices where isComparable(person) {
      let isLinked = people[person].known.account.believed != nil
      if isLinked { linked += 1 }
      guard let finding = finding(of: person) else { continue }
      findings.append((person, finding))
      switch finding {
      case .drift(let kind, let account):
        drift[kind, default: 0] += 1
        if isLinked, account == nil { lost += 1 }
      case .gone: lost += 1
      case .cured, .confirmed: break
      }
    }
    let isWithheld = reconciliation.isForeign || isInDoubt(lost: lost, of: linked, count)
    var repairs = 0
    if !isWithheld {
      let repairing = request?.repair ?? settings.repairsDrift
      for (person, finding) in findings where take(finding, of: person, repairing: repairing) { repairs += 1 }
    }
    record(
      .reconcileFinished(
        ReconcileFinished(
          request: request?.id, finished: now, accounts: count, unmanaged: remote.count { holders[$0.id] == nil },
          drift: drift, repairs: repairs, isWithheld: isWithheld)))
  }

  /// True when nothing is on its way to the account: what a read shows is then to be what the log says.
  func isComparable(_ person: PersonIndex) -> Bool {
    let account = people[person].known.account
    guard people[person].known.erasure == nil, !people[person].known.isDetached,
      !people[person].attempt.isCalling, account.unanswered == nil
    else { return false }
    if people[person].known.isPending, !people[person].known.isSetAsideByOperator, !account.isAbandoned { return false }
    guard let desired = people[person].known.desired else { return account.believed != nil }
    return account.believed != nil || account.drift == .missing && desired.active || !desired.active
  }

  /// Takes over a finding; true when the account is to be brought back.
  private mutating func take(
    _ finding: Finding, of person: PersonIndex, repairing: Bool
  ) -> Bool {
    switch finding {
    case .gone:
      endLink(person, unlessTo: nil)
      record(person, .accountVerified(AccountVerified(isGone: true)))
    case .cured(let account):
      if !account.active { record(person, .accountVerified(AccountVerified(isGone: false, account: account))) }
      record(person, .deliveryCompleted(DeliveryCompleted(.alreadySo, decision: people[person].known.decisionPosition)))
    case .confirmed:
      people[person].attempt.reread = now
      timers.insert(Timer(due: now, person: person))
    case .drift(let kind, let account):
      let isRepaired = repairing && mayRepair(person, account)
      let known = people[person].known.account
      let isSame = account == nil || account?.id != known.believed?.id || known.believed == account
      if !isRepaired, known.drift == kind, isSame { return false }
      if isRepaired { endLink(person, unlessTo: account) }
      record(person, .driftDetected(DriftDetected(kind, isRepaired: isRepaired, account: account)))
      guard isRepaired else { return false }
      forget(person)
      settle(person)
      schedule(person)
      return true
    }
    return false
  }

  /// A repair begins from nothing where the linked account is gone, or is not the one to be repaired.
  private mutating func endLink(_ person: PersonIndex, unlessTo account: RemoteAccount?) {
    guard let believed = people[person].known.account.believed, believed.id != account?.id else { return }
    unlink(person, reconciliation.gone.contains(person) ? .notFound : .otherIsActive)
  }

  private func mayRepair(_ person: PersonIndex, _ account: RemoteAccount?) -> Bool {
    guard let desired = people[person].known.desired, !people[person].known.isPending,
      !people[person].known.isSetAsideByOperator
    else {
      return false
    }
    return desired.active || !(account.map(settings.isProtected) ?? false)
  }

  // MARK: What differs

  private enum Finding {
    /// The account is other than the log says; nil when it is not there.
    case drift(DriftDetected.Kind, RemoteAccount?)
    /// The account of somebody who is to have none is not there any more.
    case gone
    /// What was found to be other before is as wanted again.
    case cured(RemoteAccount)
    /// An address that waited for its confirmation shows.
    case confirmed
  }

  private func finding(of person: PersonIndex) -> Finding? {
    let account = people[person].known.account
    if reconciliation.unknown.contains(person) { return nil }
    guard let believed = account.believed else { return findingWithoutLink(of: person) }
    // An operator wants nothing sent, or it was given up: then TeamViewer is to stay as it is.
    let isLeft = people[person].known.isPending
    let isActive = isLeft ? believed.active : people[person].known.desired?.active ?? false
    let other = isActive ? nil : otherActive(person).map { Finding.drift(.extra, $0) }
    guard let shown = remote[id: believed.id] else {
      return other ?? (isAtRest(person) ? nil : isActive ? .drift(.missing, nil) : .gone)
    }
    if shown.active != isActive { return .drift(shown.active ? .extra : .disabled, shown) }
    let isCured = (account.drift != nil || account.keepsOldName) && !isLeft
    // Of an account that nobody can use, name and address do not matter.
    if !isActive { return other ?? (isCured ? .cured(shown) : nil) }
    let name = isLeft ? believed.displayName : people[person].known.desired?.displayName ?? believed.displayName
    let address = isLeft ? believed.userName : people[person].known.desired?.userName ?? believed.userName
    if hasOtherName(shown, account, believed, wanted: name) { return .drift(.changed, shown) }
    if hasOtherAddress(shown, account, believed, wanted: address) { return .drift(.changed, shown) }
    if let requested = account.requestedUserName {
      return Address.folded(requested) == Address.folded(shown.userName) ? .confirmed : nil
    }
    return isCured ? .cured(shown) : nil
  }

  /// Of somebody who has left an active account with the address is too much, whoever made it.
  private func findingWithoutLink(of person: PersonIndex) -> Finding? {
    if people[person].known.desired?.active == true { return .drift(.missing, nil) }
    return otherActive(person).map { .drift(.extra, $0) }
  }

  /// TeamViewer may show a name otherwise than it took it: what it showed when it was delivered is no change, unless that
  /// is the name from before.
  private func hasOtherName(
    _ shown: RemoteAccount, _ account: Account, _ believed: RemoteAccount, wanted name: String
  ) -> Bool {
    if shown.displayName.hasSameBytes(as: name) { return false }
    return account.drift == .changed || account.keepsOldName
      || !shown.displayName.hasSameBytes(as: believed.displayName)
  }

  /// An address that was asked for may wait for its confirmation: the old one still shows then.
  private func hasOtherAddress(
    _ shown: RemoteAccount, _ account: Account, _ believed: RemoteAccount, wanted address: String
  ) -> Bool {
    let (shows, wanted) = (Address.folded(shown.userName), Address.folded(address))
    if shows == wanted { return false }
    return account.requestedUserName.map(Address.folded) != wanted || shows != Address.folded(believed.userName)
  }
}
