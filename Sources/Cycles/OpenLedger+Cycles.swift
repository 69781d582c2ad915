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
}
