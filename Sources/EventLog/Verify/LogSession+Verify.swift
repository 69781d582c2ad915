import Base
import GRDB

/// A row of `event` as the file has it; what is not of the right kind is nil. Pointers live as long as the call.
struct StoredRow {
  var position: Int64?
  var id: EventID?
  var stream: Int64?
  var version: Int64?
  var type: Int64?
  var time: Int64?
  var leaf: Digest32?
  var entry: UnsafeRawBufferPointer?
}

/// What `verify` reads.
extension LogSession {
  /// The highest position, whatever it is.
  func highestPosition() throws -> Int64? { try statement(.size).first { $0.integer(0) } }

  /// The lowest position from one on; nil when there is none.
  func nextPosition(from position: Int64) throws -> Int64? {
    let statement = try statement(.verifyNext)
    try statement.bind(position, at: 1)
    return try statement.first { $0.integer(0) }
  }

  /// Rows in order of position.
  func rows(in positions: ClosedRange<Int64>, _ body: (StoredRow) throws -> Void) throws {
    let statement = try statement(.verifyEvents)
    try statement.bind(positions.lowerBound, at: 1)
    try statement.bind(positions.upperBound, at: 2)
    try statement.rows { row in
      try body(
        StoredRow(
          position: row.integer(0), id: row.blob(1).flatMap(EventID.init(bytes:)), stream: row.integer(2),
          version: row.integer(3), type: row.integer(4), time: row.integer(5),
          leaf: row.blob(6).flatMap(Digest32.init), entry: row.blob(7)))
      return true
    }
  }

  /// Entries alone, in order of position.
  func entries(
    in positions: ClosedRange<Int64>, _ body: (_ position: Int64, _ entry: UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let statement = try statement(.verifyEntries)
    try statement.bind(positions.lowerBound, at: 1)
    try statement.bind(positions.upperBound, at: 2)
    try statement.rows { row in
      guard let position = row.integer(0), let entry = row.blob(1) else {
        throw StoreDamage("an event has no position or no entry")
      }
      try body(position, entry)
      return true
    }
  }

  /// The tree over entries that begin behind a complete subtree as wide as they are. Throws GRDB's errors, also when one
  /// is missing.
  func tree(over positions: ClosedRange<Int64>) throws -> CompactRange {
    var tree = CompactRange()
    try entries(in: positions) { position, entry in
      guard position == positions.lowerBound + tree.size else {
        throw StoreDamage("position \(position) does not follow")
      }
      tree.append(Merkle.leaf(entry))
    }
    guard tree.size == positions.count else {
      throw StoreDamage("positions are missing")
    }
    return tree
  }

  // MARK: Indexes

  /// The index of ids in its own order, from behind a row of it.
  func ids(
    after last: (id: [UInt8], position: Int64), through size: Int64, limit: Int,
    _ body: (_ id: UnsafeRawBufferPointer?, _ position: Int64?) -> Void
  ) throws {
    let statement = try statement(.verifyIDs)
    try last.id.withUnsafeBytes { try statement.bind($0, at: 1) }
    try statement.bind(last.position, at: 2)
    try statement.bind(size, at: 3)
    try statement.bind(Int64(limit), at: 4)
    try statement.rows { row in
      body(row.blob(0), row.integer(1))
      return true
    }
  }

  /// The index of versions in its own order, from behind a row of it.
  func versions(
    after last: (stream: Int64, version: Int64, position: Int64), through size: Int64, limit: Int,
    _ body: (_ stream: Int64?, _ version: Int64?, _ position: Int64?) -> Void
  ) throws {
    let statement = try statement(.verifyVersions)
    try statement.bind(last.stream, at: 1)
    try statement.bind(last.version, at: 2)
    try statement.bind(last.position, at: 3)
    try statement.bind(size, at: 4)
    try statement.bind(Int64(limit), at: 5)
    try statement.rows { row in
      body(row.integer(0), row.integer(1), row.integer(2))
      return true
    }
  }

  /// The lowest type above one; nil when there is none.
  func nextType(above type: Int64) throws -> Int64? {
    let statement = try statement(.verifyNextType)
    try statement.bind(type, at: 1)
    return try statement.first { $0.integer(0) }
  }

  /// The positions that the index of types holds for a type, from behind one of them.
  func typePositions(
    _ type: Int64, after position: Int64, through size: Int64, limit: Int, _ body: (_ position: Int64?) -> Void
  ) throws {
    let statement = try statement(.verifyTypes)
    try statement.bind(type, at: 1)
    try statement.bind(position, at: 2)
    try statement.bind(size, at: 3)
    try statement.bind(Int64(limit), at: 4)
    try statement.rows { row in
      body(row.integer(0))
      return true
    }
  }

  // Single rows: the positions that an index holds for a key, at most two.

  func positions(of id: EventID) throws -> [Int64] {
    let statement = try statement(.verifyID)
    try id.withBytes { try statement.bind($0, at: 1) }
    return try positions(statement)
  }

  func positions(of stream: Int64, version: Int64) throws -> [Int64] {
    let statement = try statement(.verifyVersion)
    try statement.bind(stream, at: 1)
    try statement.bind(version, at: 2)
    return try positions(statement)
  }

  func holds(type: Int64, at position: Int64) throws -> Bool {
    let statement = try statement(.verifyType)
    try statement.bind(type, at: 1)
    try statement.bind(position, at: 2)
    return try !positions(statement).isEmpty
  }

  private func positions(_ statement: RawStatement) throws -> [Int64] {
    var positions: [Int64] = []
    try statement.rows { row in
      if let position = row.integer(0) { positions.append(position) }
      return true
    }
    return positions
  }

  // MARK: The tree

  /// The stored roots of tiles of level 8, by their index.
  func tiles(_ indices: Range<Int64>) throws -> [Int64: Digest32] {
    let statement = try statement(.verifyTiles)
    try statement.bind(indices.lowerBound, at: 1)
    try statement.bind(indices.upperBound, at: 2)
    var tiles: [Int64: Digest32] = [:]
    try statement.rows { row in
      if let index = row.integer(0), let root = row.blob(1).flatMap(Digest32.init) { tiles[index] = root }
      return true
    }
    return tiles
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

  /// The highest index of the nodes of a level; nil when there is none.
  func highestNode(level: Int) throws -> Int64? {
    let statement = try statement(.verifyHighestNode)
    try statement.bind(Int64(level), at: 1)
    return try statement.first { $0.integer(0) }
  }

  // MARK: The rest

  /// The notes of checkpoints of some sizes, at most `limit`, in order; nil for one that is no text.
  func notes(above size: Int64, through last: Int64, limit: Int = .max) throws -> [(size: Int64, note: String?)] {
    let statement = try statement(.verifyCheckpoints)
    try statement.bind(size, at: 1)
    try statement.bind(last, at: 2)
    try statement.bind(Int64(limit), at: 3)
    var notes: [(size: Int64, note: String?)] = []
    try statement.rows { row in
      if let size = row.integer(0) { notes.append((size, row.string(1))) }
      return true
    }
    return notes
  }

  /// The size of the newest checkpoint that the log keeps.
  func newestCheckpointSize() throws -> Int64? { try statement(.verifyNewestCheckpoint).first { $0.integer(0) } }

  func streamNames() throws -> Names { try names(.verifyStreamNames) }

  func typeNames() throws -> Names { try names(.verifyTypeNames) }

  private func names(_ sql: LogSQL) throws -> Names {
    var names = Names()
    try statement(sql).rows { row in
      if let number = row.integer(0), let name = row.text(1) { names.append(number, name) }
      return true
    }
    return names
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
