import ArgumentParser

/// What every bench of the log is asked: how large, how often, and where the results go.
struct LogOptions: ParsableArguments {
  @Option(help: "Sizes of the log in events, separated by commas.") var events = "10000,100000"
  @Option(help: "How often each figure is measured; the median counts.") var runs = 3
  @Option(help: "Where the results go.") var out: String

  /// The sizes, the smallest first.
  var sizes: [Int64] { events.split(separator: ",").compactMap { Int64($0) }.sorted() }

  func validate() throws {
    let count = events.split(separator: ",").count
    guard sizes.count == count, count > 0, sizes.allSatisfy({ $0 >= 1000 && $0 <= 10_000_000 }) else {
      throw ValidationError("--events is a list of sizes from 1000 to 10000000.")
    }
    guard (1...99).contains(runs) else { throw ValidationError("--runs is 1 to 99.") }
  }
}
