import Base
import Foundation
import Provisioning
import Subprocess
import SystemPackage

/// `provledger` as processes of their own, as an operator runs it.
struct Program: Sendable {
  /// The executable.
  var path: String

  /// Runs a command to its end, and returns how long it took and the most memory that it held.
  @discardableResult
  func run(
    _ arguments: [String], meanwhile: @escaping @Sendable () async throws -> Void = {}
  ) async throws -> (seconds: Double, peakBytes: Int) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments), input: .none, output: .discarded, error: .discarded
    ) { execution in
      try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask { await Self.watch(execution.processIdentifier.value) }
        let beside = Task { try await meanwhile() }
        let peak = try await group.next() ?? 0
        beside.cancel()
        _ = await beside.result
        return peak
      }
    }
    let seconds = (clock.now - start).seconds
    guard case .exited(0) = result.terminationStatus else {
      throw Peer.Failure(description: "provledger \(arguments[0]) ended with \(result.terminationStatus)")
    }
    return (seconds, result.closureResult)
  }

  /// Looks at a process until it ends: the most memory that it has held so far, in bytes (proc(5), VmHWM).
  private static func watch(_ process: pid_t) async -> Int {
    var peak = 0
    while let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) {
      guard let held = kilobytes("VmHWM:", in: status) else { break }
      peak = max(peak, held * 1024)
      try? await Task.sleep(for: .milliseconds(20))
    }
    return peak
  }

  /// A figure of a process's status; nil for one that has ended.
  static func kilobytes(_ name: String, in status: String) -> Int? {
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? nil
  }

  /// Runs a simulated TeamViewer with a latency, `body` meanwhile; `body` gets its base URL.
  func simulating<Result: Sendable>(
    latency: Int, _ body: @escaping @Sendable (String) async throws -> Result
  ) async throws -> Result {
    try await simulating(["teamviewer", "--port", "0", "--token", Self.token, "--latency", "\(latency)"], body)
  }

  /// Runs a simulator with arguments, `body` meanwhile; `body` gets the base URL that it prints.
  func simulating<Result: Sendable>(
    _ arguments: [String], _ body: @escaping @Sendable (String) async throws -> Result
  ) async throws -> Result {
    let result = try await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(["simulate"] + arguments), input: .none, output: .sequence,
      error: .discarded
    ) { execution in
      var url: String?
      for try await line in execution.standardOutput.strings() {
        url = line.trimmingCharacters(in: .whitespacesAndNewlines)
        break
      }
      guard let url else { throw Peer.Failure(description: "the simulator printed no address") }
      do {
        let value = try await body(url)
        try execution.send(signal: .kill)
        return value
      } catch {
        try? execution.send(signal: .kill)
        throw error
      }
    }
    return result.closureResult
  }

  /// The token that the simulator accepts.
  static let token = "bench"
}
