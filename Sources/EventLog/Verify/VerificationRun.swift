public import Base

/// A verification of the whole log, or of what is new in it, under way: a value that is advanced piece by piece, so that
/// it can be paused, kept in a file, and gone on with by another process.
///
/// `Log.begin` makes one and `Log.advance` takes it further.
public struct VerificationRun: Sendable {
  /// When it was begun.
  public let began: Timestamp
  /// The highest position when it was begun.
  public let size: Int64
  /// The size of the checkpoint from which on entries are read; 0 for the whole log.
  public let since: Int64
  /// The result; nil while there is something left to read.
  public internal(set) var result: Verification?

  /// The newest checkpoint that the log held at the beginning.
  let newestCheckpoint: Int64
  /// The number of streams at the beginning: each has an event.
  let streamCount: Int64
  let key: SumKey
  /// The names; read again by a process that goes on.
  var context: ChunkCheck.Context?

  // The walk over the table.
  /// The number of leaves before the next piece.
  var next: Int64
  var entriesAreDone = false
  /// The tree over the pieces done.
  var tree = CompactRange()
  /// The tree over what was there already of the first piece.
  var seed = CompactRange()
  var isWhole = true
  var sums = RowSums()
  var gap: ClosedRange<Int64>?
  var lastTime: Int64?
  var lastOffset: Int64 = 0
  var displacement: Displacement?

  // The checkpoints.
  /// The size of the last one that agrees.
  var agreed: Int64
  /// The size of the last one that agrees and that a former key alone signed, while no trusted key signed a later one.
  var onlyFormer: Int64?
  /// The size of the last one that the log keeps; what it was begun from where none came yet.
  var stored: Int64
  /// True between one that disagrees and the next that agrees.
  var isForked = false
  var checkpoints: Int64 = 0
  var doubts: [Doubt] = []
  /// Positions whose leaves are not what they were, as far as rows show it: these explain a root that differs.
  var damage: [Int64] = []

  var findings: [Verification.Finding] = []
  var walks: [IndexWalk]

  init(
    began: Timestamp, size: Int64, since: Int64, newestCheckpoint: Int64, streamCount: Int64, key: SumKey
  ) {
    self.began = began
    self.size = size
    self.since = since
    self.newestCheckpoint = newestCheckpoint
    self.streamCount = streamCount
    self.key = key
    next = since / ChunkCheck.leaves * ChunkCheck.leaves
    agreed = since
    stored = since
    walks = since == 0 ? IndexWalk.Index.allCases.map(IndexWalk.init) : []
  }

  /// How far it is.
  public var progress: VerificationProgress { entriesAreDone && !walks.isEmpty ? indexProgress : entryProgress }

  var entryProgress: VerificationProgress {
    let done = entriesAreDone ? size : min(size, max(next, since))
    return VerificationProgress(part: .entries, done: done - since, total: size - since)
  }

  private var indexProgress: VerificationProgress {
    // A forged position may be the highest that there is.
    let rows = min(size, .max / 4)
    let done = walks.reduce(0) { $0 + ($1.isDone ? rows : min(rows, $1.rows)) }
    return VerificationProgress(part: .indexes, done: done, total: 3 * rows)
  }

  /// The pause after each step of `Log.advance` with one piece, so that the whole takes about `span`.
  public func pause(toTake span: Duration) -> Duration {
    let pieces = (size - since) / ChunkCheck.leaves + 1
    let walks = Int64(walks.count) * (size / Int64(IndexWalk.piece) + 1)
    return .milliseconds(span.milliseconds / (pieces + walks))
  }

  mutating func add(_ finding: Verification.Finding) {
    if findings.count < Verification.limit { findings.append(finding) }
  }

  mutating func add(
    _ kind: Verification.Finding.Kind, _ position: Int64?, _ sentence: String, stream: String? = nil,
    through: Int64? = nil
  ) {
    add(.init(kind: kind, position: position, through: through, stream: stream, sentence: sentence))
  }

  // MARK: Pieces

  /// The next pieces to read, at most so many: the leaves before each, and its positions.
  func pieces(_ limit: Int) -> [(base: Int64, positions: ClosedRange<Int64>)] {
    var pieces: [(base: Int64, positions: ClosedRange<Int64>)] = []
    var base = next
    while pieces.count < limit, base < size || base == 0 {
      let (end, isTooLarge) = base.addingReportingOverflow(ChunkCheck.leaves)
      let last = isTooLarge ? size : min(end, size)
      // Positions below 1 are read with the first piece.
      let first = since == 0 && base == 0 ? Int64.min : max(base, since) + 1
      if first <= last { pieces.append((base, first...last)) }
      if isTooLarge { break }
      base = end
    }
    return pieces
  }

