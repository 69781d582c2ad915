import Base
import Delivery
import Foundation
import Synchronization

/// What the service manager hears of a worker: that it runs, what it is at, that it lives, that it ends. Without a manager
/// nobody hears anything.
final class ServiceManager: Sendable {
  private let notifier = ServiceNotifier(environment: ProcessInfo.processInfo.environment)
  private let told = Mutex<(words: String, at: ContinuousClock.Instant)?>(nil)

  /// The worker runs, or waits for its turn or for the target: from here on it is the manager's to watch.
  func ready() { notifier?.ready() }

  /// The worker was told to end.
  func stopping() { notifier?.stopping() }

  /// What the worker is at; more than once a second is left out.
  func show(_ words: @autoclosure () -> String) {
    guard let notifier else { return }
    let now = ContinuousClock.now
    let words = told.withLock { told -> String? in
      if let told, now - told.at < .seconds(1) { return nil }
      let words = words()
      if told?.words == words { return nil }
      told = (words, now)
      return words
    }
    if let words { notifier.status(words) }
  }

  /// Tells twice in each span that the manager allows that the worker answers, as long as it does; until cancelled.
  func watch(_ service: DeliveryService) async {
    guard let notifier, let span = notifier.watchdog else { return }
    while !Task.isCancelled {
      service.pulse { notifier.alive() }
      do { try await Task.sleep(for: span / 2) } catch { return }
    }
  }
}
