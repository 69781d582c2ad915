import ArgumentParser
import Foundation
import JSON
import Provisioning

/// `provledger-bench log`: everything about the log, at several sizes, beside its peers, in one run.
struct LogBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Append, read, verify, rebuild, recover, beside SQLite's C API and eventsourcing.")

  @OptionGroup var log: LogOptions
  @Option(help: "Only these figures, by name, separated by commas.") var only: String?
  @Option(help: "The compiled tools/peers/plain.c.") var plain: String
  @Option(help: "The schema of the log.") var schema: String
  @Option(help: "tools/peers/eventsourcing_peer.py.") var script: String
  @Option(help: "A Python that has eventsourcing.") var python: String?

  private var wanted: Set<Measurements.Name> {
    guard let only else { return Set(Measurements.Name.allCases) }
    return Set(only.split(separator: ",").compactMap { Measurements.Name(rawValue: String($0)) })
  }

  func run() async throws {
    let (sizes, runs, out) = (log.sizes, log.runs, log.out)
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
