import Base
import GRDB

/// What one piece of the log, at most 8,192 entries that begin at a multiple of that, has shown: everything that can be
/// told without the pieces before it, so that threads can read several at once.
struct ChunkCheck: Sendable {
  /// What all pieces are checked against.
  struct Context: Sendable {
    var streams: Names
    var types: Names
    var hash: RowHash
    /// Look each row up in the indexes, which are not read as a whole.
    var looksUp: Bool
  }

  /// The leaves of a piece: as many as fill a perfect subtree, whose root is then merged like a leaf.
  static let leaves: Int64 = 8192

  let context: Context
  /// The number of leaves before the piece.
  let base: Int64
  let positions: ClosedRange<Int64>

  // The tree over this piece alone.
  private(set) var tree: CompactRange
  /// False from the first row on that is missing or has no bytes.
  private(set) var isWhole = true
  private var tiles: [CompactRange.Tile] = []
  /// Tiles, a bit each, in which a row was found wrong: their root cannot fit.
  private var explained: UInt32 = 0

  // The rows.
  private var expected: Int64
  /// There is no position after the one read last.
  private var endsAtHighest = false
  private(set) var rows = 0
  private(set) var gaps: [ClosedRange<Int64>] = []
  private(set) var first: (position: Int64, time: Int64?, offset: Int64, stream: Int64?)?
  private(set) var lastTime: Int64?
  private(set) var lastOffset: Int64 = 0
  private(set) var sums = RowSums()
  private var time = TimeColumn()

  // What is wrong.
  private(set) var findings: [Verification.Finding] = []
  private(set) var doubts: [Doubt] = []
  private(set) var displacement: Displacement?
  /// The lowest position whose leaf is not what it was, as far as rows show it.
  private(set) var damage: Int64?

  /// Checkpoints of sizes within the piece.
  private(set) var marks: [Mark] = []
  private var nextMark = 0

  /// `seed` is the tree over what stands before `positions` in the same piece.
  init(context: Context, base: Int64, positions: ClosedRange<Int64>, seed: CompactRange) {
    self.context = context
    self.base = base
    self.positions = positions
    tree = seed
    expected = max(positions.lowerBound, base + 1)
  }

  /// Reads the piece. Throws GRDB's errors.
  mutating func read(_ session: LogSession, _ scope: VerificationScope) throws {
    marks = try scope.marks(above: expected - 1, through: positions.upperBound, session)
    try session.rows(in: positions) { row in
      try check(row)
      if context.looksUp { try lookUp(row, session) }
    }
    if expected <= positions.upperBound, !endsAtHighest { miss(expected...positions.upperBound) }
    try compareTiles(session)
  }

  mutating func add(
    _ kind: Verification.Finding.Kind, _ position: Int64?, _ stream: Int64?, _ sentence: String
  ) {
    guard findings.count < Verification.limit else { return }
    findings.append(
      .init(kind: kind, position: position, stream: stream.flatMap(context.streams.name), sentence: sentence))
  }

  private mutating func harm(_ position: Int64) { damage = min(damage ?? position, position) }

  private mutating func miss(_ positions: ClosedRange<Int64>) {
    isWhole = false
    gaps.append(positions)
  }

  // MARK: Rows

  private mutating func check(_ row: StoredRow) throws {
    guard let position = row.position else {
      return add(.inserted, nil, row.stream, "an entry stands at no whole position")
    }
    rows += 1
    add(row, to: position)
    if position < expected {
      if position > 0 { isWhole = false }
      return add(
        .inserted, position, row.stream, "this position cannot be: positions count from 1 and stand once")
    }
    if position > expected { miss(expected...position - 1) }
    endsAtHighest = position == .max
    expected = endsAtHighest ? position : position + 1
    if first == nil { first = (position, row.time, 0, row.stream) }
    guard let entry = row.entry, !entry.isEmpty else {
      isWhole = false
      harm(position)
      return add(.changed, position, row.stream, "the entry's bytes are missing")
    }
    let leaf = Merkle.leaf(entry)
    if isWhole {
      tree.append(leaf) { tiles.append($0) }
      while nextMark < marks.count, marks[nextMark].size == base + tree.size {
        marks[nextMark].leaves = tree
        nextMark += 1
      }
    }
    checkEntry(row, position, entry, leaf == row.leaf)
  }

  private mutating func add(_ row: StoredRow, to position: Int64) {
    let word = UInt64(bitPattern: position)
    if let id = row.id { sums.ids &+= context.hash(id.high, id.low, word) }
    if let stream = row.stream, let version = row.version {
      sums.versions &+= context.hash(stream, version, position)
    }
    if let type = row.type { sums.types &+= context.hash(type, position) }
  }

  private mutating func checkEntry(
    _ row: StoredRow, _ position: Int64, _ bytes: UnsafeRawBufferPointer, _ hasLeaf: Bool
  ) {
    let entry = bytes.bindMemory(to: UInt8.self)
    let ranges: EnvelopeRanges
    do {
      ranges = try EnvelopeRanges(entry)
    } catch {
      let what = (error as? EnvelopeRanges.Malformed).map { ": byte \($0.offset) should be \($0.wanted)" } ?? ""
      mark(position)
      return add(.changed, position, row.stream, "the entry is no canonical envelope\(what)")
    }
    let claimed = decimal(entry, ranges.position)
    if claimed == position {
      stay(at: position)
    } else if let claimed {
      return displace(row, position, claimed, String(decoding: entry[ranges.stream], as: UTF8.self))
    } else {
      mark(position)
      return add(.changed, position, row.stream, "the entry's position is no number")
    }
    if let time = row.time {
      if let lastTime, time < lastTime {
        add(.reordered, position, row.stream, "its time is less than that of the one before")
      }
      lastTime = time
    }
    if !hasLeaf {
      explained |= bit(position)
      doubt(
        position, row.stream, .changed, changed: "the entry does not have the recorded leaf hash",
        lies: "the recorded leaf hash is not that of the entry, which the tree holds")
    }
    checkColumns(row, position, bytes, ranges)
  }

