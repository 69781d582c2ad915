import Base
import GRDB

/// The statements of the log, over one connection for one transaction.
final class LogSession {
  let database: Database
  private var prepared: [RawStatement?]

  init(_ database: Database) {
    self.database = database
    prepared = Array(repeating: nil, count: LogSQL.allCases.count)
  }

  func statement(_ sql: LogSQL) throws -> RawStatement {
    if let statement = prepared[sql.rawValue] { return statement }
    let statement = try RawStatement(database, sql.text)
    prepared[sql.rawValue] = statement
    return statement
  }

  private func damaged(_ what: String) -> StoreDamage { StoreDamage(what) }

  // MARK: Writing

  /// A row of `event` that is to be inserted.
  struct NewRow {
    var position: Int64
    var id: EventID
    var stream: Int64
    var version: Int
    var type: Int64
    var time: Timestamp
    var leaf: Digest32
    var entry: [UInt8]
  }

  func insert(_ row: NewRow) throws {
    let statement = try statement(.insertEvent)
    try statement.bind(row.position, at: 1)
    try row.id.withBytes { try statement.bind($0, at: 2) }
    try statement.bind(row.stream, at: 3)
    try statement.bind(Int64(row.version), at: 4)
    try statement.bind(row.type, at: 5)
    try statement.bind(row.time.milliseconds, at: 6)
    try row.leaf.withBytes { try statement.bind($0, at: 7) }
    try row.entry.withUnsafeBytes { entry in
      try statement.bindNoCopy(entry, at: 8)
      try statement.run()
    }
  }

  func insert(_ tile: CompactRange.Tile) throws {
    let statement = try statement(.insertNode)
    try statement.bind(Int64(tile.level), at: 1)
    try statement.bind(tile.index, at: 2)
    try tile.root.withBytes { try statement.bind($0, at: 3) }
    try statement.run()
  }

  /// Gives a new stream its number.
  func insertStream(_ name: String) throws -> Int64 { try insertName(name, .lastStream, .insertStream) }

  /// Gives a new event type its number.
  func insertType(_ name: String) throws -> Int64 { try insertName(name, .lastType, .insertType) }

  private func insertName(_ name: String, _ last: LogSQL, _ insert: LogSQL) throws -> Int64 {
    let newest = try statement(last).first { $0.integer(0) } ?? 0
    guard newest < Int64.max else { throw damaged("no number is left for a name") }
    let statement = try statement(insert)
    try statement.bind(newest + 1, at: 1)
    try statement.bind(name, at: 2)
    try statement.run()
    return newest + 1
  }

  // MARK: Looking up

  /// The highest position; 0 when there is none.
  func size() throws -> Int64 {
    let size = try statement(.size).first { $0.integer(0) } ?? 0
    guard size < Int64.max else { throw damaged("no position is left") }
    return size
  }

  /// The recorded time of an entry.
  func time(at position: Int64) throws -> Timestamp? {
    let statement = try statement(.time)
    try statement.bind(position, at: 1)
    return try statement.first { $0.integer(0) }.map { Timestamp(milliseconds: $0) }
  }

  func streamID(_ name: String) throws -> Int64? { try number(of: name, .streamID) }

  func typeID(_ name: String) throws -> Int64? { try number(of: name, .typeID) }

  private func number(of name: String, _ sql: LogSQL) throws -> Int64? {
    let statement = try statement(sql)
    try statement.bind(name, at: 1)
    return try statement.first { $0.integer(0) }
  }

  /// The newest version of a stream; 0 when it has no event.
  func version(ofStream id: Int64) throws -> Int {
    let statement = try statement(.version)
    try statement.bind(id, at: 1)
    return Int(try statement.first { $0.integer(0) } ?? 0)
  }

  /// The highest of all ids; nil when there is no event.
  func highestID() throws -> EventID? { try statement(.highestID).first { $0.blob(0).flatMap(EventID.init(bytes:)) } }

  func find(_ id: EventID) throws -> (position: Int64, stream: Int64, type: Int64)? {
    let statement = try statement(.find)
    try id.withBytes { try statement.bind($0, at: 1) }
    return try statement.first { row in
      guard let position = row.integer(0), let stream = row.integer(1), let type = row.integer(2) else {
        throw damaged("an event has no position, stream or type")
      }
      return (position, stream, type)
    }
  }

