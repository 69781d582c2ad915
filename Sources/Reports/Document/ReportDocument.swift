public import JSON

/// A report as a value: what its first page says, what it counts, and its rows. Every form of it is made from this.
public struct ReportDocument: Equatable, Sendable {
  /// Something that is said once, by name.
  public struct Fact: Equatable, Sendable {
    /// As JSON names it, such as `logRoot`.
    public let key: String
    /// As people read it.
    public let name: String
    /// What it is.
    public let value: String

    init(_ key: String, _ name: String, _ value: String) {
      self.key = key
      self.name = name
      self.value = value
    }
  }

  /// A column of the rows.
  public struct Column: Equatable, Sendable {
    /// As JSON and CSV name it, such as `decidedAt`.
    public let key: String
    /// As people read it.
    public let name: String
    /// Whether it is in the text form too, which has to fit a terminal.
    public let isInText: Bool
    /// Whether it is on the page too, where people read it.
    public let isInPage: Bool

    init(_ key: String, _ name: String, isInText: Bool = true, isInPage: Bool = true) {
      self.key = key
      self.name = name
      self.isInText = isInText
      self.isInPage = isInPage
    }
  }

  /// A bar of the chart: what is counted, and how often.
  public struct Bar: Equatable, Sendable {
    /// What is counted.
    public let name: String
    /// How often.
    public let count: Int
  }

  /// The report's name, as on the command line.
  public let name: String
  /// The title.
  public let title: String
  /// Page one: the question, the period, the population and how it is known to be complete, the log.
  public let about: [Fact]
  /// The numbers.
  public let counts: [Fact]
  /// The positions in the log behind each number, by the key of the number.
  public let positions: [String: [Int64]]
  /// What the chart shows; empty for none.
  public let chart: (title: String, bars: [Bar])
  /// The columns.
  public let columns: [Column]
  /// The rows; an empty text is no value.
  public let rows: [[String]]

  init(
    name: String, title: String, about: [Fact], numbers: ReportNumbers, chart: (title: String, bars: [Bar]) = ("", []),
    columns: [Column], rows: [[String]]
  ) {
    (self.name, self.title, self.about) = (name, title, about)
    (counts, positions) = (numbers.facts, numbers.positions)
    (self.chart, self.columns, self.rows) = (chart, columns, rows)
  }

  /// Equal when every form is.
  public static func == (left: ReportDocument, right: ReportDocument) -> Bool {
    left.json == right.json && left.chart.bars == right.chart.bars
  }

  /// The columns of the text form, as people read them, and their cells.
  public var text: (header: [String], rows: [[String]]) {
    let shown = columns.indices.filter { columns[$0].isInText }
    return (shown.map { columns[$0].name }, rows.map { row in shown.map { row[$0] } })
  }

  /// As CSV: the columns' keys, then the rows.
  public var csv: String { Self.csv(columns, rows) }

  /// Rows under the keys of their columns.
  static func csv(_ columns: [Column], _ rows: [[String]]) -> String {
    CSVWriter.line(columns.map(\.key)) + rows.map(CSVWriter.line).joined()
  }

  /// As one JSON object.
  public var json: JSONValue {
    [
      "report": .string(name), "about": Self.object(about), "counts": Self.object(counts),
      "rows": .array(rows.map(object)),
    ]
  }

  /// As `json`, with the positions in the log behind each number.
  public var explained: JSONValue {
    guard var object = json.object else { return json }
    var explained = JSONObject()
    for count in counts {
      explained[count.key] = .array((positions[count.key] ?? []).map { .string(String($0)) })
    }
    object["positions"] = .object(explained)
    return .object(object)
  }

  /// Facts as an object.
  static func object(_ facts: [Fact]) -> JSONValue {
    .object(JSONObject(present: facts.map { ($0.key, .string($0.value)) }))
  }

  private func object(_ row: [String]) -> JSONValue {
    .object(
      JSONObject(
        present: zip(columns, row).map { ($0.key, $1.isEmpty ? JSONValue.null : .string($1)) }))
  }
}
