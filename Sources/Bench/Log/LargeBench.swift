import ArgumentParser
import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import Reports
import Views

/// `provledger-bench large`: what must not grow with the log: one person's time line, and the time from kill -9 to the
/// first append. Ends with 1 when a bar is missed.
struct LargeBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "large", abstract: "Ledgers of some sizes: one person's time line, kill to append, verify, rebuild.")

  @Option(help: "Sizes of the log in events, separated by commas, the smallest first.") var events = "1000000,10000000"
  @Option(help: "Where the ledgers lie; each is removed when it was measured.") var out: String

  private var sizes: [Int64] { events.split(separator: ",").compactMap { Int64($0) } }

  func validate() throws {
    guard sizes.count == events.split(separator: ",").count, sizes.allSatisfy({ $0 >= 1000 }), sizes == sizes.sorted()
    else { throw ValidationError("--events is a list of sizes of at least 1000, the smallest first.") }
  }

  func run() async throws {
    var measured: [LargeLedger.Figures] = []
    for size in sizes {
      let root = "\(out)/large-\(size)"
      try? FileManager.default.removeItem(atPath: root)
      measured.append(try await LargeLedger(size: size, root: root).measure())
      try FileManager.default.removeItem(atPath: root)
    }
    print(Self.table(measured))
    let bars = Self.bars(measured)
    print("\n\(bars.table("must hold"))")
    if !bars.allSatisfy({ $0.isCleared ?? true }) { throw ExitCode(1) }
  }

  private static func table(_ measured: [LargeLedger.Figures]) -> String {
    var lines = [row("events", measured.map { "\($0.size)" })]
    for (title, figure) in LargeLedger.Figures.titles { lines.append(row(title, measured.map { short(figure($0)) })) }
    return lines.joined(separator: "\n")
  }

  private static func bars(_ measured: [LargeLedger.Figures]) -> [Bar] {
    guard let first = measured.first, let last = measured.last else { return [] }
    let growth = Bar(
      title: "time line, largest / smallest log", limit: 2, isCeiling: true, figure: last.timeline / first.timeline)
    let kills = measured.map { figures in
      Bar(title: "kill -9 to append at \(figures.size), s", limit: 1, isCeiling: true, figure: figures.recovery)
    }
    return [growth] + kills
  }
}

/// A ledger of some size, filled by the way that every event takes.
struct LargeLedger {
  /// What was measured; times are in seconds.
  struct Figures {
    var size: Int64
    var fill = 0.0
    var catchUp = 0.0
    var timeline = 0.0
    var slowest = 0.0
    var recovery = 0.0
    var verify = 0.0
    var rebuild = 0.0
    var gigabytes = 0.0

    static var titles: [(String, (Figures) -> Double)] {
      [
        ("appended by the usual way, s", \.fill), ("views filled, s", \.catchUp),
        ("one person's time line, median, ms", { $0.timeline * 1000 }),
        ("the slowest of them, ms", { $0.slowest * 1000 }),
        ("kill -9 to the first append, s", \.recovery), ("verify, s", \.verify), ("views rebuilt, s", \.rebuild),
        ("ledger.sqlite, GB", \.gigabytes),
      ]
    }
  }

  let size: Int64
  let root: String

  private var folder: String { "\(root)/ledger" }

  /// Fills and measures.
  func measure() async throws -> Figures {
    var figures = Figures(size: size)
    let clock = ContinuousClock()
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    try OpenLedger.create(
      folder: folder, url: "https://example.test/scim/v2", token: .environment("BENCH_TOKEN"),
      origin: "example.test/bench", logger: silent)
    let ledger = try Bed.open(folder)
    let began = clock.now
    try await fill(ledger)
    figures.fill = (clock.now - began).seconds
    BenchCommand.tell("\(size) events: filled")
    figures.catchUp = try clock.seconds { try ledger.views.catchUp() }
    (figures.timeline, figures.slowest) = try timelines(ledger)
    try look(ledger, &figures)
    try ledger.close()
    figures.recovery = try await Bed.recovery(of: folder)
    BenchCommand.tell("\(size) events: measured")
    return figures
  }

  private func fill(_ ledger: OpenLedger) async throws {
    var life = try Life(size: size, position: try ledger.log.lastPosition(), keys: ledger.keys)
    var missing = Int(size - (try ledger.log.lastPosition()))
    while missing > 0 {
      try await ledger.append(life.events(min(1000, missing)), actor: "bench")
      missing -= 1000
    }
    try ledger.log.checkpointWAL()
  }

  /// The story of people from all over the log, as `why` tells it: the median and the slowest.
  private func timelines(_ ledger: OpenLedger) throws -> (median: Double, slowest: Double) {
    let people = max(100, Int(size / Life.eventsAPerson))
    let seconds = try (0..<200).map { part in
      let address = Life.address(people * part / 200)
      return try ContinuousClock().seconds {
        guard let person = try ledger.views.find(address).first else {
          throw Peer.Failure(description: "\(address) is not found")
        }
        let lines = try Story.of(person.alias, log: ledger.log, codec: ledger.codec)
        if lines.count < 5 { throw Peer.Failure(description: "\(address) has \(lines.count.of("event"))") }
      }
    }
    return (seconds.median ?? 0, seconds.max() ?? 0)
  }

  private func look(_ ledger: OpenLedger, _ figures: inout Figures) throws {
    figures.verify = try ContinuousClock().seconds {
      guard try ledger.log.verify().isSound else { throw Peer.Failure(description: "the log is not sound") }
    }
    figures.rebuild = try ContinuousClock().seconds {
      guard try ledger.views.rebuild().isEqual else { throw Peer.Failure(description: "the views differ") }
    }
    let bytes = try FileManager.default.attributesOfItem(atPath: "\(folder)/ledger.sqlite")[.size] as? NSNumber
    figures.gigabytes = (bytes?.doubleValue ?? 0) / 1_000_000_000
  }
}