  /// Takes over the next piece; the tiles that it completes are returned, those of level 8 were looked at already.
  mutating func take(_ piece: ChunkCheck) -> [CompactRange.Tile] {
    sums &+= piece.sums
    for finding in piece.findings { add(finding) }
    doubts += piece.doubts.prefix(max(0, Verification.limit - doubts.count))
    if let harmed = piece.damage, damage.count < Verification.limit { damage.append(harmed) }
    for gap in piece.gaps { miss(gap) }
    takeOrder(piece)
    for mark in piece.marks { settle(mark) }
    var tiles: [CompactRange.Tile] = []
    if isWhole, piece.isWhole { tree.append(piece.tree) { tiles.append($0) } } else { isWhole = false }
    let (end, isTooLarge) = piece.base.addingReportingOverflow(ChunkCheck.leaves)
    next = end
    seed = CompactRange()
    if isTooLarge || end >= size { entriesAreDone = true }
    return tiles
  }

  /// No piece is left.
  mutating func endEntries() {
    tree.append(seed) { _ in }
    seed = CompactRange()
    entriesAreDone = true
  }

  /// Goes on at the piece that holds this position; nothing stands before it.
  mutating func skip(to position: Int64) {
    let base = (position - 1) / ChunkCheck.leaves * ChunkCheck.leaves
    guard base > next else { return }
    miss(next + 1...base)
    next = base
  }

  /// Neighbouring gaps are one.
  mutating func miss(_ positions: ClosedRange<Int64>) {
    isWhole = false
    guard let open = gap else { return gap = positions }
    if open.upperBound < .max, open.upperBound + 1 == positions.lowerBound {
      gap = open.lowerBound...positions.upperBound
    } else {
      endGap()
      gap = positions
    }
  }

  mutating func endGap() {
    guard let gap else { return }
    let missing = gap.count == 1 ? "this position is" : "positions \(gap.lowerBound) to \(gap.upperBound) are"
    add(
      .removed, gap.lowerBound, "\(missing) missing", through: gap.count > 1 ? gap.upperBound : nil)
    self.gap = nil
  }

  private mutating func takeOrder(_ piece: ChunkCheck) {
    if let first = piece.first {
      if let time = first.time, let lastTime, time < lastTime, first.offset == 0 {
        add(
          .reordered, first.position, "its time is less than that of the one before",
          stream: first.stream.flatMap(piece.context.streams.name))
      }
      displacement?.follow(first.position, offset: first.offset)
      lastOffset = piece.lastOffset
    }
    lastTime = piece.lastTime ?? lastTime
    guard let other = piece.displacement else { return }
    guard var open = displacement else { return displacement = other }
    open.balance &+= other.balance
    displacement = open
    if open.balance == 0 {
      add(open.reordered(through: piece.positions.upperBound))
      displacement = nil
    }
  }

  /// A tile above level 8, as the database has it.
  mutating func compare(_ tile: CompactRange.Tile, with stored: Digest32?) {
    if stored == tile.root { return }
    let covered = tile.index << tile.level + 1...(tile.index + 1) << tile.level
    let name =
      "the stored node \(tile.index) of level \(tile.level), over positions \(covered.lowerBound) to "
      + "\(covered.upperBound),"
    if stored == nil { return add(.index, covered.lowerBound, "\(name) is missing") }
    if damage.contains(where: covered.contains) || doubts.contains(where: { covered.contains($0.positions.lowerBound) })
    {
      return
    }
    if doubts.count < Verification.limit { doubts.append(.tile(covered, name)) }
  }

  // MARK: Checkpoints

  /// Compares a checkpoint within the piece that comes next with the log.
  mutating func settle(_ mark: Mark) {
    if mark.isStored { follow(mark) }
    if let failure = mark.failure { return add(.forked, nil, "\(mark.name) \(failure)") }
    guard isWhole, let leaves = mark.leaves, let root = mark.root else { return }
    var whole = tree
    whole.append(leaves) { _ in }
    if whole.root == root { agree(mark) } else { disagree(mark) }
  }

  /// Each names the one before it, so that one that was taken out is missed.
  private mutating func follow(_ mark: Mark) {
    if let previous = mark.previous, previous > stored {
      add(
        .removed, nil,
        "the log signed a checkpoint of size \(previous) before that of size \(mark.size), and does not hold it any more"
      )
    }
    stored = mark.size
  }

  private mutating func agree(_ mark: Mark) {
    let size = mark.size
    checkpoints += 1
    onlyFormer = mark.isFormer ? size : nil
    agreed = size
    isForked = false
    // The entries are those that were signed: what does not fit them is what lies.
    let (settled, open) = (
      doubts.filter { $0.positions.upperBound <= size }, doubts.filter { $0.positions.upperBound > size }
    )
    for doubt in settled { add(doubt.finding(.index)) }
    doubts = open
    damage.removeAll { $0 <= size }
  }

  private mutating func disagree(_ mark: Mark) {
    let range = agreed + 1...max(agreed + 1, mark.size)
    let settled = doubts.filter { range.contains($0.positions.lowerBound) }
    for doubt in settled { add(doubt.finding(.changed)) }
    doubts.removeAll { range.contains($0.positions.lowerBound) }
    let isExplained = !settled.isEmpty || damage.contains(where: range.contains)
    if !isForked, !isExplained {
      let place = agreed == 0 ? "up to position \(mark.size)" : "behind position \(agreed), which the one before proves"
      add(
        .forked, range.lowerBound,
        "\(mark.name) states another root: history was rewritten \(place), and the tree with it")
    }
    isForked = true
  }
}
