import Provisioning

/// Reads a whole log and collects what is wrong with it.
struct Verifier {
  let store: LogStore
  private(set) var findings: [Verification.Finding] = []

  // The walk over the table.
  private var expected: Int64 = 1
  private var isGapless = true
  private var tree = CompactRange()
  private var tiles: [CompactRange.Tile] = []
  private var lastTime: Int64?
  private var timeText = TimeText()

  // What each index must add up to, whatever its order.
  private(set) var ids = Fingerprint()
  private(set) var versions = Fingerprint()
  private(set) var types = Fingerprint()

  /// Rows that one transaction reads.
  private static let chunk = 8192

  init(store: LogStore) { self.store = store }

  mutating func run(progress: (_ done: Int64, _ size: Int64) -> Void) throws -> Verification {
    try checkSchema()
    let highest = try store.read { try $0.highestPosition() } ?? 0
    var next: Int64? = Int64.min
    while let from = next, from <= highest {
      next = try checkChunk(from...highest)
      progress(min(expected - 1, highest), highest)
    }
    try checkIndexes(through: highest)
    if isGapless { try checkLevels() }
    return Verification(size: highest, root: isGapless ? tree.root : nil, findings: findings)
  }

  mutating func add(
    _ kind: Verification.Finding.Kind, _ position: Int64?, _ stream: String?, _ sentence: String
  ) {
    guard findings.count < Verification.limit else { return }
    findings.append(.init(kind: kind, position: position, stream: stream, sentence: sentence))
  }

  // MARK: Schema

  private mutating func checkSchema() throws {
    let (wanted, found) = try store.schemas()
    for name in Set(wanted.keys).union(found.keys).sorted() where wanted[name] != found[name] {
      let what = wanted[name] == nil ? "was added" : found[name] == nil ? "is missing" : "was changed"
      add(.schema, nil, nil, "the \(name) \(what)")
    }
  }

  // MARK: Rows

  /// Checks some rows; returns where to go on, nil when there are no more.
  private mutating func checkChunk(_ positions: ClosedRange<Int64>) throws -> Int64? {
    var last: Int64?
    var count = 0
    try store.read { session in
      try session.rows(in: positions, limit: Self.chunk) { row in
        last = row.position
        count += 1
        check(row)
      }
      for tile in tiles where try session.node(level: tile.level, index: tile.index) != tile.root {
        let first = tile.index << tile.level + 1
        add(
          .node, nil, nil,
          "the stored node \(tile.index) of level \(tile.level), over positions \(first) to "
            + "\(first - 1 + 1 << tile.level), is missing or wrong")
      }
    }
    tiles = []
    guard let last, count == Self.chunk, last < positions.upperBound else { return nil }
    return last + 1
  }

  private mutating func check(_ row: StoredRow) {
    let name = row.streamName.map { String(decoding: $0, as: UTF8.self) }
    if row.position != expected {
      isGapless = false
      if row.position < expected {
        add(.position, row.position, name, "this position cannot be: positions count from 1 and stand once")
      } else {
        let gap = expected == row.position - 1 ? "\(expected)" : "\(expected) to \(row.position - 1)"
        add(.position, expected, nil, "position \(gap) is missing")
      }
    }
    expected = max(expected, row.position == Int64.max ? row.position : row.position + 1)

    ids.add(row.id, row.position)
    versions.add(row.stream, row.version, row.position)
    types.add(row.type, row.position)

    if let time = row.time {
      if let lastTime, time < lastTime {
        add(.time, row.position, name, "its time is less than that of the one before")
      }
      lastTime = time
    }
    guard let entry = row.entry, !entry.isEmpty else {
      isGapless = false
      return add(.entry, row.position, name, "the entry's bytes are missing")
    }
    let leaf = Merkle.leaf(entry)
    if isGapless { tree.append(leaf) { tiles.append($0) } }
    if leaf != row.leaf { add(.entry, row.position, name, "the entry does not have the recorded leaf hash") }
    checkEnvelope(row, entry.bindMemory(to: UInt8.self), name)
  }

  private mutating func checkEnvelope(_ row: StoredRow, _ entry: UnsafeBufferPointer<UInt8>, _ name: String?) {
    let ranges: EnvelopeRanges
    do {
      ranges = try EnvelopeRanges(entry)
    } catch let malformed as EnvelopeRanges.Malformed {
      return add(
        .envelope, row.position, name,
        "the entry is no canonical envelope: byte \(malformed.offset) should be \(malformed.wanted)")
    } catch {
      return add(.envelope, row.position, name, "the entry is no canonical envelope")
    }
    func says(_ range: Range<Int>, _ bytes: some Collection<UInt8>) -> Bool { entry[range].elementsEqual(bytes) }
    func differs(_ column: String) {
      add(.column, row.position, name, "the column \(column) says something else than the entry")
    }
    if !says(ranges.position, String(row.position).utf8) { differs("position") }
    if !(row.version.map { says(ranges.version, String($0).utf8) } ?? false) { differs("version") }
    if row.id == nil || EventID(text: UnsafeBufferPointer(rebasing: entry[ranges.id])) != row.id { differs("id") }
    if !(row.streamName.map { says(ranges.stream, $0) } ?? false) { differs("stream") }
    if !(row.typeName.map { says(ranges.type, $0) } ?? false) { differs("type") }
    let time = row.time.map { timeText.bytes(of: Timestamp(milliseconds: $0)) }
    if !(time.map { says(ranges.time, $0) } ?? false) { differs("time") }
  }
}
