/// The roots of the perfect subtrees that tile the leaves 0..<size, largest first: all that appending to a Merkle
/// tree and computing its root need. At most 63 digests.
public struct CompactRange: Equatable, Sendable {
  private struct Subtree: Equatable {
    var level: Int
    var root: Digest32
  }

  private var subtrees: [Subtree] = []
  /// The number of leaves.
  public private(set) var size: Int64 = 0

  /// The range of the tree without leaves.
  public init() {}

  /// A perfect subtree that has just become complete and whose level is a multiple of 8: the root of a 256-wide tile.
  public struct Tile: Equatable, Sendable {
    /// 8, 16, 24, …
    public var level: Int
    /// From 0, the number of complete subtrees of this level to the left of it.
    public var index: Int64
    /// The root of the subtree.
    public var root: Digest32
  }

  /// Adds a leaf, or the root of a perfect subtree of 2^level leaves that begins where this range ends, and calls
  /// `completed` for each tile that this completes.
  ///
  /// The size must be a multiple of 2^level: a larger subtree cannot stand to the right of a smaller one.
  public mutating func append(
    _ root: Digest32, level: Int = 0, completed: (Tile) throws -> Void
  ) rethrows {
    precondition(size & (1 << level - 1) == 0, "a subtree begins at a multiple of its width")
    size += 1 << level
    var subtree = Subtree(level: level, root: root)
    while let left = subtrees.last, left.level == subtree.level {
      subtrees.removeLast()
      subtree = Subtree(level: subtree.level + 1, root: Merkle.node(left.root, subtree.root))
      if subtree.level.isMultiple(of: 8) {
        try completed(Tile(level: subtree.level, index: size >> subtree.level - 1, root: subtree.root))
      }
    }
    subtrees.append(subtree)
  }

  /// Adds a leaf, or the root of a perfect subtree, as above.
  public mutating func append(_ root: Digest32, level: Int = 0) { append(root, level: level) { _ in } }

  /// The perfect subtrees, largest first.
  var parts: [(level: Int, root: Digest32)] { subtrees.map { ($0.level, $0.root) } }

  /// Adds all leaves of a range that begins where this one ends.
  mutating func append(_ next: CompactRange, completed: (Tile) throws -> Void) rethrows {
    for part in next.subtrees { try append(part.root, level: part.level, completed: completed) }
  }

  /// The roots of the perfect subtrees, largest first.
  public var roots: [Digest32] { subtrees.map(\.root) }

  /// The Merkle tree hash of all leaves (RFC 6962 section 2.1).
  public var root: Digest32 {
    guard var root = subtrees.last?.root else { return Merkle.emptyRoot }
    for subtree in subtrees.dropLast().reversed() { root = Merkle.node(subtree.root, root) }
    return root
  }
}
