import ArgumentParser
import Foundation
import JSON

/// `provledger-bench worker`: the worker beside clients without a ledger, and a large import.
struct WorkerBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Drain creates beside plain clients; import many people.")

  @Option(help: "Accounts to make at each latency.") var users = 2000
  @Option(help: "Latencies in milliseconds, separated by commas.") var latency = "20,200"
  @Option(help: "Calls under way at once.") var concurrency = 32
  @Option(help: "How often each figure is measured; the median counts.") var runs = 3
  @Option(help: "People of the one import; 0 leaves it out.") var people = 100_000
  @Option(help: "Where the results go.") var out: String
  @Option(help: "The provledger to measure.") var program: String
  @Option(help: "tools/peers/scim_client.py.") var script: String
  @Option(help: "A Python.") var python = "python3"

  private var latencies: [Int] { latency.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard latencies.count == latency.split(separator: ",").count, !latencies.isEmpty,
      latencies.allSatisfy({ (1...5000).contains($0) })
    else { throw ValidationError("--latency is a list of milliseconds from 1 to 5000.") }
    guard (10...100_000).contains(users) else { throw ValidationError("--users is 10 to 100000.") }
    guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency is 1 to 64.") }
    guard (1...99).contains(runs) else { throw ValidationError("--runs is 1 to 99.") }
    guard (0...1_000_000).contains(people) else { throw ValidationError("--people is 0 to 1000000.") }
  }

  func run() async throws {
    let root = "\(out)/worker"
    try? FileManager.default.removeItem(atPath: root)
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let program = Program(path: program)
    let drain = DrainMeasure(
      program: program, root: root, users: users, concurrency: concurrency, python: python, script: script)
    var report = WorkerReport(users: users, concurrency: concurrency, runs: runs)
    for number in 1...runs {
      for latency in latencies {
        BenchCommand.tell("run \(number) of \(runs): \(users) accounts at \(latency) ms")
        report.drains[latency, default: []].append(try await drain.run(latency: latency, run: number))
      }
    }
    if people > 0 {
      BenchCommand.tell("one import of \(people) people")
      report.imported = (
        people, try await ImportMeasure(program: program, folder: "\(root)/import", people: people).run()
      )
    }
    try Data(report.json.text.utf8).write(to: URL(fileURLWithPath: "\(out)/worker.json"))
    try Data(report.bars.svg.utf8).write(to: URL(fileURLWithPath: "\(out)/worker.svg"))
    print(report.table)
    print("\n\(out)/worker.json\n\(out)/worker.svg")
  }
}
