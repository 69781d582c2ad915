import GRDB
import GRDBSQLite

/// A cached statement of GRDB's, bound and stepped through SQLite's own interface: a third faster than through values.
///
/// It bypasses GRDB's error handling, so every result code is looked at here.
struct RawStatement {
  // Keeps the pointer valid.
  private let statement: Statement
  private let pointer: SQLiteStatement

  init(_ database: Database, _ sql: String) throws {
    statement = try database.cachedStatement(sql: sql)
    pointer = statement.sqliteStatement
    sqlite3_reset(pointer)
  }

  // SQLITE_TRANSIENT, a macro that C's importer does not see: SQLite copies what is bound.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

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
  func rows(_ body: (RawRow) throws -> Bool) throws {
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

/// The row that a statement stands on. A column of another type than the one asked for is nil: a file that somebody
/// edited may hold anything. Pointers are valid until the next step.
struct RawRow {
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

  func string(_ column: Int32) -> String? { text(column).map { String(decoding: $0, as: UTF8.self) } }

  private func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
    guard let start = sqlite3_column_blob(pointer, column) else { return nil }
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(pointer, column)))
  }
}
