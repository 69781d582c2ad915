import ArgumentParser
import Foundation
import JSON
import Provisioning

/// `provledger-bench engine`: decisions alone, and cycles over a simulated tenant beside receiving its pages alone.
struct EngineBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "Decide, and run cycles over a simulated tenant beside reading its pages alone.")

  @Option(help: "A small and a large number of people, separated by a comma.") var people = "1000,100000"
  @Option(help: "How often each figure is measured; the median counts.") var runs = 3
  @Option(help: "The milliseconds that each answer of Graph takes.") var latency = 20
  @Option(help: "Where the results go.") var out: String
  @Option(help: "The provledger to measure.") var program: String

  private var sizes: [Int] { people.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard sizes.count == 2, sizes.allSatisfy({ (100...1_000_000).contains($0) }), sizes[0] < sizes[1] else {
      throw ValidationError("--people is two numbers from 100 to 1000000, the smaller one first.")
    }
    guard (1...99).contains(runs) else { throw ValidationError("--runs is 1 to 99.") }
    guard (0...5000).contains(latency) else { throw ValidationError("--latency is 0 to 5000.") }
  }

  func run() async throws {
    let root = "\(out)/engine"
    try? FileManager.default.removeItem(atPath: root)
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let program = Program(path: program)
    var report = EngineReport(sizes: sizes, runs: runs, latency: latency)
    // Before anything else fills this process's memory.
    for size in sizes {
      let runs = runs
      BenchCommand.tell("\(size) people: the first cycle")
      let (whole, rounds) = try await GraphProcess.serving(program, people: size, latency: latency) { simulator in
        let bed = try await EngineBed(people: size, folder: "\(root)/\(size)", program: program, simulator: simulator)
        let first = try await bed.first()
        var rounds: [EngineBed.Round] = []
        for number in 1...runs {
          BenchCommand.tell("\(size) people: run \(number) of \(runs)")
          rounds.append(try await bed.round())
        }
        let later = try await bed.later()
        return (
          EngineBed.Whole(seconds: first.seconds, peakBytes: first.peakBytes, laterPeakBytes: later), rounds
        )
      }
      (report.wholes[size], report.rounds[size]) = (whole, rounds)
    }
    let measure = DecisionMeasure(people: sizes[1])
    for number in 1...runs {
      BenchCommand.tell("decisions about \(sizes[1]) people: run \(number) of \(runs)")
      report.standard.append(Double(sizes[1]) / (try measure.run(Mapping())))
      report.expressions.append(Double(sizes[1]) / (try measure.run(DecisionMeasure.twenty())))
    }
    try Data(report.json.text.utf8).write(to: URL(fileURLWithPath: "\(out)/engine.json"))
    try Data(report.bars.svg.utf8).write(to: URL(fileURLWithPath: "\(out)/engine.svg"))
    print(report.table)
    print("\n\(out)/engine.json\n\(out)/engine.svg")
  }
}
