import Base
import Ledger
import Provisioning
import Views

extension OpenLedger {
  /// When the newest cycle of a source began that has finished; nil when none is among the newest fifty of all. Throws the
  /// faults of log and views.
  func newestCycle(of source: DirectorySourceID) throws -> Timestamp? {
    try views.catchUp()
    return try views.cycles(limit: 50).first { $0.directory == source && $0.state == .finished }?.started
  }

  /// Runs a cycle and keeps why it failed, for `status`, until another one does not; that others are at work is no failure.
  func keepingFailure<Summary>(
    ofCyclesOver way: CycleState.Failure.Way, _ body: () async throws -> Summary
  ) async throws -> Summary {
    do {
      let summary = try await body()
      keep(nil, ofCyclesOver: way)
      return summary
    } catch let fault as Fault where fault.code != .lockBusy {
      keep(fault, ofCyclesOver: way)
      throw fault
    }
  }
}
