public import Base
import Provisioning
import Synchronization
public import TeamViewer

/// How long a run goes on while nothing gets through to TeamViewer, and what it saw last.
///
/// One for a whole run: its start, and its workers one after the other, tell it what came of their calls. Time counts from
/// the last call that got through. Rest that an operator or the configuration wants does not count. A pause that
/// TeamViewer asks for is waited out, however long; when the call behind it is refused too, its time has counted.
public final class Patience: Sendable {
  private struct State {
    var since: Timestamp
    var last: Fruitless.Sight?
    /// How many calls in a row did not get through.
    var calls = 0
    /// True until somebody has looked at the newest call.
    var isFresh = false
    /// True when a list or an account could be read.
    var hasRead = false

    /// Rest that somebody wants does not count.
    mutating func rest(_ block: DeliveryBlock?, at now: Timestamp) {
      if block?.isPlanned == true { since = now }
    }
  }

  private let limit: Duration?
  private let state: Mutex<State>

  /// Patience from a moment on; without a limit it never ends.
  public init(limit: Duration?, since now: Timestamp) {
    self.limit = limit
    state = Mutex(State(since: now))
  }

  /// Takes in what came of a call. Returns how many calls in a row did not get through, this one included.
  @discardableResult
  func note(_ finished: CallFinished, at now: Timestamp) -> Int {
    if finished.gotThrough { renew(at: now) } else { note(Fruitless.Sight(finished)) }
    return state.withLock { state in
      if finished.outcome == .done, finished.operation.contains("/Users") { state.hasRead = true }
      return state.calls
    }
  }

  /// A call did not get through.
  func note(_ sight: Fruitless.Sight) {
    state.withLock { state in
      state.last = sight
      state.calls += 1
      state.isFresh = true
    }
  }

  /// A moment at which `block` holds calls back.
  func rest(_ block: DeliveryBlock, at now: Timestamp) { state.withLock { $0.rest(block, at: now) } }

  /// A call got through.
  func renew(at now: Timestamp) { state.withLock { $0 = State(since: now, hasRead: $0.hasRead) } }

  /// The end of the patience, as of a moment at which `block` holds calls back; nil while there is some.
  func end(at now: Timestamp, _ block: DeliveryBlock?) -> Fruitless? {
    state.withLock { state in
      defer { state.isFresh = false }
      state.rest(block, at: now)
      guard let limit, now - state.since >= limit, state.isFresh || block?.reason != .targetPause else { return nil }
      return Fruitless(span: limit, last: state.last, hasRead: state.hasRead)
    }
  }

  /// When to look again, while `block` holds calls back; nil when only an answer can end the patience.
  func deadline(_ block: DeliveryBlock?) -> Timestamp? {
    guard let limit, block?.isPlanned != true, block?.reason != .targetPause else { return nil }
    return state.withLock { $0.since + limit }
  }
}

/// A run until idle that was ended, because nothing got through for too long.
public struct Fruitless: Error, Equatable, Sendable {
  /// A call that did not get through.
  public struct Sight: Equatable, Sendable {
    /// The method and path template; empty where the log does not say it.
    public var operation: String
    /// The word that the log keeps of what went wrong.
    public var error: String?
    /// The status of the answer; nil when none arrived.
    public var status: Int?

    init(_ finished: CallFinished) {
      (operation, error, status) = (finished.operation, finished.error, finished.status)
    }

    init(_ faults: TargetUnreachable) {
      (operation, error, status) = (faults.operation, faults.error, faults.status)
    }

    /// A call of which the log has the pause alone.
    init(_ pause: TargetPaused) { (operation, error, status) = ("", "rate-limit", pause.status) }

    /// The code of what was seen.
    public var code: FaultCode { .target(error: error, status: status) }
  }

  /// For how long nothing got through, at least.
  public var span: Duration
  /// The newest call; nil when none came to an end.
  public var last: Sight?
  /// True when a list or an account could be read in this run.
  public var hasRead = false
  /// How many pages of a list were read that was not at its end.
  public var pages = 0
}

extension DeliveryBlock {
  /// True when somebody wants calls to rest, whatever TeamViewer does.
  var isPlanned: Bool { [.operatorPause, .maintenance, .quota].contains(reason) }
}

extension Fruitless {
  /// The error that a person reads: how long, what was seen last, what is still pending.
  public func fault(pending: Int, _ diagnosis: TargetDiagnosis) -> Fault {
    var diagnosis = diagnosis
    if hasRead { diagnosis.hasRead = true }
    let seen =
      last.map { sight in
        let isList = ["", "GET /Users"].contains(sight.operation)
        let fault = diagnosis.fault(error: sight.error, status: sight.status, isList: isList)
        return
          "the last call\(sight.operation.isEmpty ? "" : ", \(sight.operation),") met \(fault.code): \(fault.sentence)"
      } ?? "no call came to an end."
    let people = pending.of("person is", "people are")
    if last == nil, pages > 0 {
      return Fault(
        .fruitless,
        "The list of accounts was not at its end after \(pages.of("page")) and \(Self.words(span)), and nothing else got "
          + "through; \(people) still pending. Give it more time; if it never ends, tell TeamViewer's support.")
    }
    return Fault(.fruitless, "Nothing got through for \(Self.words(span)), and \(people) still pending; \(seen)")
  }

  private static func words(_ span: Duration) -> String {
    let seconds = span.components.seconds
    return seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
  }
}
