import Base
import EventLog
import Ledger
import Provisioning
import Sealing

/// What the log says of a worker's run: the calls that it made, and how they ended.
struct DemoOutage {
  /// Calls that TeamViewer answered with a fault, or not at all.
  private(set) var failed = 0
  /// Calls of which nobody knows whether they took effect.
  private(set) var doubtful = 0
  /// Calls that were on their way when the worker ended.
  var open: Int { underWay.count }
  /// Deliveries that a read showed to be done.
  private(set) var readBack = 0
  /// Deliveries that ended.
  private(set) var completed = 0
  private var underWay: Set<String> = []

  /// Reads what came behind a position. Throws the faults of log and keys.
  init(_ ledger: OpenLedger, after position: Int64) throws {
    var next = position + 1
    while true {
      let page = try ledger.log.read(from: next)
      for logged in try ledger.codec.decode(page) { note(logged) }
      guard let last = page.last else { return }
      next = last.position + 1
    }
  }

  private mutating func note(_ logged: LoggedEvent) {
    guard case .account(let alias) = logged.stream else { return }
    switch logged.payload {
    case .callStarted: underWay.insert(alias)
    case .callFinished(let finished):
      if finished.outcome == .failed { failed += 1 }
      if finished.outcome == .unknown { doubtful += 1 }
      if finished.purpose.isWrite { underWay.remove(alias) }
    case .deliveryCompleted(let done):
      completed += 1
      if done.how == .readBack { readBack += 1 }
    default: break
    }
  }
}
