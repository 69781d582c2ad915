import ArgumentParser
import EventLog
import Foundation
import Ledger
import Provisioning
import Subprocess
import SystemPackage

extension Bed {
  /// Seconds from SIGKILL of a process that appends to the first append of a new one.
  func recovery() async throws -> Double { try await Self.recovery(of: folder) }

  /// The same of any ledger that nobody has open.
  static func recovery(of folder: String) async throws -> Double {
    let program = FilePath(CommandLine.arguments[0])
    let clock = ContinuousClock()
    let killed = try await run(
      .path(program), arguments: ["write", folder], input: .none, output: .sequence,
      error: .currentStandardError
    ) { execution in
      var lines = 0
      for try await _ in execution.standardOutput.strings() {
        lines += 1
        if lines == 200 { break }
      }
      let moment = clock.now
      try execution.send(signal: .kill)
      return moment
    }
    let next = try await run(
      .path(program), arguments: ["write", folder, "--count", "1"], input: .none, output: .string(limit: 1024),
      error: .currentStandardError)
    let seconds = (clock.now - killed.closureResult).seconds
    guard case .signaled(9) = killed.terminationStatus, case .exited(0) = next.terminationStatus else {
      throw Peer.Failure(description: "the writers ended with \(killed.terminationStatus), \(next.terminationStatus)")
    }
    return seconds
  }
}

/// `provledger-bench write FOLDER`: appends, and prints the position of each append once it is durable.
struct Write: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Append to a ledger, and print each position.")

  @Argument(help: "The ledger's folder.") var folder: String
  @Option(help: "How many appends; without it, until killed.") var count: Int?

  func run() async throws {
    let ledger = try Bed.open(folder)
    var life = try Life(size: 1, position: try ledger.log.lastPosition(), keys: ledger.keys)
    var done = 0
    while done < count ?? .max {
      let positions = try await ledger.append(life.events(10), actor: "bench")
      FileHandle.standardOutput.write(Data("\(positions.last ?? 0)\n".utf8))
      done += 1
    }
    // No orderly end: what is measured is the first append, not closing.
    _exit(0)
  }
}
