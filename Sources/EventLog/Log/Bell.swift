import Synchronization

/// Wakes the followers of this process when something has been appended.
final class Bell: Sendable {
  private struct State {
    var rings = 0
    var nextWaiter = 0
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  private let state = Mutex(State())

  /// How often it has rung.
  var rings: Int { state.withLock { $0.rings } }

  func ring() {
    let waiting = state.withLock { state in
      state.rings += 1
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when it has rung more than `seen` times, or when the task is cancelled.
  func wait(past seen: Int) async {
    let waiter = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let over = state.withLock { state in
          // Asked under the lock: a cancellation that came before finds nobody to resume.
          if state.rings > seen || Task.isCancelled { return true }
          state.waiting[waiter] = continuation
          return false
        }
        if over { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: waiter) }?.resume()
    }
  }
}
