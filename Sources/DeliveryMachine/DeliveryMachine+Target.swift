import Base
import Provisioning
import SCIM

/// TeamViewer as a whole: full imports and probes.
extension DeliveryMachine {
  // MARK: The full import

  mutating func wantList(_ person: PersonIndex) {
    listing.isWanted = true
    listing.waiters.append(person)
  }

  /// Lets a person wait for a full import that is not begun yet, or the one under way.
  mutating func wantFreshList(_ person: PersonIndex) {
    people[person].attempt.list = listing.isInProgress ? listing.sent : listing.sent + 1
    wantList(person)
  }

  /// Sends what concerns the target as a whole before any person's call.
  mutating func sendForTarget() {
    targetQuota = nil
    if gate.isProbeDue, !isStopping, planned == nil, calls.isEmpty {
      if handOut(.probe, .plainRead) { gate.probeLeft() }
      return
    }
    if let moment = listing.notBefore, moment <= now { listing.notBefore = nil }
    guard listing.isWanted, !listing.isUnderWay, listing.notBefore == nil, mayCall else { return }
    let isFirst = listing.pages == 0
    guard handOut(.list, .listUsers(startIndex: isFirst ? nil : listing.accounts.count + 1)) else { return }
    if isFirst {
      listing.sent += 1
      remote.begin()
      beginReconcile()
    }
    listing.isUnderWay = true
  }

  mutating func answeredForTarget(_ answer: Answer, _ call: Call) {
    if call.purpose == .list { listing.isUnderWay = false }
    switch answer {
    case .page(let accounts, let total, let status):
      succeeded()
      if call.purpose == .probe { return probed(call, status) }
      listing.isShaken = listing.pages > 0 && (listing.isShaken || total < listing.total)
      listing.total = total
      listing.accounts += accounts
      listing.pages += 1
      if listing.accounts.count >= total { return listed(call, status) }
      // It would go on for ever: nothing comes after it.
      if accounts.isEmpty { fellShort(call, status) }
    case .unauthorized:
      finished(call, .refused, status: 401)
      quarantine(.credentials, 401, call)
    case .forbidden:
      finished(call, .refused, status: 403)
      quarantine(.insufficientRights, 403, call)
    case .tooFast(let retryAfter, let status):
      finished(call, .refused, status: status, error: "rate-limit")
      slowDown(retryAfter, status, call)
      if call.purpose == .probe, condition.quarantine != nil {
        gate.probeAgain(condition, notBefore: condition.pause?.until)
      }
    case .fault(let label, let status, _):
      finished(call, .failed, status: status, error: label)
      broke(label, status, call)
      let moment = now + settings.backoff(faults: gate.faultsInARow, &random)
      if call.purpose == .probe {
        gate.probeAgain(condition, notBefore: moment)
      } else {
        listing.restart(notBefore: moment)
      }
    case .notFound: notSCIM(404, call)
    case .rejected(let status, _), .addressTaken(let status, _), .unsupported(let status): notSCIM(status, call)
    case .account(_, let status), .accepted(let status): notSCIM(status, call)
    }
  }

  private mutating func notSCIM(_ status: Int, _ call: Call) {
    finished(call, .refused, status: status)
    quarantine(.notSCIM, status, call)
  }

  /// Who the accounts are is not recorded: most of them may be nobody's that we manage.
  private mutating func listed(_ call: Call, _ status: Int) {
    let count = listing.accounts.count
    finished(call, .done, status: status, pages: listing.pages, count: count)
    remote.replace(with: listing.accounts)
    listing.answered = listing.sent
    listing.isStale = false
    listing.accounts = []
    listing.pages = 0
    listing.short = nil
    listing.shortfalls = 0
    let waiters = listing.takeWaiters()
    reconcile(count: count)
    listing.isWanted = reconciliation.isWanted
    for person in waiters { schedule(person) }
  }

  /// A full import that has fewer accounts than TeamViewer says there are: who is not on it may have an account all the
  /// same, so that nobody is created, completed or compared by it. After some in a row those who wait are set aside.
  private mutating func fellShort(_ call: Call, _ status: Int) {
    finished(call, .failed, status: status, error: "short-list", pages: listing.pages, count: listing.accounts.count)
    remote.add(listing.accounts)
    listing.short = (listing.sent, Set(listing.accounts.map(\.id)))
    listing.shortfalls += 1
    listing.restart(notBefore: now + settings.pause(refusals: listing.shortfalls))
    listing.isWanted = reconciliation.isWanted
    for person in listing.takeWaiters() {
      if listing.shortfalls < settings.breakerThreshold || isShownByShortList(person) {
        schedule(person)
      } else if people[person].known.isPending, !people[person].attempt.isCalling, !people[person].isSetAside {
        park(person, .targetFault, status: status)
      }
    }
  }

  /// True when the account that a person needs is on the newest full import, although that fell short.
  func isShownByShortList(_ person: PersonIndex) -> Bool {
    guard let short = listing.short, short.number >= people[person].attempt.list,
      let address = people[person].known.desired?.userName, let account = remote[address: address]
    else { return false }
    return short.ids.contains(account.id)
  }

  mutating func finished(
    _ call: Call, _ outcome: CallFinished.Outcome, status: Int?, error: String? = nil, pages: Int? = nil,
    count: Int? = nil
  ) {
    record(
      .callFinished(
        CallFinished(
          call: 0, purpose: call.purpose, operation: call.operation, outcome: outcome, status: status, error: error,
          milliseconds: Int(call.duration(until: now).milliseconds), pages: pages, count: count)))
  }
}
