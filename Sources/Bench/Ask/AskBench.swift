import ArgumentParser
import Foundation
import JSON

/// `provledger-bench ask`: what auditors ask, at several sizes of the log, beside the raw read of its rows in the same run.
struct AskBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Build the rows of the audit, and ask for pages, beside the raw read of the log.")

  @OptionGroup var log: LogOptions
  @Option(help: "The provledger to measure.") var program: String

  func run() async throws {
    let (sizes, runs, out) = (log.sizes, log.runs, log.out)
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    var report = AskReport(runs: runs)
    for size in sizes {
      BenchCommand.tell("\(size) events: filling the ledger")
      let bed = try await AskBed(size: size, root: "\(out)/ask-\(size)", program: Program(path: program))
      for number in 1...runs {
        BenchCommand.tell("\(size) events: run \(number) of \(runs)")
        try await bed.measure { report.figures[size, default: [:]][$0, default: []].append($1) }
      }
      try bed.remove()
    }
    try Data(report.json.text.utf8).write(to: URL(fileURLWithPath: "\(out)/ask.json"))
    try Data(report.bars.svg.utf8).write(to: URL(fileURLWithPath: "\(out)/ask.svg"))
    print(report.table)
    print("\n\(out)/ask.json\n\(out)/ask.svg")
  }
}
