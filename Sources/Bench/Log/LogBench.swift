import ArgumentParser
import Foundation
import JSON
import Provisioning

/// `provledger-bench log`: everything about the log, at several sizes, beside its peers, in one run.
struct LogBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Append, read, verify, rebuild, recover, beside SQLite's C API and eventsourcing.")

  @Option(help: "Sizes of the log in events, separated by commas.") var events = "10000,100000"
  @Option(help: "How often each figure is measured; the median counts.") var runs = 3
  @Option(help: "Where the results go.") var out: String
  @Option(help: "Only these figures, by name, separated by commas.") var only: String?
  @Option(help: "The compiled tools/peers/plain.c.") var plain: String
  @Option(help: "The schema of the log.") var schema: String
  @Option(help: "tools/peers/eventsourcing_peer.py.") var script: String
  @Option(help: "A Python that has eventsourcing.") var python: String?

  private var sizes: [Int64] { events.split(separator: ",").compactMap { Int64($0) }.sorted() }

  private var wanted: Set<Measurements.Name> {
    guard let only else { return Set(Measurements.Name.allCases) }
    return Set(only.split(separator: ",").compactMap { Measurements.Name(rawValue: String($0)) })
  }

  func validate() throws {
    let count = events.split(separator: ",").count
    guard sizes.count == count, count > 0, sizes.allSatisfy({ $0 >= 1000 && $0 <= 10_000_000 }) else {
      throw ValidationError("--events is a list of sizes from 1000 to 10000000.")
    }
    guard (1...99).contains(runs) else { throw ValidationError("--runs is 1 to 99.") }
  }

  func run() async throws {
    let peers = Peers(program: plain, schema: schema, python: python, script: script)
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    var measured = Measurements()
    for size in sizes {
      let root = "\(out)/\(size)"
      try? FileManager.default.removeItem(atPath: root)
      BenchCommand.tell("\(size) events: filling the ledger and its peers")
      var bed = try await Bed(size: size, root: root, peers: peers)
      try await Session(runs: runs, wanted: wanted, tell: BenchCommand.tell).run(on: &bed, into: &measured)
      try bed.remove()
    }
    let report = LogReport(measured: measured, runs: runs)
    try Data(report.json.text.utf8).write(to: URL(fileURLWithPath: "\(out)/log.json"))
    try Data(report.svg.utf8).write(to: URL(fileURLWithPath: "\(out)/log.svg"))
    print(report.table)
    print("\n\(out)/log.json\n\(out)/log.svg")
  }
}
