public import Base
public import Logging
import Operations
import Provisioning
public import ServiceLifecycle

/// Cycles on a schedule, one at a time, until a graceful shutdown. What fails is logged and tried again, sooner than the
/// schedule says; a cycle under way at a shutdown is finished.
public actor CycleService: Service {
  private let source: any CycleSource
  private let schedule: CycleClock
  private let clock: @Sendable () -> Timestamp
  private let sleep: @Sendable (Duration) async throws -> Void
  private let logger: Logger
  private var chance: SeededGenerator
  private var failures: CycleClock.Failures?
  /// When this process looked last, for a cycle or for leavers.
  private var ran: Timestamp?
  private var looked: Timestamp?

  /// Cycles of a source. `seed` begins the chances of the schedule; `sleep` waits for a span, and throws when its task is
  /// cancelled.
  public init(
    _ source: any CycleSource, by schedule: CycleClock, seed: UInt64, logger: Logger,
    clock: @escaping @Sendable () -> Timestamp,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.source = source
    self.schedule = schedule
    self.clock = clock
    self.sleep = sleep
    self.logger = logger
    chance = SeededGenerator(seed: seed)
  }

  /// Runs until it is shut down.
  public func run() async throws {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      do {
        let next = try next()
        let sleep = sleep
        if next.wait > .zero { try await cancelWhenGracefulShutdown { try await sleep(next.wait) } }
        if Task.isShuttingDownGracefully { return }
        await step(next.isCycle)
      } catch is CancellationError {
        return
      }
    }
  }

  /// What is due next, and how long until then.
  private func next() throws -> (isCycle: Bool, wait: Duration) {
    let last = [try source.lastCycle(), ran].compactMap(\.self).max()
    guard let cycle = schedule.cycle(after: last, failures, &chance) else { return (true, .zero) }
    let newest = [last, looked].compactMap(\.self).max()
    guard failures == nil, let look = schedule.look(after: newest), look < cycle else { return (true, cycle - clock()) }
    return (false, look - clock())
  }

  private func step(_ isCycle: Bool) async {
    let began = clock()
    do {
      let summary = isCycle ? try await source.run() : try await source.leavers()
      if isCycle { (failures, ran) = (nil, began) }
      looked = began
      if let summary { tell(summary) }
    } catch is CancellationError {
      return
    } catch {
      failures = CycleClock.Failures(count: (failures?.count ?? 0) + 1, newest: clock())
      logger.error("a cycle failed", metadata: ["source": "\(source.name)", "reason": "\(error)"])
    }
  }

  private func tell(_ summary: CycleSummary) {
    let metadata: Logger.Metadata = [
      "source": "\(source.name)", "cycle": "\(summary.cycle)", "read": "\(summary.counts.read)",
      "observed": "\(summary.counts.observed)",
    ]
    if !summary.unread.isEmpty {
      logger.warning(
        "values of people cannot be read, and what was known of them stands; `provledger cycle run` names them",
        metadata: ["source": "\(source.name)", "people": "\(summary.counts.unread)"])
    }
    guard let held = summary.held else { return logger.notice("a cycle has finished", metadata: metadata) }
    logger.warning(
      "a cycle has finished, and the safeguard holds people",
      metadata: metadata.merging(["safeguard": "\(held.id)", "held": "\(held.count)"]) { $1 })
  }
}
