/// Entries that stand at other positions than the ones written in them, from the first such row on.
///
/// An entry holds its own position, so a row that was moved, or whose neighbours were removed or renumbered, shows it.
/// The balance is a keyed sum over the rows concerned: once the positions that the entries name are those at which they
/// stand, in another order, it is 0 again.
struct Displacement: Equatable, Sendable {
  /// The first row concerned.
  var position: Int64
  /// The position that its entry names.
  var claimed: Int64
  /// The stream that its entry names.
  var stream: String
  /// Whether the row after it is off by as much; nil when there was none yet.
  var isShift: Bool?
  var balance: UInt64 = 0

  private var offset: Int64 { claimed &- position }

  /// Hears of the next row: by how much it is off.
  mutating func follow(_ next: Int64, offset other: Int64) {
    if isShift == nil, next == position &+ 1 { isShift = other == offset }
  }

  /// What it was, when the balance is 0.
  func reordered(through last: Int64) -> Verification.Finding {
    .init(
      kind: .reordered, position: position, through: last, stream: stream,
      sentence: "the entry of position \(claimed) stands here, and positions up to \(last) are exchanged")
  }

  /// What it was, when the log ended before the balance was 0; `lastOffset` is by how much its last row is off.
  func unresolved(lastOffset: Int64) -> Verification.Finding {
    let shift = isShift == true ? offset : lastOffset
    if shift > 0 {
      let gap =
        shift == 1
        ? "the entry of this position is" : "the entries of positions \(position) to \(position &+ shift &- 1) are"
      return .init(
        kind: .removed, position: position, through: shift > 1 ? position &+ shift &- 1 : nil, stream: nil,
        sentence: "\(gap) gone, and those that followed were renumbered")
    }
    if shift < 0 {
      return .init(
        kind: .inserted, position: position &+ shift, stream: isShift == true ? stream : nil,
        sentence: "what follows was renumbered: the entry of this position stands at \(position) or later")
    }
    return .init(
      kind: .changed, position: position, stream: stream, sentence: "the entry names position \(claimed) as its own")
  }
}

/// A row or a tile that does not fit a derived hash: what is wrong, the entry or the hash, is told by the next root
/// that is known from a checkpoint.
struct Doubt: Equatable, Sendable {
  var positions: ClosedRange<Int64>
  var stream: String?
  /// What it is when no checkpoint tells.
  var fallback: Verification.Finding.Kind
  /// What is wrong if entries were changed.
  var changed: String
  /// What is wrong if entries are as they were.
  var lies: String

  func finding(_ kind: Verification.Finding.Kind) -> Verification.Finding {
    .init(
      kind: kind, position: positions.lowerBound, stream: stream, sentence: kind == .index ? lies : changed)
  }
}
