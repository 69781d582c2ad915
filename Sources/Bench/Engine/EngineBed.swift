import Base
import Cycles
import EventLog
import Foundation
import GraphModel
import HTTPTransport
import JSON
import Ledger
import MicrosoftGraph
import Operations
import Provisioning
import SCIM

/// A ledger whose tenant is a simulated one, in a process of its own, so that its memory and its work are not ours.
struct EngineBed {
  /// What one round was measured to take, in seconds.
  struct Round {
    /// Receiving what has not changed, and a cycle over that.
    var unchangedReading: Double
    var unchangedCycle: Double
    /// Receiving one person in a hundred, and a cycle over them.
    var changedReading: Double
    var changedCycle: Double
    /// How many events the unchanged cycle appended.
    var unchangedEvents: Int64
  }

  /// What the first cycle and one over changes took as processes.
  struct Whole {
    var seconds: Double
    var peakBytes: Int
    var laterPeakBytes: Int
  }

  let people: Int
  let folder: String
  let program: Program
  private let simulator: GraphProcess

  /// Makes the ledger, with everybody assigned counting.
  init(people: Int, folder: String, program: Program, simulator: GraphProcess) async throws {
    (self.people, self.folder, self.program, self.simulator) = (people, folder, program, simulator)
    _ = try await BenchLedger(program, folder: folder, url: "http://127.0.0.1:1/scim/v2", concurrency: 8)
    let secret = "\(folder).secret"
    try Data("\(GraphProcess.secret)\n".utf8).write(to: URL(fileURLWithPath: secret))
    let path = "\(folder)/provledger.yaml"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let origin = String(simulator.url.dropLast("/v1.0".count))
    for (old, new) in [
      ("  tenant: \"\"", "  tenant: \(GraphProcess.tenant)"), ("  client: \"\"", "  client: \(GraphProcess.client)"),
      ("  secret:\n      environment: \"\"\n      file: \"\"", "  secret:\n      file: \(secret)"),
      ("servicePrincipal: \"\"", "servicePrincipal: \(simulator.principal)"),
      ("https://login.microsoftonline.com", origin), ("https://graph.microsoft.com", origin),
      ("people: everybody", "people: assigned"),
    ] {
      guard text.contains(old) else { throw Peer.Failure(description: "no `\(old)` in \(path)") }
      text = text.replacing(old, with: new)
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The first cycle of all.
  func first() async throws -> (seconds: Double, peakBytes: Int) {
    try await program.run(["cycle", "run", "--ledger", folder])
  }

  /// The most memory of a cycle over changes.
  func later() async throws -> Int {
    try await simulator.rename(people / 100)
    return try await program.run(["cycle", "run", "--ledger", folder]).peakBytes
  }

  /// Cycles in this process, each beside receiving the same pages alone.
  func round() async throws -> Round {
    let ledger = try Bed.open(folder)
    defer { try? ledger.close() }
    return try await GraphConnection.using(ledger) { connection in
      // What is kept for the process's life is not a cycle's.
      _ = try await read(connection.source, ledger)
      let unchangedReading = try await read(connection.source, ledger)
      let before = try ledger.log.lastPosition()
      let unchangedCycle = try await cycle(connection.source, ledger)
      let events = try ledger.log.lastPosition() - before
      try await simulator.rename(people / 100)
      let changedReading = try await read(connection.source, ledger)
      let changedCycle = try await cycle(connection.source, ledger)
      return Round(
        unchangedReading: unchangedReading, unchangedCycle: unchangedCycle, changedReading: changedReading,
        changedCycle: changedCycle, unchangedEvents: events)
    }
  }

  private func read(_ source: GraphSource, _ ledger: OpenLedger) async throws -> Double {
    let beginning = try DirectoryImport(into: ledger, actor: "bench").beginning()
    guard let mark = beginning.mark else {
      throw Peer.Failure(description: "the first cycle left no mark")
    }
    return try await ContinuousClock().seconds {
      guard case .reading = try await source.changes(since: mark) else {
        throw Peer.Failure(description: "the mark has ended")
      }
      _ = try await source.assignments { beginning.members }
    }
  }

  private func cycle(_ source: GraphSource, _ ledger: OpenLedger) async throws -> Double {
    try await ContinuousClock().seconds { _ = try await GraphCycle(over: source, into: ledger, actor: "bench").run() }
  }
}
