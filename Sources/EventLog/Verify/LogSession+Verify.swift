import GRDB
import Provisioning

/// A row of `event` as the file has it; what is not of the right kind is nil. Pointers live as long as the call.
struct StoredRow {
  var position: Int64
  var id: EventID?
  var stream: Int64?
  var streamName: UnsafeRawBufferPointer?
  var version: Int64?
  var type: Int64?
  var typeName: UnsafeRawBufferPointer?
  var time: Int64?
  var leaf: Digest32?
  var entry: UnsafeRawBufferPointer?
}

/// What `verify` reads.
extension LogSession {
  /// The highest position, whatever it is.
  func highestPosition() throws -> Int64? { try statement(.size).first { $0.integer(0) } }

  /// Rows in order of position.
  func rows(in positions: ClosedRange<Int64>, limit: Int, _ body: (StoredRow) throws -> Void) throws {
    let statement = try statement(.verifyEvents)
    try statement.bind(positions.lowerBound, at: 1)
    try statement.bind(positions.upperBound, at: 2)
    try statement.bind(Int64(limit), at: 3)
    try statement.rows { row in
      guard let position = row.integer(0) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an event has no position")
      }
      try body(
        StoredRow(
          position: position, id: row.blob(1).flatMap(EventID.init(bytes:)), stream: row.integer(2),
          streamName: row.text(3), version: row.integer(4), type: row.integer(5), typeName: row.text(6),
          time: row.integer(7), leaf: row.blob(8).flatMap(Digest32.init), entry: row.blob(9)))
      return true
    }
  }

  /// The index of ids, in its own order.
  func walkIDs(through size: Int64, _ body: (EventID?, _ position: Int64) -> Void) throws {
    try walk(.verifyIDs, size) { row in
      if let position = row.integer(1) { body(row.blob(0).flatMap(EventID.init(bytes:)), position) }
    }
  }

  /// The index of versions, in its own order.
  func walkVersions(through size: Int64, _ body: (_ stream: Int64, _ version: Int64, _ position: Int64) -> Void) throws
  {
    try walk(.verifyVersions, size) { row in
      if let stream = row.integer(0), let version = row.integer(1), let position = row.integer(2) {
        body(stream, version, position)
      }
    }
  }

  /// The index of types, in its own order.
  func walkTypes(through size: Int64, _ body: (_ type: Int64, _ position: Int64) -> Void) throws {
    try walk(.verifyTypes, size) { row in
      if let type = row.integer(0), let position = row.integer(1) { body(type, position) }
    }
  }

  private func walk(_ sql: LogSQL, _ size: Int64, _ body: (RawRow) -> Void) throws {
    let statement = try statement(sql)
    try statement.bind(size, at: 1)
    try statement.rows { row in
      body(row)
      return true
    }
  }

  /// The stored root of a tile; nil when it is not there.
  func node(level: Int, index: Int64) throws -> Digest32? {
    let statement = try statement(.verifyNode)
    try statement.bind(Int64(level), at: 1)
    try statement.bind(index, at: 2)
    return try statement.first { $0.blob(0).flatMap(Digest32.init) }
  }

  /// How many nodes each level has, and their lowest and highest index.
  func levels() throws -> [(level: Int64, count: Int64, lowest: Int64, highest: Int64)] {
    var levels: [(level: Int64, count: Int64, lowest: Int64, highest: Int64)] = []
    try statement(.verifyNodes).rows { row in
      levels.append((row.integer(0) ?? -1, row.integer(1) ?? 0, row.integer(2) ?? -1, row.integer(3) ?? -1))
      return true
    }
    return levels
  }

  func streamName(_ id: Int64) throws -> String? {
    let statement = try statement(.streamName)
    try statement.bind(id, at: 1)
    return try statement.first { $0.string(0) }
  }

  /// The text of each table, index and trigger, by its name.
  func schema() throws -> [String: String] {
    var schema: [String: String] = [:]
    try statement(.schema).rows { row in
      if let name = row.string(0), let text = row.string(1) { schema[name] = text }
      return true
    }
    return schema
  }
}
