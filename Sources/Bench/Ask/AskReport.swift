import JSON

/// What was measured of asking, as a table and as JSON.
struct AskReport {
  enum Name: String, CaseIterable {
    case read, export, views, audit
    case memory, exportMemory
    case everybody, past, one, indexed
    case all, status, two, person, common

    /// Whether it is a page of 50 rows, in seconds.
    var isPage: Bool { [.all, .status, .two, .person, .common].contains(self) }
    /// Whether it is measured in seconds.
    var isSpan: Bool { isPage || [.everybody, .past, .one, .indexed].contains(self) }

    var title: String {
      switch self {
      case .read: "raw read of the log's rows"
      case .export: "export ndjson, opened"
      case .views: "operational views, built anew"
      case .audit: "audit and search, built anew"
      case .memory: "memory of the command that builds them"
      case .exportMemory: "memory of export ndjson"
      case .everybody: "everybody at a moment, the end of the log"
      case .past: "everybody at a moment, the slowest of seven"
      case .one: "one person at a moment, of 20 events at most"
      case .indexed: "one event by its position"
      case .all: "a page of 50: no filter"
      case .status: "a page of 50: --status"
      case .two: "a page of 50: --actor and --attribute"
      case .person: "a page of 50: --search, one person"
      case .common: "a page of 50: --search, everybody"
      }
    }
  }

  let runs: Int
  var figures: [Int64: [Name: [Double]]] = [:]

  private var sizes: [Int64] { figures.keys.sorted() }

  private func median(_ name: Name, _ size: Int64?) -> Double? { size.flatMap { figures[$0]?[name]?.median } }

  /// The bars at the largest size, and how pages grow up to it.
  var bars: [Bar] {
    let (smallest, largest) = (sizes.first, sizes.last)
    let growth = Name.allCases.filter(\.isPage).map { name in
      Bar(
        title: "\(name.title), largest / smallest log", limit: 2, isCeiling: true,
        figure: median(name, smallest).flatMap { small in
          smallest == largest ? nil : median(name, largest).map { $0 / small }
        })
    }
    let export = median(.read, largest).flatMap { read in median(.export, largest).map { $0 / read } }
    return [
      Bar(title: "export ndjson / raw read", limit: 0.5, figure: export),
      Bar(title: "operational views, events/s", limit: 100_000, figure: median(.views, largest)),
      Bar(title: "audit and search, events/s", limit: 30_000, figure: median(.audit, largest)),
      Bar(
        title: "everybody at the end / full rebuild", limit: 0.25, isCeiling: true,
        figure: everybody(.everybody, largest)),
      Bar(
        title: "everybody at any moment / full rebuild", limit: 0.25, isCeiling: true,
        figure: everybody(.past, largest)),
      Bar(
        title: "one person at a moment / indexed read", limit: 20, isCeiling: true,
        figure: median(.indexed, largest).flatMap { read in median(.one, largest).map { $0 / read } }),
      Bar(title: "memory, MB", limit: 300, isCeiling: true, figure: median(.memory, largest)),
      Bar(title: "memory of export ndjson, MB", limit: 300, isCeiling: true, figure: median(.exportMemory, largest)),
    ] + growth
  }

  /// What everybody's past takes, of what all views take that are built anew.
  private func everybody(_ name: Name, _ size: Int64?) -> Double? {
    guard let size, let seconds = median(name, size), let rate = median(.views, size) else { return nil }
    return seconds * rate / Double(size)
  }

  /// Every figure at every size, then the bars.
  var table: String {
    let head = row("median of \(runs)", sizes.map { "\($0) events" })
    let lines = Name.allCases.map { name in
      row(name.title, sizes.map { size in median(name, size).map { text($0, name) } ?? "-" })
    }
    return ([head] + lines + ["", bars.table("at \(sizes.last ?? 0) events")]).joined(separator: "\n")
  }

  private func text(_ figure: Double, _ name: Name) -> String {
    if name.isSpan { return "\(short(figure * 1000)) ms" }
    return [.memory, .exportMemory].contains(name) ? "\(short(figure)) MB" : "\(short(figure))/s"
  }

  /// Every figure of every run, and the bars.
  var json: JSONValue {
    let measured: [JSONValue] = sizes.map { size in
      var object = JSONObject()
      for name in Name.allCases { object[name.rawValue] = .array((figures[size]?[name] ?? []).map(number)) }
      return ["events": .integer(size), "figures": .object(object)]
    }
    return ["runs": .integer(Int64(runs)), "sizes": .array(measured), "bars": bars.json]
  }
}
