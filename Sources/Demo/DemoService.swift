import Base
import Foundation
import Provisioning
import Subprocess
import SystemPackage

/// `provledger serve` as a process of its own, as it runs in earnest; a minute of its schedule takes two seconds.
struct DemoService: Sendable {
  var executable: String
  var ledger: String

  /// Where it writes what it notices.
  private var logFile: String { "\(ledger).serve.log" }

  /// How it is to end.
  enum End {
    /// In order.
    case ordered
    /// At once.
    case killed
  }

  private var arguments: Arguments { ["serve", "--speed", "30", "--ledger", ledger] }

  /// Runs it as long as `body` runs, and ends it. Throws a `Fault` when it ended before, or not in order.
  func run(_ end: End, _ body: @escaping @Sendable () async throws -> Void) async throws {
    let log = try FileDescriptor.open(
      FilePath(logFile), .writeOnly, options: [.create, .append], permissions: [.ownerReadWrite])
    let result = try await Subprocess.run(
      .path(FilePath(executable)), arguments: arguments, input: .none, output: .discarded,
      error: .fileDescriptor(log, closeAfterSpawningProcess: true)
    ) { execution in
      do {
        try await body()
        try execution.send(signal: end == .killed ? .kill : .terminate)
      } catch {
        try? execution.send(signal: .kill)
        throw error
      }
    }
    guard end == .ordered, result.terminationStatus != .exited(0) else { return }
    throw Fault(.demoFailed, "`provledger serve` ended with \(result.terminationStatus); \(logFile) says why.")
  }
}
