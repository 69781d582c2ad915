import Foundation
import Glibc
import Subprocess
import SystemPackage
import Testing

/// Where and how a command runs: a column of the article's table.
enum Condition: String, CaseIterable {
  case terminal
  case pipe
  case full = "full disk"
  case gone = "reader gone"
  case forbidden = "no permission"
  case elsewhere = "no ledger there"
  case interrupted

  /// How a run ended: what a shell would show, and what the program said.
  struct End {
    var code: Int
    var errors: String
    /// What a terminal got.
    var screen: String?
  }

  /// Whether a service that wrote a text so far is at work.
  private typealias AtWork = @Sendable (_ text: String) -> Bool

  /// Runs a verb; nothing of an earlier run is left.
  func run(_ verb: VerbCase, on stage: ConditionStage) async throws -> End {
    var ledger = try await stage.ledger(for: verb)
    if self == .elsewhere, ledger != nil {
      ledger = "\(stage.made)/other"
      try stage.stage.write("made/other/notes.txt", "notes\n")
    }
    let arguments = stage.arguments(verb, ledger)
    let before = stage.requests
    // A worker that calls has begun to heed signals.
    let isAtWork: AtWork = {
      verb.isWorker ? stage.requests > before : !$0.isEmpty
    }
    switch self {
    case .terminal: return try await onTerminal(arguments, verb, .terminate, isAtWork)
    case .forbidden: return try await asNobody(arguments)
    case .pipe, .elsewhere: return try await bounded(arguments, verb, isAtWork, into: nil)
    case .full: return try await bounded(arguments, verb, isAtWork, into: try .open("/dev/full", .writeOnly))
    case .gone:
      let ends = try FileDescriptor.pipe()
      try ends.readEnd.close()
      return try await bounded(arguments, verb, isAtWork, into: ends.writeEnd)
    case .interrupted:
      if verb.isService { return try await onTerminal(arguments, verb, .interrupt, isAtWork) }
      if verb.heedsSignals {
        stage.fail(true)
        defer { stage.fail(false) }
        return try await onTerminal(arguments, verb, .interrupt, isAtWork)
      }
      return try await interrupted(arguments)
    }
  }

  private static func code(_ status: TerminationStatus) -> Int {
    switch status {
    case .exited(let code): Int(code)
    case .signaled(let signal): 128 + Int(signal)
    }
  }

  /// A service is ended by a signal once it is at work.
  private func onTerminal(
    _ arguments: [String], _ verb: VerbCase, _ signal: Signal, _ isAtWork: @escaping AtWork
  ) async throws -> End {
    let terminal = try PseudoTerminal(columns: 80)
    let status = try await terminal.run(arguments) { send in
      guard verb.isService || verb.heedsSignals && signal == .interrupt else { return }
      try await eventually("\(verb.name) is at work") { isAtWork(terminal.text) }
      try send(signal)
    }
    return End(code: Self.code(status), errors: terminal.text, screen: terminal.text)
  }

  private func asNobody(_ arguments: [String]) async throws -> End {
    let drop = ["--reuid", "65534", "--regid", "65534", "--clear-groups", try Program.path()]
    let result = try await Subprocess.run(
      .name("setpriv"), arguments: Arguments(drop + arguments), environment: Program.environment(), input: .none,
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return End(code: Self.code(result.terminationStatus), errors: result.standardError)
  }

  /// A service is ended by SIGTERM once it is at work, unless it ends by what it writes.
  private func bounded(
    _ arguments: [String], _ verb: VerbCase, _ isAtWork: @escaping AtWork, into output: FileDescriptor?
  ) async throws -> End {
    let pipe = try FileDescriptor.pipe()
    let reader = Drain(pipe.readEnd)
    let errors = try FileDescriptor.pipe()
    let messages = Drain(errors.readEnd)
    if output != nil { try pipe.writeEnd.close() }
    let status = try await Program.end(
      of: arguments, environment: Program.environment(), output: output ?? pipe.writeEnd, errors: errors.writeEnd
    ) { send in
      guard verb.isService, self != .elsewhere else { return }
      if verb.isWorker || output == nil {
        try await eventually("\(verb.name) is at work") { isAtWork(reader.text) }
        try send(.terminate)
      }
    }
    try await eventually("all is read") { reader.isFinished && messages.isFinished }
    return End(code: Self.code(status), errors: messages.text)
  }

  /// Ctrl-C while the command writes to a reader that does not read.
  private func interrupted(_ arguments: [String]) async throws -> End {
    let ends = try FileDescriptor.pipe()
    defer { try? ends.readEnd.close() }
    Self.fill(ends.writeEnd)
    let status = try await Program.end(
      of: arguments, environment: Program.environment(), output: ends.writeEnd, errors: try ends.writeEnd.duplicate()
    ) { send in
      try send(.interrupt)
    }
    return End(code: Self.code(status), errors: "")
  }

  /// Until not one byte more goes into a pipe: who writes there waits.
  private static func fill(_ pipe: FileDescriptor) {
    let flags = fcntl(pipe.rawValue, F_GETFL)
    _ = fcntl(pipe.rawValue, F_SETFL, flags | O_NONBLOCK)
    for count in [4096, 1] {
      let bytes = [UInt8](repeating: 0, count: count)
      while write(pipe.rawValue, bytes, count) > 0 {}
    }
    _ = fcntl(pipe.rawValue, F_SETFL, flags)
  }
}
