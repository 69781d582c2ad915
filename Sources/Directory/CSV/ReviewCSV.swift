public import Base
import Provisioning

/// What a reviewer wrote about one person in a file.
public struct ReviewLine: Equatable, Sendable {
  /// The person: an alias, or a name as reports show it.
  public let user: String
  /// `keep` or `remove`.
  public let decision: String
  /// Why.
  public let rationale: String
  /// Where it stands.
  public let place: Fault.Place
}

/// A file of decisions for an access review: CSV with the columns `user` (or `userPrincipalName`, or `alias`), `decision` and
/// `rationale`; others are passed over, so that the report `review-decisions` can be filled in. Where both name and alias are
/// there, the alias counts.
public enum ReviewCSV {
  /// Reads a file; rows without a decision are left out. Throws `Fault` with a PL-01xx code for a file that is no such CSV.
  public static func read(_ path: String) throws -> [ReviewLine] {
    let limits = Limits()
    let page = try FilePage(path: path)
    let head = try TextHead(MeteredPage(page, Meter(total: page.size ?? 0, limit: limits.total) { _ in }))
    var rows = CSVReader(head, limits: limits)
    // An empty file was refused before.
    _ = try rows.next()
    let columns = try Columns(rows)
    var lines: [ReviewLine] = []
    while try rows.next() {
      if rows.isBlank { continue }
      guard rows.count == columns.count else {
        let counts = "the row has \(rows.count.of("field")) and the header \(columns.count)"
        throw rows.fault(.csvRow, "\(counts); a comma in a field needs quotes around it")
      }
      let line = columns.line(of: rows)
      guard !line.decision.isEmpty else { continue }
      guard lines.count < limits.objects else { throw tooMany(limits, at: rows.place) }
      lines.append(line)
    }
    return lines
  }

  /// Which column holds what.
  private struct Columns {
    let count: Int
    private let users: [Int]
    private let decision: Int
    private let rationale: Int

    init(_ header: CSVReader) throws {
      let names = (0..<header.count).map { header[$0].asciiLowercased.trimmed }
      let known = ["alias", "user", "userprincipalname", "decision", "rationale"]
      if let name = known.first(where: { name in names.count { $0 == name } > 1 }) {
        throw header.fault(.csvColumns, "the header names \(name) twice; leave one of them")
      }
      users = ["alias", "user", "userprincipalname"].compactMap { names.firstIndex(of: $0) }
      let decision = names.firstIndex(of: "decision")
      let rationale = names.firstIndex(of: "rationale")
      let missing = [
        users.isEmpty ? "user" : nil, decision == nil ? "decision" : nil, rationale == nil ? "rationale" : nil,
      ].compactMap { $0 }
      guard let decision, let rationale, missing.isEmpty else {
        throw header.fault(
          .csvColumns, "the header lacks \(missing.joined(separator: ", ")); it names user, decision and rationale")
      }
      (count, self.decision, self.rationale) = (header.count, decision, rationale)
    }

    func line(of row: CSVReader) -> ReviewLine {
      let user = users.lazy.map { row[$0].trimmed }.first { !$0.isEmpty } ?? ""
      return ReviewLine(
        user: user, decision: row[decision].asciiLowercased.trimmed, rationale: row[rationale].trimmed, place: row.place
      )
    }
  }
}
