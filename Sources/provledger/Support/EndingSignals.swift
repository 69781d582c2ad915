import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The signals that end a run: the first lets it end in order, a second at once. A service outlives SIGHUP.
final class EndingSignals: Sendable {
  private let first = Mutex<UnixSignal?>(nil)
  private let isService: Bool
  private let logger: Logger
  private let ending: @Sendable () -> Void

  /// For a service, or for a run that ends by itself; `ending` hears of the first signal.
  init(isService: Bool, logger: Logger, ending: @escaping @Sendable () -> Void) {
    self.isService = isService
    self.logger = logger
    self.ending = ending
  }

  /// The signal that ended the run; nil while none did.
  var received: UnixSignal? { first.withLock { $0 } }

  /// Runs services until they end, or a signal ends them.
  func run(_ group: ServiceGroup) async throws {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    let services = Task { try await group.run() }
    // Not ended with the services: closing the ledger may wait for another process too.
    Task {
      for await signal in signals { await self.take(signal, group, services) }
    }
    do { try await services.value } catch is CancellationError where received != nil { return }
  }

  private func take(_ signal: UnixSignal, _ group: ServiceGroup, _ services: Task<Void, any Error>) async {
    if signal == .sighup, isService {
      return logger.warning("SIGHUP: the worker goes on; SIGTERM ends it")
    }
    let isFirst = first.withLock { first in
      defer { first = first ?? signal }
      return first == nil
    }
    if isFirst {
      ending()
      return await group.triggerGracefulShutdown()
    }
    services.cancel()
    // Who waits for the turn of a writer that is stopped hears of no cancellation. Nothing is lost by an end like a kill's.
    try? await Task.sleep(for: .seconds(2))
    _exit(128 + signal.rawValue)
  }
}
