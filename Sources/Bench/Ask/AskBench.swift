import ArgumentParser
import Foundation
import JSON

/// `provledger-bench ask`: what auditors ask, at several sizes of the log, beside the raw read of its rows in the same run.
struct AskBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Build the rows of the audit, and ask for pages, beside the raw read of the log.")

  @Option(help: "Sizes of the log in events, separated by commas.") var events = "10000,100000"
  @Option(help: "How often each figure is measured; the median counts.") var runs = 3
  @Option(help: "Where the results go.") var out: String
  @Option(help: "The provledger to measure.") var program: String

  private var sizes: [Int64] { events.split(separator: ",").compactMap { Int64($0) }.sorted() }

  func validate() throws {
    let count = events.split(separator: ",").count
    guard sizes.count == count, count > 0, sizes.allSatisfy({ $0 >= 1000 && $0 <= 10_000_000 }) else {
      throw ValidationError("--events is a list of sizes from 1000 to 10000000.")
    }
    guard (1...99).contains(runs) else { throw ValidationError("--runs is 1 to 99.") }
  }

  func run() async throws {
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
