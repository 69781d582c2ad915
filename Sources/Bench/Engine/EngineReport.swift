import JSON

/// The results about the engine as a table, as JSON and as bars.
struct EngineReport {
  let sizes: [Int]
  let runs: Int
  let latency: Int
  /// Decisions a second, by the default mapping and by twenty functions, one a run.
  var standard: [Double] = []
  var expressions: [Double] = []
  /// By the number of people.
  var wholes: [Int: EngineBed.Whole] = [:]
  var rounds: [Int: [EngineBed.Round]] = [:]

  init(sizes: [Int], runs: Int, latency: Int) {
    self.sizes = sizes
    self.runs = runs
    self.latency = latency
  }

  private func median(_ size: Int, _ figure: (EngineBed.Round) -> Double) -> Double? {
    rounds[size]?.map(figure).median
  }

  /// What an unchanged cycle takes beside receiving pages, in seconds.
  private func rest(_ size: Int) -> Double? { median(size) { max(0.0001, $0.unchangedCycle - $0.unchangedReading) } }

  private func megabytes(_ size: Int, _ peak: KeyPath<EngineBed.Whole, Int>) -> Double? {
    wholes[size].map { Double($0[keyPath: peak]) / 1_000_000 }
  }

  /// The bars; ratios are of figures of one run.
  var bars: [Bar] {
    let (small, large) = (sizes[0], sizes[1])
    let rests = zip([rest(large)], [rest(small)]).compactMap { large, small in
      large.flatMap { large in small.map { large / $0 } }
    }
    return [
      Bar(title: "decisions/s, default mapping", limit: 50_000, figure: standard.median),
      Bar(title: "decisions/s, twenty functions", limit: 15_000, figure: expressions.median),
      Bar(
        title: "1 % of \(large) changed: cycle / its pages", limit: 1.3, isCeiling: true,
        figure: median(large) { $0.changedCycle / $0.changedReading }),
      Bar(title: "unchanged, beside pages: \(large) / \(small)", limit: 2, isCeiling: true, figure: rests.first),
      Bar(
        title: "events of an unchanged cycle of \(large)", limit: 2, isCeiling: true,
        figure: median(large) { Double($0.unchangedEvents) }),
      Bar(
        title: "first cycle of \(large), peak MB", limit: 300, isCeiling: true,
        figure: megabytes(large, \.peakBytes)),
      Bar(
        title: "cycle of 1 % of \(large), peak MB", limit: 300, isCeiling: true,
        figure: megabytes(large, \.laterPeakBytes)),
    ]
  }

  private func cells(_ figure: (Int) -> Double?) -> [String] { sizes.map { figure($0).map(short) ?? "-" } }

  var table: String {
    let lines = [
      row("decisions/s on one core, median of \(runs)", [""]),
      row("default mapping", [standard.median.map(short) ?? "-"]),
      row("twenty functions", [expressions.median.map(short) ?? "-"]), "",
      row("seconds, \(latency) ms an answer", sizes.map { "\($0) people" }),
      row("first cycle", cells { wholes[$0]?.seconds }),
      row("unchanged: pages alone", cells { median($0) { $0.unchangedReading } }),
      row("unchanged: cycle", cells { median($0) { $0.unchangedCycle } }),
      row("1 % changed: pages alone", cells { median($0) { $0.changedReading } }),
      row("1 % changed: cycle", cells { median($0) { $0.changedCycle } }),
      row("peak MB, first cycle", cells { megabytes($0, \.peakBytes) }),
      row("peak MB, 1 % changed", cells { megabytes($0, \.laterPeakBytes) }),
    ]
    return (lines + ["", bars.table("bars")]).joined(separator: "\n")
  }

  var json: JSONValue {
    let sizes: [JSONValue] = sizes.map { size in
      func all(_ figure: KeyPath<EngineBed.Round, Double>) -> JSONValue {
        .array((rounds[size] ?? []).map { number($0[keyPath: figure]) })
      }
      return [
        "people": .integer(Int64(size)), "firstSeconds": number(wholes[size]?.seconds ?? 0),
        "firstPeakBytes": .integer(Int64(wholes[size]?.peakBytes ?? 0)),
        "laterPeakBytes": .integer(Int64(wholes[size]?.laterPeakBytes ?? 0)),
        "unchangedReading": all(\.unchangedReading), "unchangedCycle": all(\.unchangedCycle),
        "changedReading": all(\.changedReading), "changedCycle": all(\.changedCycle),
      ]
    }
    return [
      "runs": .integer(Int64(runs)), "latency": .integer(Int64(latency)), "standard": .array(standard.map(number)),
      "expressions": .array(expressions.map(number)), "sizes": .array(sizes), "bars": bars.json,
    ]
  }
}
