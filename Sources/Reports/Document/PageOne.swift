import JSON

/// What page one of every report says.
enum PageOne {
  /// Each by its key, and as people read it.
  private static let names = [
    ("question", "Question"), ("population", "Population"), ("complete", "How it is complete"), ("rows", "Rows"),
    ("zone", "Zone of the question"), ("asOf", "As of"), ("logOrigin", "Log"), ("logSize", "Size of the log"),
    ("logRoot", "Root of the log"), ("madeBy", "Made by"), ("program", "Program"),
  ]

  /// How a report is complete that is made of the first positions of the log.
  static func complete(through position: String) -> String {
    "positions 1 to \(position) of the log without a gap, held by the root below; `provledger verify` recomputes it"
  }

  /// With values, in the order of the names.
  static func facts(_ values: [String]) -> [ReportDocument.Fact] {
    zip(names, values).map { ReportDocument.Fact($0.0, $0.1, $1) }
  }

  /// As the JSON form of a report states it; what is not stated is empty.
  static func facts(stated: JSONValue?) -> [ReportDocument.Fact] {
    facts(names.map { stated?[$0.0]?.string ?? "" })
  }
}
