import Base
import Foundation
import Provisioning
import Subprocess
import SystemPackage

/// `provledger deliver` as a process of its own, as it runs in earnest.
struct DemoWorker: Sendable {
  var executable: String
  var ledger: String

  private var arguments: Arguments { ["deliver", "--until-idle", "--ledger", ledger] }

  /// Runs the worker until nothing is pending. Throws a `Fault` when it ends otherwise.
  func runUntilIdle() async throws {
    let result = try await Subprocess.run(
      .path(FilePath(executable)), arguments: arguments, input: .none, output: .discarded,
      error: .string(limit: 1 << 20))
    guard case .exited(0) = result.terminationStatus else {
      let said = result.standardError.split(separator: "\n").last ?? "nothing"
      throw Fault(.demoFailed, "The worker ended with \(result.terminationStatus) instead of 0; it said: \(said)")
    }
  }

  /// Runs the worker, and kills it as soon as `isTime`.
  func runAndKill(when isTime: @escaping @Sendable () -> Bool) async throws {
    _ = try await Subprocess.run(
      .path(FilePath(executable)), arguments: arguments, input: .none, output: .discarded, error: .discarded
    ) { execution in
      for _ in 0..<3000 where !isTime() { try await Task.sleep(for: .milliseconds(10)) }
      try execution.send(signal: .kill)
    }
  }
}
