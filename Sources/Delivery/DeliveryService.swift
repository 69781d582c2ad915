public import Base
import DeliveryMachine
public import Ledger
public import Logging
import Operations
public import Provisioning
public import ServiceLifecycle
import Synchronization
import TeamViewer

/// The worker as a service: waits for its turn, then delivers; beside it the log is signed and read again.
///
/// A graceful shutdown lets no new call leave, gives those under way 10 s, signs what is not signed yet, and ends.
public final class DeliveryService: Service {
  /// How a run is meant.
  public struct Options: Sendable {
    /// End when nothing is pending but what is set aside.
    public var untilIdle: Bool
    /// Wait while another worker is at work; otherwise `FaultCode.lockBusy` is thrown.
    public var waits: Bool
    /// For how long a run until idle goes on while nothing gets through; nil is what the configuration says.
    public var patience: Duration?
    /// The actor that `configuration.applied` names.
    public var actor: Actor

    /// Options.
    public init(untilIdle: Bool, waits: Bool, patience: Duration? = nil, actor: Actor) {
      self.untilIdle = untilIdle
      self.patience = patience
      self.waits = waits
      self.actor = actor
    }
  }

  private let ledger: OpenLedger
  private let options: Options
  private let logger: Logger
  private let waiting: @Sendable (LockHolder?) -> Void
  private let progress: @Sendable (Worker.Progress) -> Void
  private let last = Mutex(Worker.End.stopped)
  private let worker = Mutex<Worker?>(nil)
  private let pulses = Mutex<(@Sendable () -> Void)?>(nil)

  /// A service over a ledger. `waiting` hears who holds the worker lock, `progress` hears after every step.
  public init(
    ledger: OpenLedger, options: Options, logger: Logger, waiting: @escaping @Sendable (LockHolder?) -> Void,
    progress: @escaping @Sendable (Worker.Progress) -> Void
  ) {
    self.ledger = ledger
    self.options = options
    self.logger = logger
    self.waiting = waiting
    self.progress = progress
  }

  /// How the run ended, once it has.
  public var end: Worker.End { last.withLock { $0 } }

  /// Has the worker take a step, after which `alive` is called: at once while there is no worker yet.
  public func pulse(_ alive: @escaping @Sendable () -> Void) {
    guard let worker = worker.withLock({ $0 }) else { return alive() }
    pulses.withLock { $0 = alive }
    worker.poke()
  }

  private func stepped(_ step: Worker.Progress) {
    let alive = pulses.withLock { pulse in
      defer { pulse = nil }
      return pulse
    }
    alive?()
    progress(step)
  }

  /// Runs until idle, in quarantine, or shut down. Throws the faults of configuration, token and log.
  public func run() async throws {
    guard let turn = try await turn() else { return }
    defer { withExtendedLifetime(turn) {} }
    try ledger.requireNewest()
    let token = try TargetToken(of: ledger)
    let client = try Worker.client(for: ledger, token: token)
    do { try await serve(TargetConnection(client), token) } catch {
      await client.shutdown()
      throw error
    }
    await client.shutdown()
  }

  /// How long nothing may get through; nil for a service, which waits for ever.
  private var limit: Duration? {
    guard options.untilIdle else { return nil }
    let minutes = ledger.configuration.delivery.fruitlessMinutes
    return options.patience ?? (minutes > 0 ? .seconds(minutes * 60) : nil)
  }

  /// The worker lock; nil when it was told to end while it waited. A run until idle waits as long as it has patience, so
  /// that runs from cron do not pile up behind each other.
  private func turn() async throws -> ProcessLock? {
    guard options.waits else { return try ledger.lock(.worker) }
    let patience = limit
    do {
      return try await cancelWhenGracefulShutdown { [ledger, waiting] in
        try await ledger.lock(.worker, within: patience, waiting: waiting)
      }
    } catch is CancellationError {
      return nil
    }
  }

  /// The last in the list is shut down first: what it appends is signed, and handed on, by those before it.
  private func serve(_ target: TargetConnection, _ token: TargetToken) async throws {
    let records = Records(in: ledger, actor: options.actor)
    try await records.closeInterruptedCycles()
    try await records.configuration()
    let deliveries = Part { try await self.deliver(target, token) }
    let notary = Notary(for: ledger, logger: logger)
    let rehasher = Rehasher(for: ledger, logger: logger)
    let signing = Part {
      await cancelWhenGracefulShutdown { await notary.run() }
      if !Task.isCancelled { await notary.finish() }
    }
    let reading = Part { await cancelWhenGracefulShutdown { await rehasher.run() } }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(service: signing), .init(service: reading),
          .init(service: deliveries, successTerminationBehavior: .gracefullyShutdownGroup),
        ], logger: logger))
    try await group.run()
  }

  /// One worker after the other: each has one token, and knows its owner.
  private func deliver(_ target: TargetConnection, _ token: TargetToken) async throws {
    let patience = Patience(limit: limit, since: ledger.clock())
    let workers = WorkerSequence(waitsForRoom: !options.untilIdle, logger: logger) { [ledger] in
      DiskRoom.isShort(in: ledger.folder)
    }
    do { try await workers.run { try await deliver(target, token, patience) } } catch let end as Fruitless {
      last.withLock { $0 = .fruitless(end) }
    }
  }

  /// One worker; true when another is to follow.
  private func deliver(_ target: TargetConnection, _ token: TargetToken, _ patience: Patience) async throws -> Bool {
    token.renew()
    let settings = try await cancelWhenGracefulShutdown { [ledger, logger, options] in
      try await Worker.settings(
        for: ledger, target: target, untilIdle: options.untilIdle, logger: logger, patience: patience)
    }
    if Task.isShuttingDownGracefully || Task.isCancelled { return false }
    guard let settings else {
      // Resumed in the meantime: once more.
      guard let pause = try Worker.operatorPause(for: ledger) else { return true }
      last.withLock { $0 = .paused(pause) }
      return false
    }
    let worker = Worker(
      ledger: ledger, send: target.send, settings: settings, untilIdle: options.untilIdle, logger: logger,
      isTokenReplaced: { token.isReplaced }, patience: patience, progress: { self.stepped($0) })
    self.worker.withLock { $0 = worker }
    defer { self.worker.withLock { $0 = nil } }
    let end = try await withGracefulShutdownHandler {
      try await worker.run()
    } onGracefulShutdown: {
      worker.stop()
    }
    last.withLock { $0 = end }
    return end == .renewed
  }
}

/// A part of a service that is one function.
private struct Part: Service {
  let body: @Sendable () async throws -> Void

  func run() async throws { try await body() }
}
