import Crypto
import Foundation
import GRDB

/// SHA-256 over the rows of a table in the order of their primary key: equal for equal content, whatever the pages look
/// like.
struct TableDigest {
  private var hash = SHA256()

  mutating func add(_ text: String) { hash.update(data: Array(text.utf8)) }

  /// Sixty-four hexadecimal digits.
  var text: String {
    hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  static func of(_ table: String, _ database: Database) throws -> String {
    var digest = TableDigest()
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table) ORDER BY 1")
    while let row = try rows.next() {
      for (column, value) in row {
        digest.add(column)
        digest.add(value: value)
      }
    }
    return digest.text
  }

  /// Kind and length go before the bytes, so that no two rows look alike.
  private mutating func add(value: DatabaseValue) {
    let text: String
    switch value.storage {
    case .null: text = "n"
    case .int64(let number): text = "i\(number)"
    case .double(let number): text = "d\(number)"
    case .string(let string): text = "s\(string.utf8.count):\(string)"
    case .blob(let data): text = "b\(data.count):\(data.base64EncodedString())"
    }
    add(text)
  }
}
