import Foundation
import JSON

/// One bar that has to be cleared, and what was measured.
struct Bar {
  var title: String
  var limit: Double
  /// True when the figure must not be above the limit; otherwise it must not be below.
  var isCeiling = false
  var figure: Double?

  var isCleared: Bool? { figure.map { isCeiling ? $0 <= limit : $0 >= limit } }

  /// How the figure stands to the limit, above 1 when it is cleared.
  var score: Double? { figure.map { isCeiling ? limit / max($0, .leastNonzeroMagnitude) : $0 / limit } }
}

extension [Bar] {
  /// As lines of a table; what was not measured is left out.
  func table(_ title: String) -> String {
    var lines = [row(title, ["measured", "bar"])]
    for bar in self {
      guard let figure = bar.figure else { continue }
      let sign = bar.isCeiling ? "at most" : "at least"
      lines.append(
        row(bar.title, [short(figure), "\(sign) \(short(bar.limit))"]) + (bar.isCleared == true ? "" : "  MISSED"))
    }
    return lines.joined(separator: "\n")
  }

  /// As JSON.
  var json: JSONValue {
    .array(
      map { bar in
        [
          "title": .string(bar.title), "limit": number(bar.limit), "ceiling": .bool(bar.isCeiling),
          "figure": bar.figure.map(number) ?? .null, "cleared": bar.isCleared.map(JSONValue.bool) ?? .null,
        ]
      })
  }

  /// As a picture, one line a bar: how far the figure reaches, with the limit at the dashed line. Each is cut at three
  /// times it.
  var svg: String {
    let shown = filter { $0.figure != nil }
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
      let width = Swift.min(3, Swift.max(0, bar.score ?? 0)) * unit
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

/// A line of a table: a title and its cells.
func row(_ title: String, _ cells: [String]) -> String {
  padded(title, 44, left: true) + cells.map { padded($0, 18, left: false) }.joined()
}

private func padded(_ text: String, _ width: Int, left: Bool) -> String {
  let space = String(repeating: " ", count: max(1, width - text.count))
  return left ? text + space : space + text
}

/// Three digits that count.
func short(_ figure: Double) -> String {
  if figure >= 100 { return String(Int(figure.rounded())) }
  return String(format: figure >= 10 ? "%.1f" : figure >= 0.1 || figure == 0 ? "%.2f" : "%.4f", figure)
}

/// A figure as JSON.
func number(_ figure: Double) -> JSONValue { .decimal(String(format: "%.6g", figure)) }

extension [Double] {
  /// The middle of some figures; nil when there are none.
  var median: Double? {
    guard !isEmpty else { return nil }
    let (sorted, middle) = (sorted(), count / 2)
    return count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
