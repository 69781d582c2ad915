import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning

/// How fast the worker drains first-time creates, beside clients that keep no ledger.
struct DrainMeasure: Sendable {
  let program: Program
  let root: String
  let users: Int
  let concurrency: Int
  let python: String
  let script: String

  /// Accounts a second by each, at one latency in milliseconds.
  struct Rates: Sendable {
    var worker: Double
    var concurrent: Double
    var sequential: Double
  }

  /// Measures all three, each against a TeamViewer of its own.
  func run(latency: Int, run number: Int) async throws -> Rates {
    let (script, python, width, count) = (script, python, concurrency, users)
    let worker = try await program.simulating(latency: latency) { url in
      try await self.worker(url, folder: "\(root)/drain-\(latency)-\(number)")
    }
    let concurrent = try await program.simulating(latency: latency) { url in
      try await Peer.rate(python, [script, "async", url, Program.token, "\(count)", "\(width)"])
    }
    // One at a time takes as many times as long; its rate does not depend on the count.
    let few = max(50, min(count, 4000 / max(1, latency)))
    let sequential = try await program.simulating(latency: latency) { url in
      try await Peer.rate(python, [script, "sequential", url, Program.token, "\(few)"])
    }
    return Rates(worker: worker, concurrent: concurrent, sequential: sequential)
  }

  /// From the first write's start to the last completed delivery, as the log has them.
  private func worker(_ url: String, folder: String) async throws -> Double {
    let ledger = try await BenchLedger(program, folder: folder, url: url, concurrency: concurrency)
    try await ledger.importPeople(users)
    try await program.run(["deliver", "--until-idle", "--ledger", folder])
    let (first, last, completed) = try ledger.deliveries()
    guard completed == users, let first, let last, last > first else {
      throw Peer.Failure(description: "\(completed) of \(users) were delivered")
    }
    return Double(completed) / Double((last - first).milliseconds) * 1000
  }
}

/// A ledger that is made and filled by the command, as an operator does.
struct BenchLedger {
  let program: Program
  let folder: String

  /// Makes a ledger that points at a simulator.
  init(_ program: Program, folder: String, url: String, concurrency: Int) async throws {
    self.program = program
    self.folder = folder
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let token = "\(folder).token"
    try Data("\(Program.token)\n".utf8).write(to: URL(fileURLWithPath: token))
    try await program.run(["init", "--ledger", folder, "--target", url, "--token-file", token])
    let path = "\(folder)/provledger.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let wide = text.replacingOccurrences(of: "concurrency: 8", with: "concurrency: \(concurrency)")
    guard wide != text || concurrency == 8 else { throw Peer.Failure(description: "no concurrency in \(path)") }
    try Data(wide.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Writes an export of so many people, and returns its path.
  func export(_ people: Int) throws -> String {
    let path = "\(folder).csv"
    var text = "id,userPrincipalName,displayName,accountEnabled\n"
    text.reserveCapacity(people * 110)
    for number in 0..<people {
      text += "\(Self.id(number)),person\(number)@bench.example,Person Number \(number),true\n"
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "5b2f0000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// Imports a delta in which so many people have other names.
  func importDelta(of people: Int) async throws -> (seconds: Double, peakBytes: Int) {
    let users = (0..<people).map { number -> JSONValue in
      ["id": .string(Self.id(number)), "displayName": .string("Renamed \(number)")]
    }
    let page: JSONValue = [
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users", "value": .array(users),
      "@odata.deltaLink": "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=bench",
    ]
    let path = "\(folder).json"
    try Data(page.text.utf8).write(to: URL(fileURLWithPath: path))
    return try await program.run(["import", path, "--ledger", folder])
  }

  /// Imports so many people.
  @discardableResult
  func importPeople(
    _ people: Int, meanwhile: @escaping @Sendable () async throws -> Void = {}
  ) async throws -> (seconds: Double, peakBytes: Int) {
    try await program.run(["import", export(people), "--ledger", folder], meanwhile: meanwhile)
  }

  /// When the first write started, when the last delivery was completed, and how many were.
  func deliveries() throws -> (first: Timestamp?, last: Timestamp?, completed: Int) {
    let ledger = try Bed.open(folder)
    defer { try? ledger.close() }
    var (first, last, completed): (Timestamp?, Timestamp?, Int) = (nil, nil, 0)
    var next: Int64 = 1
    while true {
      let events = try ledger.log.read(from: next, limit: 4096)
      guard let newest = events.last else { return (first, last, completed) }
      for event in events {
        if event.type == CallStarted.type, first == nil { first = event.time }
        if event.type == DeliveryCompleted.type {
          last = event.time
          completed += 1
        }
      }
      next = newest.position + 1
    }
  }
}
