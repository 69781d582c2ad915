import Base
import JSON
import Ledger
import Provisioning
import Views

/// Looks at the ledger while `serve` is at work in it, and tells how far it is.
struct DemoWatch: Sendable {
  /// As long as nothing may take, in seconds.
  private static let patience = 300

  let ledger: OpenLedger
  let printer: DemoPrinter

  /// Waits until the process is at work, so that a signal reaches it as a service.
  func ready() async throws { try await until { ledger.lockHolder(of: .worker) != nil } }

  /// Waits until a cycle that began behind a position has finished, and nothing waits for TeamViewer.
  func settled(after position: Int64) async throws {
    try await printer.telling({ words }) {
      try await until { try isIdle(after: position) }
    }
  }

  /// True when a cycle that began behind a position has finished, and nothing waits for TeamViewer.
  func isIdle(after position: Int64) throws -> Bool {
    try ledger.views.catchUp()
    return try newest(after: position) != nil && ledger.views.backlog().pending == 0
  }

  /// The newest cycle that finished and has read somebody, of those that began behind a position.
  func newest(after position: Int64 = 0) throws -> CycleRow? {
    try ledger.views.cycles(limit: 50).first {
      $0.state == .finished && $0.firstPosition > position && ($0.counts["read"]?.integer ?? 0) > 0
    }
  }

  /// Waits until something is so. Throws `FaultCode.demoFailed` when it takes too long.
  func until(_ isSo: () throws -> Bool) async throws {
    let end = SystemClock.now() + .seconds(Self.patience)
    while try !isSo() {
      guard SystemClock.now() < end else {
        throw Fault(.demoFailed, "`provledger serve` did not come to an end within \(Self.patience) s.")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// How far the cycle is, or what follows it.
  private var words: String {
    guard let progress = ledger.cycleState().progress else { return "serve delivers what was decided" }
    func amount(_ noun: String) -> String {
      progress.total.map { "\(progress.done) of \($0.of(noun))" } ?? progress.done.of(noun)
    }
    switch progress.phase {
    case .reading: return "serve reads Entra ID: \(amount("user"))"
    case .assignments: return "serve reads Entra ID: \(amount("assignment"))"
    case .deciding: return "serve decides"
    case .recording: return "serve records: \(amount("event"))"
    }
  }
}
