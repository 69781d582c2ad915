import Foundation
import JSON

/// The results about the log as a table and as JSON.
struct LogReport {
  let measured: Measurements
  let runs: Int

  private var bars: [Bar] { Bar.all(measured) }

  // MARK: Table

  /// Every figure at every size, then the ratios with their bars.
  var table: String {
    var lines = [row("median of \(runs)", measured.sizes.map { "\($0) events" })]
    for name in Measurements.Name.allCases {
      let figures = measured.sizes.map { measured.median(name, at: $0).map { text($0, name) } ?? "-" }
      if figures.contains(where: { $0 != "-" }) { lines.append(row(name.title, figures)) }
    }
    let largest = measured.sizes.last.map { "at \($0) events" } ?? ""
    return (lines + ["", bars.table(largest)]).joined(separator: "\n")
  }

  private func text(_ figure: Double, _ name: Measurements.Name) -> String {
    switch name.unit {
    case "bytes/s": "\(short(figure / 1e6)) MB/s"
    case "events/s": "\(short(figure))/s"
    case "s" where figure < 0.0001: "\(short(figure * 1e6)) µs"
    case "s": "\(short(figure * 1000)) ms"
    default: short(figure)
    }
  }

  // MARK: JSON

  /// Every figure of every run, and the bars.
  var json: JSONValue {
    var sizes: [JSONValue] = []
    for size in measured.sizes {
      var figures = JSONObject()
      for name in Measurements.Name.allCases where !measured.all(name, at: size).isEmpty {
        figures[name.rawValue] = [
          "unit": .string(name.unit), "runs": .array(measured.all(name, at: size).map(number)),
          "median": measured.median(name, at: size).map(number) ?? .null,
        ]
      }
      sizes.append(["events": .integer(size), "figures": .object(figures)])
    }
    return ["runs": .integer(Int64(runs)), "sizes": .array(sizes), "bars": bars.json]
  }

  /// The bars as a picture.
  var svg: String { bars.svg }
}