  private mutating func checkColumns(
    _ row: StoredRow, _ position: Int64, _ entry: UnsafeRawBufferPointer, _ ranges: EnvelopeRanges
  ) {
    func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: entry[range]) }
    if let version = row.version, version < 1 {
      add(.inserted, position, row.stream, "version \(version) of its stream is below 1")
    } else if row.version.map({ $0 == decimal(entry.bindMemory(to: UInt8.self), ranges.version) }) != true {
      doubt("version", row, position)
    }
    if row.id.map({ $0.isWritten(as: bytes(ranges.id)) }) != true { doubt("id", row, position) }
    if row.stream.map({ context.streams.says($0, bytes(ranges.stream)) }) != true { doubt("stream", row, position) }
    if row.type.map({ context.types.says($0, bytes(ranges.type)) }) != true { doubt("type", row, position) }
    if row.time.map({ time.says($0, bytes(ranges.time)) }) != true { doubt("time", row, position) }
  }

  /// A column and the entry differ: mostly the column lies, but a root that differs says that the entry does.
  private mutating func doubt(_ column: String, _ row: StoredRow, _ position: Int64) {
    doubt(
      position, row.stream, .index, changed: "the entry says something else than the column \(column)",
      lies: "the column \(column) says something else than the entry")
  }

  private mutating func doubt(
    _ position: Int64, _ stream: Int64?, _ fallback: Verification.Finding.Kind, changed: String, lies: String
  ) {
    guard doubts.count < Verification.limit else { return }
    doubts.append(
      Doubt(
        positions: position...position, stream: stream.flatMap(context.streams.name), fallback: fallback,
        changed: changed, lies: lies))
  }

  // MARK: Order

  private func bit(_ position: Int64) -> UInt32 {
    1 << UInt32(truncatingIfNeeded: max(0, position - 1 - base) >> 8 & 31)
  }

  private mutating func mark(_ position: Int64) {
    explained |= bit(position)
    harm(position)
  }

  /// The row stands where its entry says.
  private mutating func stay(at position: Int64) {
    lastOffset = 0
    displacement?.follow(position, offset: 0)
  }

  private mutating func displace(_ row: StoredRow, _ position: Int64, _ claimed: Int64, _ stream: String) {
    mark(position)
    let offset = claimed &- position
    lastOffset = offset
    if first?.position == position { first?.offset = offset }
    displacement?.follow(position, offset: offset)
    var open = displacement ?? Displacement(position: position, claimed: claimed, stream: stream)
    open.balance &+= context.hash(claimed, 0) &- context.hash(position, 0)
    displacement = open
    guard open.balance == 0 else { return }
    if findings.count < Verification.limit { findings.append(open.reordered(through: position)) }
    displacement = nil
  }

  // MARK: Tiles

  private mutating func compareTiles(_ session: LogSession) throws {
    if tiles.isEmpty { return }
    let start = base >> 8
    let stored = try session.tiles(start..<start + 32)
    for tile in tiles {
      let index = start + tile.index
      let covered = index << 8 + 1...(index + 1) << 8
      let name = "the stored node \(index) of level 8, over positions \(covered.lowerBound) to \(covered.upperBound),"
      guard let root = stored[index] else {
        add(.index, covered.lowerBound, nil, "\(name) is missing")
        continue
      }
      let isExplained = explained & bit(covered.lowerBound) != 0
      if isExplained, root == tile.root {
        // The tile holds the entries as they are, so the leaf hashes that do not fit them are what lies.
        for index in doubts.indices where covered.contains(doubts[index].positions.lowerBound) {
          doubts[index].fallback = .index
        }
      } else if !isExplained, root != tile.root {
        doubts.append(.tile(covered, name))
      }
    }
    for doubt in doubts where doubt.fallback == .changed { harm(doubt.positions.lowerBound) }
    tiles = []
  }
}

extension Doubt {
  /// A tile whose stored root is not that of the entries under it.
  static func tile(_ positions: ClosedRange<Int64>, _ name: String) -> Doubt {
    Doubt(
      positions: positions, stream: nil, fallback: .changed,
      changed: "an entry among positions \(positions.lowerBound) to \(positions.upperBound) is not the one that was "
        + "appended: \(name) is not theirs",
      lies: "\(name) is not that of the entries")
  }
}

/// A positive number in the one form in which entries hold it; nil for anything else.
private func decimal(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int64? {
  guard (1...19).contains(range.count), bytes[range.lowerBound] != UInt8(ascii: "0") else { return nil }
  var value: Int64 = 0
  for index in range {
    let digit = bytes[index] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
    let (sum, isTooLargeToo) = tens.addingReportingOverflow(Int64(digit))
    if isTooLarge || isTooLargeToo { return nil }
    value = sum
  }
  return value
}

/// Compares times with their text. Neighbours mostly share it, and then it is read once.
private struct TimeColumn: Sendable {
  private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
  private var moment: Int64?

  mutating func says(_ time: Int64, _ text: UnsafeRawBufferPointer) -> Bool {
    guard text.count == 24 else { return false }
    let latest = text.loadUnaligned(as: (UInt64, UInt64, UInt64).self)
    if latest != words {
      words = latest
      moment = Timestamp(utf8: text.bindMemory(to: UInt8.self))?.milliseconds
    }
    return moment == time
  }
}
