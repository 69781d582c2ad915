import Foundation
import JSON

/// The results as a table, as JSON and as a picture.
struct Report {
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
    lines += ["", row(largest, ["measured", "bar"])]
    for bar in bars {
      guard let figure = bar.figure else { continue }
      let sign = bar.isCeiling ? "at most" : "at least"
      lines.append(
        row(bar.title, [short(figure), "\(sign) \(short(bar.limit))"]) + (bar.isCleared == true ? "" : "  MISSED"))
    }
    return lines.joined(separator: "\n")
  }

  private func row(_ title: String, _ cells: [String]) -> String {
    padded(title, 40, left: true) + cells.map { padded($0, 18, left: false) }.joined()
  }

  private func padded(_ text: String, _ width: Int, left: Bool) -> String {
    let space = String(repeating: " ", count: max(1, width - text.count))
    return left ? text + space : space + text
  }

  private func text(_ figure: Double, _ name: Measurements.Name) -> String {
    switch name.unit {
    case "bytes/s": "\(short(figure / 1e6)) MB/s"
    case "events/s": "\(short(figure))/s"
    case "s": "\(short(figure * 1000)) ms"
    default: short(figure)
    }
  }

  /// Three digits that count.
  private func short(_ figure: Double) -> String {
    if figure >= 100 { return String(Int(figure.rounded())) }
    return String(format: figure >= 10 ? "%.1f" : figure >= 0.1 || figure == 0 ? "%.2f" : "%.4f", figure)
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
    let bars: [JSONValue] = bars.map { bar in
      [
        "title": .string(bar.title), "limit": number(bar.limit), "ceiling": .bool(bar.isCeiling),
        "figure": bar.figure.map(number) ?? .null, "cleared": bar.isCleared.map(JSONValue.bool) ?? .null,
      ]
    }
    return ["runs": .integer(Int64(runs)), "sizes": .array(sizes), "bars": .array(bars)]
  }

  private func number(_ figure: Double) -> JSONValue { .decimal(String(format: "%.6g", figure)) }

  // MARK: Picture

  /// One line a bar: how far the figure reaches, with the limit at the dashed line. Each is cut at three times it.
  var svg: String {
    let shown = bars.filter { $0.figure != nil }
    let (left, unit, height) = (330.0, 130.0, 26.0)
    let bottom = Double(shown.count) * height + 40
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="800" height="\(Int(bottom + 10))" font-family="sans-serif" \
      font-size="13">
      <rect width="100%" height="100%" fill="white"/>
      """
    ]
    for (index, bar) in shown.enumerated() {
      let y = Double(index) * height + 30
      let width = min(3, max(0, bar.score ?? 0)) * unit
      let colour = bar.isCleared == true ? "#2f7d4f" : "#b5452c"
      let sign = bar.isCeiling ? "≤" : "≥"
      parts.append(
        """
        <text x="\(Int(left) - 10)" y="\(Int(y) + 14)" text-anchor="end">\(bar.title)</text>
        <rect x="\(Int(left))" y="\(Int(y))" width="\(Int(width))" height="18" fill="\(colour)"/>
        <text x="\(Int(left + width) + 6)" y="\(Int(y) + 14)">\(short(bar.figure ?? 0)) (\(sign) \(short(bar.limit)))</text>
        """)
    }
    let line = Int(left + unit)
    parts.append(
      """
      <line x1="\(line)" y1="20" x2="\(line)" y2="\(Int(bottom))" stroke="black" stroke-dasharray="4 3"/>
      <text x="\(line)" y="15" text-anchor="middle">bar</text>
      </svg>

      """)
    return parts.joined(separator: "\n")
  }
}
