import Base
import Provisioning

/// A delivery that failed, or an outage of TeamViewer as a whole: from the first failure to its end.
struct Failure {
  /// What failed.
  enum What: String {
    case delivery
    /// Calls failed in a row, and none but probes left.
    case outage
    /// TeamViewer refused the credentials, or what answered was no SCIM endpoint.
    case quarantine
  }

  /// How it stands.
  enum Status: String {
    case open
    case parked
    case abandoned
    case onHold
    /// It was done after all; an outage is over.
    case resolved
    /// A later decision took its place.
    case superseded
    /// An operator did not want it any more.
    case skipped
    /// The person was erased.
    case erased
  }

  let what: What
  var alias: String?
  var user: DirectoryUser?
  /// The observation that gave the names; nil where nothing did.
  var named: Int64?
  var decision: (point: AccessChange.Point, action: Decision.Action)?
  /// The newest word for what went wrong.
  var word: String
  let first: AccessChange.Point
  var last: AccessChange.Point
  /// How many attempts failed; of an outage how many calls in a row.
  var count = 1
  var status = Status.open
  var ended: (point: AccessChange.Point, by: Actor)?
  /// Whether a write told of it last: what parks the delivery then is the same attempt.
  var isOfWrite = false

  var isOpen: Bool { ended == nil }

  /// From the first failure to the end, or to a moment.
  func milliseconds(at now: Timestamp) -> Int64 {
    (ended?.point.time ?? now).milliseconds - first.time.milliseconds
  }
}

extension AccessChange.Point {
  init(_ logged: LoggedEvent) { self.init(position: logged.position, time: logged.time) }
}

/// Folds the events of one person into their failures.
struct FailureFold {
  private let alias: String
  private var user: (DirectoryUser, seen: Int64)?
  private var decision: (point: AccessChange.Point, action: Decision.Action)?
  private(set) var failures: [Failure] = []

  init(_ alias: String) { self.alias = alias }

  mutating func take(_ logged: LoggedEvent) {
    switch logged.payload {
    case .userObserved(let observed): if !observed.user.id.isEmpty { user = (observed.user, logged.position) }
    case .decided(let decided): decide(decided, logged)
    case .callFinished(let finished):
      if finished.isFailedWrite { fail(finished.error ?? finished.status.map { "HTTP \($0)" } ?? "", .open, logged) }
    case .deliveryParked(let parked): fail(parked.reason.rawValue, .parked, logged)
    case .deliveryAbandoned(let abandoned): fail(abandoned.reason.rawValue, .abandoned, logged)
    case .deliveryHeld: change { $0.status = .onHold }
    case .deliveryRetried: change { $0.status = .open }
    case .deliverySkipped: end(.skipped, logged)
    case .deliveryCompleted: end(.resolved, logged)
    case .subjectErased: end(.erased, logged)
    default: break
    }
  }

  /// A decision for something else ends what the one before could not do.
  private mutating func decide(_ decided: Decision, _ logged: LoggedEvent) {
    guard ![.skip, .held, .none].contains(decided.action) else { return }
    end(.superseded, logged)
    decision = (AccessChange.Point(logged), decided.action)
  }

  private mutating func fail(_ word: String, _ status: Failure.Status, _ logged: LoggedEvent) {
    let point = AccessChange.Point(logged)
    guard let last = failures.last, last.isOpen else {
      failures.append(
        Failure(
          what: .delivery, alias: alias, user: user?.0, named: user?.seen, decision: decision, word: word, first: point,
          last: point, status: status, isOfWrite: status == .open))
      return
    }
    change { failure in
      if status == .open || !failure.isOfWrite { failure.count += 1 }
      (failure.word, failure.last, failure.status, failure.isOfWrite) = (word, point, status, status == .open)
    }
  }

  private mutating func end(_ status: Failure.Status, _ logged: LoggedEvent) {
    change { $0.status = status }
    change { $0.ended = (AccessChange.Point(logged), logged.actor) }
  }

  /// Changes the newest failure while it has not ended.
  private mutating func change(_ body: (inout Failure) -> Void) {
    guard let last = failures.last, last.isOpen else { return }
    body(&failures[failures.count - 1])
  }
}

extension CallFinished {
  fileprivate var isFailedWrite: Bool {
    purpose.isWrite && !isUnsent && [.refused, .failed, .unknown, .notFound].contains(outcome)
  }
}
