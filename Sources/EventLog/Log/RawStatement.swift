package import Base
package import GRDB
import GRDBSQLite

/// A cached statement of GRDB's, bound and stepped through SQLite's own interface: a third faster than through values.
///
/// It bypasses GRDB's error handling, so every result code is looked at here.
package struct RawStatement {
  /// The names of the columns that its rows have.
  package var columns: [String] { statement.columnNames }

  // Keeps the pointer valid.
  private let statement: Statement
  private let pointer: SQLiteStatement

  package init(_ database: Database, _ sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    pointer = statement.sqliteStatement
    sqlite3_reset(pointer)
  }

  // SQLITE_TRANSIENT, a macro that C's importer does not see: SQLite copies what is bound.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// Binds values in order, the first one to the first parameter, and runs a statement that gives no rows.
  package func run(_ values: [(any RawBindable)?]) throws {
    for (index, value) in values.enumerated() {
      if let value {
        try value.bind(to: self, at: Int32(index + 1))
      } else {
        try check(sqlite3_bind_null(pointer, Int32(index + 1)))
      }
    }
    try run()
  }

  func bind(_ value: Int64, at index: Int32) throws { try check(sqlite3_bind_int64(pointer, index, value)) }

  func bind(_ text: String, at index: Int32) throws {
    var text = text
    try text.withUTF8 { utf8 in
      try utf8.withMemoryRebound(to: CChar.self) {
        try check(sqlite3_bind_text(pointer, index, $0.baseAddress, Int32($0.count), Self.copied))
      }
    }
  }

  /// Binds bytes without a copy; they must stay where they are until the statement has run.
  func bindNoCopy(_ bytes: UnsafeRawBufferPointer, at index: Int32) throws {
    try check(sqlite3_bind_blob(pointer, index, bytes.baseAddress, Int32(bytes.count), nil))
  }

  func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32) throws {
    try check(sqlite3_bind_blob(pointer, index, bytes.baseAddress, Int32(bytes.count), Self.copied))
  }

  /// Runs a statement that gives no rows.
  func run() throws {
    defer { sqlite3_reset(pointer) }
    guard sqlite3_step(pointer) == SQLITE_DONE else { throw error() }
  }

  /// Calls `body` for each row until it answers false.
  package func rows(_ body: (RawRow) throws -> Bool) throws {
    defer { sqlite3_reset(pointer) }
    while true {
      switch sqlite3_step(pointer) {
      case SQLITE_ROW: if try !body(RawRow(pointer)) { return }
      case SQLITE_DONE: return
      default: throw error()
      }
    }
  }

  /// What `body` makes of the first row; nil when there is none.
  func first<Result>(_ body: (RawRow) throws -> Result?) throws -> Result? {
    var result: Result?
    try rows { row in
      result = try body(row)
      return false
    }
    return result
  }

  private func check(_ code: Int32) throws {
    if code != SQLITE_OK { throw error() }
  }

  private func error() -> DatabaseError {
    let database = sqlite3_db_handle(pointer)
    return DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database)),
      message: String(cString: sqlite3_errmsg(database)))
  }
}

/// A value that a statement can be given.
package protocol RawBindable {
  /// Binds the value to a parameter. Throws SQLite's error.
  func bind(to statement: RawStatement, at index: Int32) throws
}

extension Int64: RawBindable {
  package func bind(to statement: RawStatement, at index: Int32) throws { try statement.bind(self, at: index) }
}

extension Int: RawBindable {
  package func bind(to statement: RawStatement, at index: Int32) throws { try statement.bind(Int64(self), at: index) }
}

extension Bool: RawBindable {
  package func bind(to statement: RawStatement, at index: Int32) throws { try statement.bind(self ? 1 : 0, at: index) }
}

extension String: RawBindable {
  package func bind(to statement: RawStatement, at index: Int32) throws { try statement.bind(self, at: index) }
}

extension EventID: RawBindable {
  package func bind(to statement: RawStatement, at index: Int32) throws {
    try withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { try statement.bind($0, at: index) }
  }
}

/// The row that a statement stands on. A column of another type than the one asked for is nil: a file that somebody
/// edited may hold anything. Pointers are valid until the next step.
package struct RawRow {
  private let pointer: SQLiteStatement

  init(_ pointer: SQLiteStatement) { self.pointer = pointer }

  func integer(_ column: Int32) -> Int64? {
    sqlite3_column_type(pointer, column) == SQLITE_INTEGER ? sqlite3_column_int64(pointer, column) : nil
  }

  func blob(_ column: Int32) -> UnsafeRawBufferPointer? {
    sqlite3_column_type(pointer, column) == SQLITE_BLOB ? bytes(column) : nil
  }

  func text(_ column: Int32) -> UnsafeRawBufferPointer? {
    sqlite3_column_type(pointer, column) == SQLITE_TEXT ? bytes(column) : nil
  }

  /// A value of whatever type it is.
  package enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(UnsafeRawBufferPointer)
    case blob(UnsafeRawBufferPointer)
  }

  package func value(_ column: Int32) -> Value {
    // SQLite has no address for an empty text.
    let none = UnsafeRawBufferPointer(start: nil, count: 0)
    return switch sqlite3_column_type(pointer, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(pointer, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(pointer, column))
    case SQLITE_TEXT: .text(bytes(column) ?? none)
    case SQLITE_BLOB: .blob(bytes(column) ?? none)
    default: .null
    }
  }

  func string(_ column: Int32) -> String? { text(column).map { String(decoding: $0, as: UTF8.self) } }

  private func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
    guard let start = sqlite3_column_blob(pointer, column) else { return nil }
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column)))
  }
}