  /// Hashes of the tree: of leaves (level 0), or of complete tiles.
  func hashes(level: Int, indices: Range<Int64>) throws -> [Digest32] {
    if indices.isEmpty { return [] }
    let statement = try statement(level == 0 ? .leaves : .nodes)
    // A leaf's index is its position − 1.
    try statement.bind(level == 0 ? indices.lowerBound + 1 : indices.lowerBound, at: 1)
    try statement.bind(level == 0 ? indices.upperBound + 1 : indices.upperBound, at: 2)
    if level > 0 { try statement.bind(Int64(level), at: 3) }
    var hashes: [Digest32] = []
    try statement.rows { row in
      guard let hash = row.blob(0).flatMap(Digest32.init) else { throw damaged("a hash is not 32 bytes") }
      hashes.append(hash)
      return true
    }
    guard hashes.count == indices.count else { throw damaged("hashes of level \(level) are missing") }
    return hashes
  }

  /// The compact range over all events.
  func tree() throws -> CompactRange { try tree(size: try size()) }

  /// The compact range over the first events; at most 255 hashes of each level are read.
  func tree(size: Int64) throws -> CompactRange {
    var tree = CompactRange()
    for level in stride(from: 56, through: 0, by: -8) {
      let end = size >> level
      let roots = try hashes(level: level, indices: (end & ~0xFF)..<end)
      for root in roots { tree.append(root, level: level) }
    }
    return tree
  }

  // MARK: Reading

  /// Hands over entries in order of position, at most `limit`; returns the last position.
  func entries(from position: Int64, limit: Int, _ body: (ScannedEntry) throws -> Void) throws -> Int64? {
    let statement = try statement(.entries)
    try statement.bind(position, at: 1)
    try statement.bind(Int64(limit), at: 2)
    var last: Int64?
    try statement.rows { row in
      guard let position = row.integer(0), let entry = row.blob(1) else { throw damaged("an event has no entry") }
      try body(ScannedEntry(position: position, bytes: entry.bindMemory(to: UInt8.self)))
      last = position
      return true
    }
    return last
  }

  /// Entries in order of position, copied, at most `limit`, and fewer when they hold more than `EntryPage.mostBytes`.
  func page(from position: Int64, limit: Int) throws -> EntryPage {
    let statement = try statement(.entries)
    try statement.bind(position, at: 1)
    try statement.bind(Int64(limit), at: 2)
    var page = EntryPage(reserving: limit)
    try statement.rows { row in
      guard let position = row.integer(0), let entry = row.blob(1) else { throw damaged("an event has no entry") }
      return page.append(entry, at: position)
    }
    return page
  }

  /// Events in order of position, at most `limit`, and fewer when they hold more than `mostBytes`.
  func events(from position: Int64, limit: Int) throws -> [RecordedEvent] {
    let statement = try statement(.events)
    try statement.bind(position, at: 1)
    try statement.bind(Int64(limit), at: 2)
    return try events(statement)
  }

  /// The name of the log that the first entry was recorded in, where it is another than `own`; nil where it cannot be read.
  func origin(otherThan own: String) -> String? {
    guard !own.isEmpty, let first = (try? events(from: 1, limit: 1))?.first, let source = try? first.envelope().source,
      !source.hasSameBytes(as: sourceURN(own)), source.hasPrefix(sourceURN(""))
    else { return nil }
    return String(source.dropFirst(sourceURN("").count))
  }

  /// Events of one stream in order of version.
  func events(stream: Int64, fromVersion version: Int, limit: Int) throws -> [RecordedEvent] {
    let statement = try statement(.streamEvents)
    try statement.bind(stream, at: 1)
    try statement.bind(Int64(version), at: 2)
    try statement.bind(Int64(limit), at: 3)
    return try events(statement)
  }

  /// Positions of events of one type, in order.
  func positions(type: Int64, from position: Int64, limit: Int) throws -> [Int64] {
    let statement = try statement(.typePositions)
    try statement.bind(type, at: 1)
    try statement.bind(position, at: 2)
    try statement.bind(Int64(limit), at: 3)
    var positions: [Int64] = []
    try statement.rows { row in
      if let position = row.integer(0) { positions.append(position) }
      return true
    }
    return positions
  }

  private static let mostBytes = 8 << 20

  private func events(_ statement: RawStatement) throws -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    var bytes = 0
    var types: [Int64: String] = [:]
    try statement.rows { row in
      guard let position = row.integer(0), let id = row.blob(1).flatMap(EventID.init(bytes:)),
        let stream = row.string(2), let version = row.integer(3), let typeID = row.integer(4),
        let type = types[typeID] ?? row.string(5), let time = row.integer(6), let entry = row.blob(7)
      else { throw damaged("an event lacks a column, its stream's name or its type's name") }
      types[typeID] = type
      events.append(
        RecordedEvent(
          position: position, id: id, stream: stream, version: Int(version), type: type,
          time: Timestamp(milliseconds: time), entry: Array(entry)))
      bytes += entry.count
      return bytes < Self.mostBytes
    }
    return events
  }
}
