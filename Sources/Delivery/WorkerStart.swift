import Base
import DeliveryMachine
import Ledger
import Logging
import Provisioning
import SCIM
import Synchronization
import TeamViewer
import Views

/// The start of a worker: it asks whose token it has until TeamViewer says so, or will not.
///
/// What stands in its way is in the log at once, so that `status` shows it: an outage as an open circuit, a refusal for
/// pace as a pause. The first failure of each kind is an event, further ones are counted once an hour, and standard error
/// hears of the first, the second, the fourth and so on.
final class WorkerStart: Sendable {
  let ledger: OpenLedger
  let reads: RecordedReads
  let logger: Logger
  let patience: Patience
  let sleep: @Sendable (Duration) async throws -> Void
  /// What the log has of the failures.
  private let tally = Mutex(FaultTally())

  init(
    ledger: OpenLedger, reads: RecordedReads, logger: Logger, patience: Patience,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    (self.ledger, self.reads, self.logger, self.patience, self.sleep) = (ledger, reads, logger, patience, sleep)
  }

  /// Who owns the token; nil when TeamViewer does not tell. `isOpen` waits until calls may leave. Throws `Fruitless` when
  /// the patience is over.
  func owner(isOpen: @Sendable () async throws -> Void) async throws -> TargetTest.Owner? {
    let operation = RecordedReads.ownerOperation
    let owner = try await TargetTest.owner {
      try await isOpen()
      let (exchange, finished) = await reads.owner()
      try await record(finished, exchange)
      return exchange
    } pause: { exchange, attempts in
      if let end = patience.end(at: ledger.clock(), nil) { throw end }
      // A pause is in the log by now, and `isOpen` waits for its end, or for an operator who ends it.
      let isPaused = if case .response(let response) = exchange { response.isRateLimited } else { false }
      try? await sleep(isPaused ? .seconds(1) : wait(after: exchange, attempts: attempts))
    }
    try ledger.views.catchUp()
    if try ledger.views.target().condition.circuit?.operation == operation, !Task.isCancelled {
      try await append([.circuitClosed(CircuitClosed())])
    }
    return owner
  }

  private func record(_ finished: CallFinished, _ exchange: Exchange) async throws {
    let now = ledger.clock()
    let attempts = patience.note(finished, at: now)
    if finished.gotThrough || finished.status == 401 {
      let untold = tally.withLock { $0.end(at: now) }
      return try await append([untold.map { .targetUnreachable($0) }, .callFinished(finished)].compactMap { $0 })
    }
    tell(finished, attempts)
    let block = try block(finished, exchange, attempts, at: now)
    try await append([told(finished, at: now), block].compactMap { $0 })
  }

  /// What the log is to have of a failure now; nil when it is counted for later.
  private func told(_ finished: CallFinished, at now: Timestamp) -> EventPayload? {
    let kind = FaultTally.Kind(operation: finished.operation, error: finished.error ?? "", status: finished.status)
    return tally.withLock { tally in
      guard tally.counts(kind, isOutage: true, at: now) else { return .callFinished(finished) }
      return tally.summary(isEnding: false, at: now).map { .targetUnreachable($0) }
    }
  }

  private func append(_ payloads: [EventPayload]) async throws {
    if !payloads.isEmpty { try await ledger.append(payloads.map { Event(.target, $0) }, actor: reads.actor) }
  }

  /// Why no call leaves from here on, where the log does not say it yet.
  private func block(
    _ finished: CallFinished, _ exchange: Exchange, _ attempts: Int, at now: Timestamp
  ) throws -> EventPayload? {
    try ledger.views.catchUp()
    let condition = try ledger.views.target().condition
    if case .response(let response) = exchange, response.isRateLimited {
      let until = now + wait(after: exchange, attempts: attempts)
      if let pause = condition.pause, pause.until >= until { return nil }
      return .targetPaused(TargetPaused(until: until, refusals: attempts, status: response.status))
    }
    guard condition.circuit == nil, condition.quarantine == nil else { return nil }
    return .circuitOpened(
      CircuitOpened(
        faults: attempts, operation: finished.operation, error: finished.error ?? "", status: finished.status))
  }

  private func tell(_ finished: CallFinished, _ attempts: Int) {
    guard attempts.isPowerOfTwo else { return }
    logger.warning(
      "waiting: the target does not answer when asked for the token's owner",
      metadata: [
        "cause": "\(FaultCode.target(error: finished.error, status: finished.status).words)", "attempts": "\(attempts)",
      ])
  }

  /// How long to wait before the owner is asked for again: what TeamViewer asks for, within a bound, else 1 s, doubled up
  /// to 5 s; after refusals for pace as long as a worker waits.
  private func wait(after exchange: Exchange, attempts: Int) -> Duration {
    let settings = DeliverySettings()
    guard case .response(let response) = exchange else { return Self.least(attempts) }
    let least =
      response.isRateLimited ? min(settings.pause(refusals: attempts), settings.longestPause) : Self.least(attempts)
    switch response.retryAfter {
    case .seconds(let seconds): return min(max(least, .seconds(min(seconds, 86_400))), settings.longestPause)
    case .date(let milliseconds):
      return min(max(least, Timestamp(milliseconds: milliseconds) - ledger.clock()), settings.longestPause)
    case nil: return least
    }
  }

  private static func least(_ attempts: Int) -> Duration { .seconds(min(5, 1 << min(max(0, attempts - 1), 3))) }
}

extension Int {
  /// True for 1, 2, 4, 8 and so on: when something that goes on is told again, with growing gaps.
  var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}
