import Base

/// Readers go by the indexes of the database. Each is read once, in its own order, which shows what a walk over the
/// table would need memory to see; piece by piece, so that it can be interrupted.
struct IndexWalk: Sendable, Equatable {
  enum Index: String, CaseIterable, Sendable {
    case ids = "event_id"
    case versions = "event_version"
    case types = "event_kind"
  }

  let index: Index
  var isDone = false
  /// Rows read so far.
  var rows: Int64 = 0
  /// What they add up to.
  var sum: UInt64 = 0
  /// Different streams seen so far.
  var streams: Int64 = 0
  var findings: [Verification.Finding] = []

  // The last row read; what is not of the index stays as it is.
  var id: [UInt8] = [0]
  var key: Int64 = .min
  var version: Int64 = .min
  var position: Int64 = .min

  /// Rows that one transaction reads.
  static let piece = 65_536

  init(_ index: Index) { self.index = index }

  /// Reads the next piece. Throws GRDB's errors.
  mutating func advance(_ session: LogSession, through size: Int64, _ context: ChunkCheck.Context) throws {
    let before = self
    switch index {
    case .ids: try advanceIDs(session, through: size, context.hash)
    case .versions: try advanceVersions(session, through: size, context)
    case .types: return try advanceTypes(session, through: size, context.hash)
    }
    // In a table of another shape a row may have no place to go on from.
    let isStuck = (id, key, version, position) == (before.id, before.key, before.version, before.position)
    if rows - before.rows < Self.piece || isStuck { isDone = true }
  }

  private mutating func add(
    _ kind: Verification.Finding.Kind, _ position: Int64, _ stream: String?, _ sentence: String
  ) {
    guard findings.count < Verification.limit else { return }
    findings.append(.init(kind: kind, position: position, stream: stream, sentence: sentence))
  }

  private mutating func advanceIDs(_ session: LogSession, through size: Int64, _ hash: RowHash) throws {
    var last = EventID(bytes: id)
    var found: [(id: EventID, position: Int64, first: Int64)] = []
    var (rows, sum, position) = (rows, sum, position)
    var raw: [UInt8]?
    try session.ids(after: (id, position), through: size, limit: Self.piece) { bytes, next in
      rows += 1
      guard let bytes, let next else { return }
      let id = EventID(bytes: bytes)
      if let id {
        sum &+= hash(id.high, id.low, UInt64(bitPattern: next))
        if id == last { found.append((id, next, position)) }
        raw = nil
      } else {
        // No id of ours: kept as it is, so that the next piece goes on behind it.
        raw = Array(bytes)
      }
      last = id
      position = next
    }
    for found in found {
      add(.inserted, found.position, nil, "the id \(found.id) stands at position \(found.first) too")
    }
    id = raw ?? last?.bytes ?? id
    (self.rows, self.sum, self.position) = (rows, sum, position)
  }

  private mutating func advanceVersions(_ session: LogSession, through size: Int64, _ context: ChunkCheck.Context)
    throws
  {
    var walk = self
    try session.versions(after: (key, version, position), through: size, limit: Self.piece) {
      stream, version, position in
      walk.rows += 1
      guard let stream, let version, let position else { return }
      walk.sum &+= context.hash(stream, version, position)
      walk.take(stream, version, position, context.streams)
    }
    self = walk
  }

  private mutating func take(_ stream: Int64, _ version: Int64, _ position: Int64, _ names: Names) {
    // The very first row has no stream before it, whatever number its stream has.
    let isFirst = streams == 0 || stream != key
    if isFirst { streams += 1 }
    let before = isFirst ? 0 : max(0, self.version)
    let expected = before &+ 1
    if version < expected {
      add(.inserted, position, names.name(stream), "version \(version) of its stream stands twice or is below 1")
    } else if version > expected {
      let gone = expected == version - 1 ? "version \(expected)" : "versions \(expected) to \(version - 1)"
      add(.removed, position, names.name(stream), "\(gone) of its stream, due before this, is missing")
    } else if before > 0, position <= self.position {
      add(
        .reordered, position, names.name(stream), "version \(version) of its stream stands before version \(before)")
    }
    (key, self.version, self.position) = (stream, version, position)
  }

  /// One type after the other: the planner finds the next row of a type by its position, but not the next of any.
  private mutating func advanceTypes(_ session: LogSession, through size: Int64, _ hash: RowHash) throws {
    var left = Self.piece
    while left > 0 {
      if version == .min {
        // No type is under way: `version` tells.
        guard let next = try session.nextType(above: key) else {
          isDone = true
          return
        }
        (key, position, version) = (next, .min, 0)
      }
      let (type, limit) = (key, left)
      var (sum, position, count) = (sum, position, 0)
      try session.typePositions(type, after: position, through: size, limit: limit) { next in
        count += 1
        guard let next else { return }
        sum &+= hash(type, next)
        position = next
      }
      let isStuck = position == self.position
      (self.sum, self.position) = (sum, position)
      rows += Int64(count)
      left -= count
      if count < limit || isStuck { version = .min }
    }
  }
}

extension EventID {
  init?(bytes: [UInt8]) {
    guard let id = bytes.withUnsafeBytes({ EventID(bytes: $0) }) else { return nil }
    self = id
  }
}
