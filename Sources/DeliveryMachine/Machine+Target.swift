import Base
import Provisioning
import SCIM

/// TeamViewer as a whole: full imports and probes.
extension Machine {
  // MARK: The full import

  /// The number of the newest full import that was whole, 0 for none, and what of it cannot be read as accounts.
  public var newestList: (number: Int, passedOver: [UnreadableAccount]) { (listing.answered, listing.passedOver) }

  /// How many pages of a full import that is not at its end were read.
  public var pagesRead: Int { listing.reading.pages }

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
    if gate.isProbeDue, !isStopping, planned == nil, calls.isEmpty {
      if handOut(.probe, .plainRead) { gate.probeLeft() }
      return
    }
    if let moment = gate.earlyProbe, moment <= now, isLeaverWaiting, !isStopping, planned == nil, calls.isEmpty {
      if handOut(.probe, .plainRead) { gate.earlyProbeLeft(settings, at: now) }
      return
    }
    if gate.wantsPlainRead(condition), unsettled > 0 || listing.isWanted, mayCall, calls.isEmpty,
      handOut(.probe, .plainRead)
    {
      return
    }
    if let moment = listing.notBefore, moment <= now { listing.notBefore = nil }
    guard listing.isWanted, !listing.isUnderWay, listing.notBefore == nil, mayCall else { return }
    let next = listing.reading.nextIndex
    guard handOut(.list, .listUsers(startIndex: next)) else { return }
    if next == nil {
      listing.sent += 1
      remote.begin()
      beginReconcile()
    }
    listing.isUnderWay = true
  }

  mutating func answeredForTarget(_ answer: Answer, _ call: Call) {
    if call.purpose == .list { listing.isUnderWay = false }
    switch answer {
    case .page(let page, let status):
      succeeded(call)
      if call.purpose == .probe { return probed(call, status) }
      switch listing.reading.add(page) {
      case .more: break
      case .whole: listed(call, status)
      case .flawed(let flaw): fellShort(flaw, call, status)
      }
    case .unauthorized:
      if !isCounted(call, Self.unauthorized, 401) { finished(call, .refused, status: 401) }
      quarantine(.credentials, 401, call)
    case .forbidden:
      if !isCounted(call, "forbidden", 403) { finished(call, .refused, status: 403) }
      quarantine(.insufficientRights, 403, call)
    case .tooFast(let retryAfter, let status):
      if !isCounted(call, Self.rateLimit, status) {
        finished(call, .refused, status: status, error: Self.rateLimit)
      }
      slowDown(retryAfter, status, call)
      if call.purpose == .probe, condition.quarantine != nil {
        gate.probeAgain(condition, notBefore: condition.pause?.until)
      }
    case .fault(let label, let status, _):
      if !isCounted(call, label, status) { finished(call, .failed, status: status, error: label) }
      broke(label, status, call)
      let moment = now + settings.backoff(faults: gate.faultsInARow, &random)
      if call.purpose == .probe {
        if condition.quarantine != nil { gate.probeAgain(condition, notBefore: moment) }
      } else {
        listing.restart(notBefore: moment)
      }
    case .notFound: notSCIM(404, call)
    case .rejected(let status, _), .addressTaken(let status, _), .unsupported(let status): notSCIM(status, call)
    case .account(_, let status), .accepted(let status), .unfit(let status): notSCIM(status, call)
    }
  }

  private mutating func notSCIM(_ status: Int, _ call: Call) {
    if !isCounted(call, "no-scim", status) { finished(call, .refused, status: status) }
    quarantine(.notSCIM, status, call)
  }

  /// Who the accounts are is not recorded: most of them may be nobody's that we manage.
  private mutating func listed(_ call: Call, _ status: Int) {
    let (known, count) = (remote, listing.reading.accounts.count)
    remote.replace(with: listing.reading.accounts)
    if isForeign(listing.reading, remote) {
      let shown = remote
      remote = known
      return foreign(shown, count, call, status)
    }
    finished(call, .done, status: status, pages: listing.reading.pages, count: count)
    noteUnlisted()
    listing.answered = listing.sent
    listing.isStale = false
    listing.passedOver = listing.reading.passedOver
    listing.reading = ListReading()
    listing.short = nil
    listing.shortfalls = 0
    let waiters = listing.takeWaiters()
    reconcile(count: count)
    listing.isWanted = reconciliation.wantsList
    for person in waiters { schedule(person) }
  }

  /// A full import that cannot be the company's: a comparison says so, and to everybody else it is as one that fell short.
  private mutating func foreign(_ shown: RemoteDirectory, _ count: Int, _ call: Call, _ status: Int) {
    fellShort(.foreign, call, status)
    let known = remote
    remote = shown
    withhold(count: count)
    remote = known
    listing.isWanted = reconciliation.wantsList
  }

  private mutating func noteUnlisted() {
    unlisted = [:]
    for person in people.indices {
      guard let account = people[person].known.account.believed, remote[id: account.id] == nil else { continue }
      unlisted[Address.folded(account.userName)] = account
    }
  }

  /// A full import that is not whole: who is not on it may have an account all the same, so that nobody is created,
  /// completed or compared by it. After some in a row those who wait are set aside.
  private mutating func fellShort(_ flaw: ListReading.Flaw, _ call: Call, _ status: Int) {
    let reading = listing.reading
    if !isCounted(call, flaw.rawValue, status) {
      finished(
        call, .failed, status: status, error: flaw.rawValue, pages: reading.pages, count: reading.accounts.count)
    }
    listing.short = nil
    if flaw != .foreign {
      remote.add(reading.accounts)
      listing.short = (listing.sent, reading.accountIDs)
    }
    listing.shortfalls += 1
    listing.restart(notBefore: now + settings.pause(refusals: listing.shortfalls))
    listing.isWanted = reconciliation.wantsList
    for person in listing.takeWaiters() {
      if listing.shortfalls < settings.breakerThreshold || isShownByShortList(person) {
        schedule(person)
      } else if people[person].known.isPending, !people[person].attempt.isCalling, !people[person].isSetAside {
        park(person, .incompleteList, status: status, detail: reading.clause(flaw))
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
