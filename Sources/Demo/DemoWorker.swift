import Base
import Foundation
import Provisioning
import Subprocess
import SystemPackage

/// `provledger deliver` as a process of its own, as it runs in earnest.
struct DemoWorker: Sendable {
  var executable: String
  var ledger: String
  var printer: DemoPrinter

  private var arguments: Arguments { ["deliver", "--until-idle", "--ledger", ledger] }

  /// Runs the worker until nothing is pending. Throws a `Fault` when it ends otherwise.
  func runUntilIdle() async throws {
    let result = try await Subprocess.run(
      .path(FilePath(executable)), arguments: arguments, input: .none, output: .discarded,
      error: .currentStandardError)
    guard case .exited(0) = result.terminationStatus else {
      throw Fault(.demoFailed, "The worker ended with \(result.terminationStatus) instead of 0.")
    }
  }

  /// Runs the worker, and kills it as soon as `isTime`.
  func runAndKill(when isTime: @escaping @Sendable () -> Bool) async throws {
    let result = try await Subprocess.run(
      .path(FilePath(executable)), arguments: arguments, input: .none, output: .discarded,
      error: .currentStandardError
    ) { execution in
      for _ in 0..<3000 where !isTime() { try await Task.sleep(for: .milliseconds(10)) }
      try execution.send(signal: .kill)
    }
    printer.line("   the worker (process \(result.processIdentifier.value)) ended with \(result.terminationStatus)")
  }
}
