import JSON

/// The results about the worker as a table, as JSON and as bars.
struct WorkerReport {
  let users: Int
  let concurrency: Int
  let runs: Int
  /// By latency in milliseconds, one a run.
  var drains: [Int: [DrainMeasure.Rates]] = [:]
  /// The import, and of how many people it was.
  var imported: (people: Int, result: ImportMeasure.Figures)?

  init(users: Int, concurrency: Int, runs: Int) {
    self.users = users
    self.concurrency = concurrency
    self.runs = runs
  }

  private var latencies: [Int] { drains.keys.sorted() }

  private func median(_ rate: KeyPath<DrainMeasure.Rates, Double>, _ latency: Int) -> Double {
    (drains[latency] ?? []).map { $0[keyPath: rate] }.median ?? 0
  }

  /// What no client can pass: so many calls at once, each as long as the latency.
  private func ceiling(_ latency: Int) -> Double { Double(concurrency) * 1000 / Double(latency) }

  /// The bars; a ratio is the median of the ratios inside each run.
  var bars: [Bar] {
    var bars: [Bar] = []
    for latency in latencies {
      let rates = drains[latency] ?? []
      let others = rates.map { $0.worker / $0.concurrent }.median
      bars.append(Bar(title: "worker / asynchronous client, \(latency) ms", limit: 0.9, figure: others))
      bars.append(
        Bar(
          title: "worker / ceiling, \(latency) ms", limit: 0.85,
          figure: rates.map { $0.worker / ceiling(latency) }.median))
    }
    if let (people, result) = imported {
      bars.append(
        Bar(
          title: "import, reading to receipt / batched append", limit: 0.45,
          figure: Double(result.events) / result.receiptSeconds / result.batchedRate))
      bars.append(
        Bar(
          title: "import of \(people), peak MB", limit: 500, isCeiling: true,
          figure: Double(result.peakBytes) / 1_000_000))
    }
    return bars
  }

  var table: String {
    var lines = [row("accounts/s, median of \(runs)", latencies.map { "\($0) ms" })]
    lines.append(row("the worker, \(concurrency) at once", latencies.map { short(median(\.worker, $0)) }))
    lines.append(row("asynchronous client, \(concurrency) at once", latencies.map { short(median(\.concurrent, $0)) }))
    lines.append(row("sequential client", latencies.map { short(median(\.sequential, $0)) }))
    lines.append(row("ceiling", latencies.map { short(ceiling($0)) }))
    if let (people, result) = imported {
      lines += [
        "", row("import of \(people) people", [""]), row("seconds", [short(result.seconds)]),
        row("up to the durable receipt, seconds", [short(result.receiptSeconds)]),
        row("the views' catching up after it, seconds", [short(result.seconds - result.receiptSeconds)]),
        row("events/s up to the receipt", [short(Double(result.events) / result.receiptSeconds)]),
        row("append of batches of 1,000, same log, events/s", [short(result.batchedRate)]),
        row("peak memory, MB", [short(Double(result.peakBytes) / 1_000_000)]),
        row("longest wait of another writer, s", [short(result.longestWait)]),
        row("then a delta of 10, seconds", [short(result.deltaSeconds)]),
        row("peak memory of that, MB", [short(Double(result.deltaPeakBytes) / 1_000_000)]),
      ]
    }
    return (lines + ["", bars.table("ratios")]).joined(separator: "\n")
  }

  var json: JSONValue {
    let drains: [JSONValue] = latencies.map { latency in
      func all(_ rate: KeyPath<DrainMeasure.Rates, Double>) -> JSONValue {
        .array((self.drains[latency] ?? []).map { number($0[keyPath: rate]) })
      }
      return [
        "latency": .integer(Int64(latency)), "worker": all(\.worker), "asynchronous": all(\.concurrent),
        "sequential": all(\.sequential), "ceiling": number(ceiling(latency)),
      ]
    }
    let imported: JSONValue =
      imported.map { people, result in
        [
          "people": .integer(Int64(people)), "seconds": number(result.seconds),
          "receiptSeconds": number(result.receiptSeconds), "batchedRate": number(result.batchedRate),
          "events": .integer(result.events),
          "peakBytes": .integer(Int64(result.peakBytes)), "longestWait": number(result.longestWait),
          "deltaSeconds": number(result.deltaSeconds), "deltaPeakBytes": .integer(Int64(result.deltaPeakBytes)),
        ]
      } ?? .null
    return [
      "users": .integer(Int64(users)), "concurrency": .integer(Int64(concurrency)), "runs": .integer(Int64(runs)),
      "drains": .array(drains), "import": imported, "bars": bars.json,
    ]
  }
}
