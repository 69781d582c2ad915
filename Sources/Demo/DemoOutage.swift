import Base
import EventLog
import Ledger
import Provisioning
import Sealing

/// What the log says of a worker's run: the calls that it made, and how they ended.
struct DemoOutage {
  /// Calls that TeamViewer answered with a fault, or not at all.
  private(set) var failed = 0
  /// Writes of which nobody knows whether they took effect: those on their way at the end, and those that were not read
  /// back since they went wrong.
  var open: Int { doubtful.count }
  /// Deliveries that a read showed to be done.
  private(set) var readBack = 0
  private var doubtful: Set<String> = []

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
    if case .callFinished(let finished) = logged.payload, [.failed, .unknown].contains(finished.outcome) {
      failed += 1
    }
    guard case .account(let alias) = logged.stream else { return }
    switch logged.payload {
    case .callStarted: doubtful.insert(alias)
    case .callFinished(let finished):
      // A read that fails leaves the doubt, a write that certainly failed ends it.
      if finished.outcome != (finished.purpose.isWrite ? .unknown : .failed) { doubtful.remove(alias) }
    case .deliveryCompleted(let done):
      if done.how == .readBack { readBack += 1 }
    default: break
    }
  }
}
