import Base
import EventLog
public import Logging
import Provisioning

/// Signs the log every so often, and hands the checkpoints on, while a worker runs.
public struct Notary: Sendable {
  private let ledger: OpenLedger
  private let logger: Logger

  /// A notary for a ledger.
  public init(for ledger: OpenLedger, logger: Logger) {
    self.ledger = ledger
    self.logger = logger
  }

  /// Looks again after each `pause` until its task is cancelled. What fails is logged, kept for `status`, and tried
  /// again.
  public func run(
    pause: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(5)) }
  ) async {
    while !Task.isCancelled {
      await step()
      do { try await pause() } catch { return }
    }
  }

  /// Does what is due now.
  public func step() async {
    await attempt {
      let newest = try ledger.log.newestCheckpoint()
      let due = NotarySchedule(ledger.configuration.log)
      if due.signs(
        size: try ledger.log.lastPosition(), last: newest?.checkpoint.size, at: newest?.time, now: ledger.clock())
      {
        try await ledger.checkpoint()
      }
      try await tell { due.tells($0, newest: $1, now: ledger.clock()) }
    }
  }

  /// Signs what is not signed yet, and hands it on: for an orderly end.
  public func finish() async {
    await attempt {
      if try ledger.log.lastPosition() > 0 { try await ledger.checkpoint() }
      // Whoever stops a service does not wait long; what is not told now is told by the next worker.
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await tell { ($0?.size ?? -1) < $1 } }
        group.addTask { try await Task.sleep(for: .seconds(5)) }
        try await group.next()
        group.cancelAll()
      }
    }
  }

  private func tell(_ isDue: (AnchorState?, _ newest: Int64) -> Bool) async throws {
    guard let checkpoint = try ledger.log.newestCheckpoint()?.checkpoint else { return }
    let states = try ledger.log.anchors()
    let due = ledger.configuration.log.anchors.filter { anchor in
      let name = ledger.name(of: anchor)
      return isDue(states.first { $0.name == name }, checkpoint.size)
    }
    for (anchor, fault) in try await ledger.tellAnchors(of: checkpoint, due) {
      logger.warning("an anchor failed", metadata: ["anchor": "\(ledger.name(of: anchor))", "reason": "\(fault)"])
    }
  }

  private func attempt(_ body: () async throws -> Void) async {
    do { try await body() } catch { logger.error("no checkpoint was signed", metadata: ["reason": "\(error)"]) }
  }
}

/// When a checkpoint is due, and when an anchor is told.
struct NotarySchedule {
  /// After a failure an anchor is left alone this long.
  static let retry: Duration = .seconds(60)

  private let events: Int64
  private let span: Duration

  init(_ configuration: LogConfiguration) {
    events = Int64(configuration.checkpointEvents)
    span = .seconds(60 * configuration.checkpointMinutes)
  }

  /// Enough events came since the last checkpoint, or some came and enough time passed.
  func signs(size: Int64, last: Int64?, at time: Timestamp?, now: Timestamp) -> Bool {
    guard size > last ?? 0 else { return false }
    guard let last, let time else { return true }
    return size - last >= events || now - time >= span
  }

  /// The anchor lacks the newest checkpoint and did not fail just now.
  func tells(_ state: AnchorState?, newest: Int64, now: Timestamp) -> Bool {
    (state?.size ?? -1) < newest && (state?.failed.map { now - $0 >= Self.retry } ?? true)
  }
}
