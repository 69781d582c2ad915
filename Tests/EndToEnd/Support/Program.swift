import Base
import Foundation
import Subprocess
import SystemPackage

/// `provledger` as a process of its own, as an operator runs it.
enum Program {
  /// How a process ended, and what it wrote.
  struct End {
    /// The exit code; nil when a signal ended it.
    var code: Int?
    /// The signal that ended it; nil when it ended by itself.
    var signal: Int?
    var output: String
    var errors: String

    /// The lines of the output; CSV ends them with CRLF, which is one character.
    var lines: [String] { output.split(whereSeparator: \.isNewline).map(String.init) }
  }

  /// A process that still runs.
  struct Running: Sendable {
    var id: Int
    var send: @Sendable (Signal) throws -> Void
    /// The file that gets its standard output.
    var output: String
    /// What it has written to standard error so far.
    var errors: @Sendable () -> String
  }

  /// A process that did not end in time; it was killed.
  struct Overdue: Error, CustomStringConvertible {
    var description: String
  }

  /// The executable, which is built into the same folder as the tests.
  static func path() throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: "provledger").path
  }

  /// Runs a command on descriptors, which are closed here once it has them, until it ends, `body` meanwhile; gives how it
  /// ended. It is killed when `body` throws. Without `input` it reads nothing.
  static func end(
    of arguments: [String], environment: Environment, input: FileDescriptor? = nil, output: FileDescriptor,
    errors: FileDescriptor,
    during body: @escaping @Sendable (@Sendable (Signal) throws -> Void) async throws -> Void
  ) async throws -> TerminationStatus {
    try await Subprocess.run(
      .path(FilePath(try path())), arguments: Arguments(arguments), environment: environment,
      input: .fileDescriptor(try input ?? .open("/dev/null", .readOnly), closeAfterSpawningProcess: true),
      output: .fileDescriptor(output, closeAfterSpawningProcess: true),
      error: .fileDescriptor(errors, closeAfterSpawningProcess: true)
    ) { execution in
      do { try await body { try execution.send(signal: $0) } } catch {
        try? execution.send(signal: .kill)
        throw error
      }
    }.terminationStatus
  }

  /// Runs a command until it ends, `during` meanwhile. Standard output and error go to the files `name.out` and
  /// `name.err`, so that nothing is lost when it is killed.
  static func run(
    _ arguments: [String], into name: String, environment: [String: String] = [:], within bound: Duration,
    during body: @escaping @Sendable (Running) async throws -> Void
  ) async throws -> End {
    let (output, errors) = ("\(name).out", "\(name).err")
    let executable = try path()
    return try await withThrowingTaskGroup(of: End.self) { group in
      group.addTask {
        let result = try await Subprocess.run(
          .path(FilePath(executable)), arguments: Arguments(arguments), environment: self.environment(environment),
          input: .none, output: .fileDescriptor(try file(output), closeAfterSpawningProcess: true),
          error: .fileDescriptor(try file(errors), closeAfterSpawningProcess: true)
        ) { execution in
          let running = Running(
            id: Int(execution.processIdentifier.value), send: { try execution.send(signal: $0) },
            output: output, errors: { text(errors) })
          do {
            try await body(running)
          } catch {
            // Else the test would wait for a process that nobody ends.
            try? execution.send(signal: .kill)
            throw error
          }
        }
        var end = End(output: text(output), errors: text(errors))
        switch result.terminationStatus {
        case .exited(let code): end.code = Int(code)
        case .signaled(let signal): end.signal = Int(signal)
        }
        return end
      }
      group.addTask {
        try await Task.sleep(for: bound)
        throw Overdue(
          description: "\(arguments.first ?? "") took more than \(bound): \(text(errors).suffix(500))")
      }
      defer { group.cancelAll() }
      guard let end = try await group.next() else { throw CancellationError() }
      return end
    }
  }

  /// The test's own environment, without what would point the command at another ledger, or through a proxy.
  static func environment(_ more: [String: String] = [:]) -> Environment {
    let proxies = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]
    var changes: [Environment.Key: String?] = ["PROVLEDGER_LEDGER": nil]
    for name in proxies + proxies.map({ $0.lowercased() }) {
      changes[Environment.Key(stringLiteral: name)] = .some(nil)
    }
    for (name, value) in more { changes[Environment.Key(stringLiteral: name)] = value }
    return .inherit.updating(changes)
  }

  private static func file(_ path: String) throws -> FileDescriptor {
    try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
  }

  private static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// Asks again and again, some milliseconds apart, until something holds. Throws when it does not within a bound.
func eventually(
  _ what: String, within bound: Duration = .seconds(30), _ holds: () throws -> Bool
) async throws {
  let clock = ContinuousClock()
  let end = clock.now + bound
  while clock.now < end {
    if try holds() { return }
    try await Task.sleep(for: .milliseconds(5))
  }
  throw Program.Overdue(description: "not within \(bound): \(what)")
}
