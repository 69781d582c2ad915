import Base
import Crypto
import EventLog
package import GRDB
import JSON

/// SHA-256 over the rows of a table in the order of their primary key: equal for equal content, whatever the pages look
/// like.
package struct TableDigest {
  private var hash = SHA256()
  private var writer = JSONWriter(reserving: TableDigest.limit)

  /// Bytes that are hashed at once.
  private static let limit = 1 << 16

  mutating func add(_ text: String) {
    writer.raw(text)
    if writer.bytes.count >= Self.limit { hashWritten() }
  }

  private mutating func hashWritten() {
    hash.update(data: writer.bytes)
    writer = JSONWriter(reserving: Self.limit)
  }

  /// Sixty-four hexadecimal digits.
  var text: String {
    var rest = self
    rest.hashWritten()
    return Hex.text(rest.hash.finalize())
  }

  /// The digest over texts, one behind the other.
  package static func text(over texts: [String]) -> String {
    var digest = TableDigest()
    for text in texts { digest.add(text) }
    return digest.text
  }

  /// The digests of every table that the views have, in the order of `Projection.tables`.
  static func all(_ database: Database) throws -> [String] {
    try Projection.tables.map { try of("main.\($0)", database) }
  }

  static func of(_ table: String, _ database: Database) throws -> String {
    try of(select: "SELECT * FROM \(table) ORDER BY 1", database)
  }

  /// The digest over the rows of a query.
  package static func of(select sql: String, _ database: Database) throws -> String {
    var digest = TableDigest()
    let statement = try RawStatement(database, sql)
    let columns = statement.columns
    try statement.rows { row in
      for (index, column) in columns.enumerated() {
        digest.add(column)
        digest.add(row, Int32(index))
      }
      return true
    }
    return digest.text
  }

  /// Kind and length go before the bytes, so that no two rows look alike.
  private mutating func add(_ row: RawRow, _ column: Int32) {
    switch row.value(column) {
    case .null: writer.raw("n")
    case .integer(let number):
      writer.raw("i")
      writer.integer(number)
    case .real(let number): add("d\(number)")
    case .text(let text):
      writer.raw("s")
      writer.integer(text.count)
      writer.raw(":")
      writer.raw(text)
    case .blob(let bytes):
      add("b\(bytes.count):")
      writer.base64(bytes)
    }
  }
}
