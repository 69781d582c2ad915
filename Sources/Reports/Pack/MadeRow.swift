import JSON

/// A row as it was made anew, and which of its cells are read off what is opened of which event.
struct MadeRow {
  let cells: [String]
  /// The positions of those events, by the key of the cell's column.
  let read: [String: Int64]
}

extension PackReader {
  /// The cells of rows. One that is read off an event that stays closed is taken as the report has it; `notOpened` says so.
  func made(_ rows: [MadeRow], _ columns: [ReportDocument.Column]) throws -> [[String]] {
    let (stands, closed) = (stated?["rows"]?.array ?? [], Set(notOpened))
    guard stands.count == rows.count else { throw fails("\(Name.json) has other rows than the events give") }
    return zip(rows, stands).map { row, stated in
      zip(columns, row.cells).map { column, cell in
        row.read[column.key].map { closed.contains($0) } == true ? stated[column.key]?.string ?? "" : cell
      }
    }
  }
}
