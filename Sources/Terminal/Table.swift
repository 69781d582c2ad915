/// Rows of cells, fitted to the width of a terminal.
public struct Table: Sendable {
  /// How a table is shown.
  public struct Look: Sendable {
    /// The columns that there are; nil for as many as it takes.
    public var width: Int?
    /// Whether colours are used.
    public var isColoured: Bool

    /// A look. Without width nothing is shortened.
    public init(width: Int? = nil, isColoured: Bool = false) {
      self.width = width
      self.isColoured = isColoured
    }
  }

  /// Between two columns.
  private static let gap = 2
  /// A column is not made narrower than this; where that is too wide, each row becomes a block of lines.
  private static let narrowest = 8

  private let header: [String]?
  private let rows: [[String]]
  private let widths: [Int]

  /// A table; without header its rows have no titles.
  public init(_ header: [String]?, _ rows: [[String]]) {
    self.header = header
    self.rows = rows
    let all = (header.map { [$0] } ?? []) + rows
    var widths = Array(repeating: 0, count: all.map(\.count).max() ?? 0)
    for row in all { for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.columns) } }
    self.widths = widths
  }

  /// The lines of it: columns, or a block of lines for each row where columns would be too narrow to be read.
  public func lines(_ look: Look = Look()) -> [String] {
    guard let width = look.width else { return columns(widths, look) }
    guard let fitted = Self.fitted(widths, to: width) else { return blocks(width, look) }
    return columns(fitted, look)
  }

  /// The widths, the widest made narrower until all fit; nil when they cannot.
  static func fitted(_ widths: [Int], to width: Int) -> [Int]? {
    let room = width - gap * max(0, widths.count - 1)
    let least = widths.map { min($0, narrowest) }
    guard least.reduce(0, +) <= room else { return nil }
    // The largest cap under which they fit; caps between two widths are found by halves.
    var (low, high) = (narrowest, max(narrowest, widths.max() ?? 0))
    while low < high {
      let cap = (low + high + 1) / 2
      if widths.reduce(0, { $0 + min($1, cap) }) <= room { low = cap } else { high = cap - 1 }
    }
    var fitted = widths.map { min($0, low) }
    var rest = room - fitted.reduce(0, +)
    for column in fitted.indices.reversed() where fitted[column] < widths[column] && rest > 0 {
      let more = min(rest, widths[column] - fitted[column])
      fitted[column] += more
      rest -= more
    }
    return fitted
  }

  private func columns(_ widths: [Int], _ look: Look) -> [String] {
    let titles = header.map { [line($0, widths) { cell, _ in look.isColoured ? Tone.heading.painted(cell) : cell }] }
    return (titles ?? []) + rows.map { line($0, widths, look.isColoured ? Self.painted : { cell, _ in cell }) }
  }

  /// `paint` is given what is shown of a cell, and the whole cell.
  private func line(_ row: [String], _ widths: [Int], _ paint: (String, String) -> String) -> String {
    var line = ""
    for (column, cell) in row.enumerated() {
      let shown = cell.shortened(to: widths[column])
      line += paint(shown, cell)
      if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - shown.columns + Self.gap) }
    }
    return line
  }

  private static func painted(_ shown: String, _ cell: String) -> String {
    Tone(word: cell)?.painted(shown) ?? shown
  }

  /// Each row as lines of title and cell, with an empty line between two rows.
  private func blocks(_ width: Int, _ look: Look) -> [String] {
    let indent = min((header?.map(\.columns).max() ?? 0) + Self.gap, width / 2)
    return Array(rows.flatMap { [""] + block($0, indent, width, look) }.dropFirst())
  }

  private func block(_ row: [String], _ indent: Int, _ width: Int, _ look: Look) -> [String] {
    let titles = header ?? []
    return row.enumerated().flatMap { column, cell -> [String] in
      let title = (column < titles.count ? titles[column] : "").shortened(to: max(0, indent - Self.gap))
      return Self.pair(title, cell, indent: indent, width, look)
    }
  }

  /// A title and what it says, wrapped behind it.
  static func pair(_ title: String, _ text: String, indent: Int, _ width: Int, _ look: Look) -> [String] {
    let wrapped = text.wrapped(to: max(1, width - indent))
    return wrapped.enumerated().map { index, part in
      let lead = index == 0 ? title : ""
      let space = String(repeating: " ", count: max(0, indent - lead.columns))
      guard look.isColoured else { return lead + space + part }
      return painted(lead, lead) + space + painted(part, text)
    }
  }

  /// Names and what they say, as lines: what is too long goes on in the next line, behind its name.
  public static func pairs(_ rows: [[String]], _ look: Look = Look()) -> [String] {
    guard let width = look.width else { return Table(nil, rows).lines(look) }
    let longest = rows.map { $0.first?.columns ?? 0 }.max() ?? 0
    let indent = min(longest, width / 2) + gap
    return rows.flatMap { row in
      let title = (row.first ?? "").shortened(to: indent - gap)
      return pair(title, row.dropFirst().joined(separator: "  "), indent: indent, width, look)
    }
  }
}
