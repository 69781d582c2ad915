import Base
import Foundation
import Ledger
import Operations
import Provisioning
import Synchronization

/// Keeps how far a cycle is, for whoever looks meanwhile: each phase as it begins, and then at most once a second.
final class CycleMeter: Sendable {
  private static let interval = Duration.seconds(1)

  private let ledger: OpenLedger
  private let progress: Mutex<CycleState.Progress>

  /// A cycle begins to read everybody, or what has changed.
  init(_ ledger: OpenLedger, directory: DirectorySourceID, isFull: Bool) {
    self.ledger = ledger
    let began = CycleState.Progress(process: getpid(), directory: directory, isFull: isFull, now: ledger.clock())
    progress = Mutex(began)
    keep(began)
  }

  /// Everybody is read; how many that will be, where that is known.
  func expect(_ users: Int?) {
    let begun = progress.withLock { progress in
      (progress.isFull, progress.total) = (true, users)
      return progress
    }
    keep(begun)
  }

  /// Takes over what a cycle tells.
  func tell(_ news: GraphCycle.Progress) {
    switch news {
    case .reading(let users): step(.reading, users)
    case .assignments(let count): step(.assignments, count)
    case .resync: break
    case .cycle(.deciding(let people)): step(.deciding, 0, of: people)
    case .cycle(.appending(let done, let events)): step(.recording, done, of: events)
    case .cycle: break
    }
  }

  /// The cycle is over, however it ended.
  func end() { ledger.changeCycleState { $0.progress = nil } }

  private func step(_ phase: CycleState.Progress.Phase, _ done: Int, of total: Int? = nil) {
    let now = ledger.clock()
    let due: CycleState.Progress? = progress.withLock { progress in
      let isNew = progress.phase != phase
      guard isNew || now - progress.observed >= Self.interval else { return nil }
      if isNew { (progress.phase, progress.phaseBegan, progress.total) = (phase, now, total) }
      (progress.done, progress.observed) = (done, now)
      return progress
    }
    if let due { keep(due) }
  }

  private func keep(_ progress: CycleState.Progress) { ledger.changeCycleState { $0.progress = progress } }
}
