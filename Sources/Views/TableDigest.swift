import Base
import Crypto
import Foundation
import GRDB
import JSON

/// SHA-256 over the rows of a table in the order of their primary key: equal for equal content, whatever the pages look
/// like.
struct TableDigest {
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
  static func text(over texts: [String]) -> String {
    var digest = TableDigest()
    for text in texts { digest.add(text) }
    return digest.text
  }

  /// The digests of every table that the views have, in the order of `Projection.tables`.
  static func all(_ database: Database) throws -> [String] {
    try Projection.tables.map { try of("main.\($0)", database) }
  }

  static func of(_ table: String, _ database: Database) throws -> String {
    var digest = TableDigest()
    let statement = try database.makeStatement(sql: "SELECT * FROM \(table) ORDER BY 1")
    let columns = statement.columnNames
    let rows = try Row.fetchCursor(statement)
    while let row = try rows.next() {
      for (index, column) in columns.enumerated() {
        digest.add(column)
        digest.add(value: row[index])
      }
    }
    return digest.text
  }

  /// Kind and length go before the bytes, so that no two rows look alike.
  private mutating func add(value: DatabaseValue) {
    switch value.storage {
    case .null: add("n")
    case .int64(let number):
      writer.raw("i")
      writer.integer(number)
    case .double(let number): add("d\(number)")
    case .string(let string):
      writer.raw("s")
      writer.integer(string.utf8.count)
      writer.raw(":")
      add(string)
    case .blob(let data): add("b\(data.count):\(data.base64EncodedString())")
    }
  }
}
