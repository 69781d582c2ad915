import Base
import Provisioning
import SCIM

/// The full import of all accounts, and how far it is.
struct Listing: Equatable {
  /// The number of full imports begun.
  var sent = 0
  /// The number of the newest full import that was answered whole.
  var answered = 0
  /// True when the next match needs a new full import: at a start, and after each cycle.
  var isStale = true
  /// True when somebody waits for a full import.
  var isWanted = false
  /// True from the first page's sending until the last one's answer.
  var isInProgress: Bool { isUnderWay || pages > 0 }
  /// True while a page is on its way.
  var isUnderWay = false
  /// No page before this moment, after a fault.
  var notBefore: Timestamp?
  /// The accounts of the pages so far.
  var accounts: [RemoteAccount] = []
  /// The number of pages so far.
  var pages = 0
  /// How many accounts there are, as the newest page says.
  var total = 0
  /// True when that number fell while pages were read.
  var isShaken = false
  /// The people who wait for it.
  var waiters: [PersonIndex] = []
}

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
      if accounts.isEmpty || listing.accounts.count >= total { listed(call, status) }
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
        listing.pages = 0
        listing.accounts = []
        listing.notBefore = moment
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
    let waiters = listing.waiters
    listing.waiters = []
    reconcile(count: count)
    listing.isWanted = reconciliation.isWanted
    for person in waiters { schedule(person) }
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
