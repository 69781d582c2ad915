/// A Merkle tree (RFC 6962 section 2.1) whose leaves are all at hand, as the members of one event are: it keeps nothing
/// and needs no tiles. Building it hashes each inner node once.
public struct SmallTree: Equatable, Sendable {
  /// The hashes of the leaves.
  public let leaves: [Digest32]

  /// A tree over the hashes of leaves, of any number.
  public init(leaves: [Digest32]) { self.leaves = leaves }

  /// The Merkle tree hash of all leaves.
  public var root: Digest32 { Self.climb(leaves) { _ in } }

  /// The hash beside a way up, and on which side it stands.
  ///
  /// An index and a number of leaves would say the sides too, but a root alone does not tell one number from another that
  /// gives the same sides: nothing in a proof should be free to be changed.
  public struct Sibling: Equatable, Sendable {
    /// The root of the subtree beside.
    public let hash: Digest32
    /// Whether it stands to the left.
    public let isLeft: Bool

    /// A hash on a side.
    public init(_ hash: Digest32, isLeft: Bool) {
      self.hash = hash
      self.isLeft = isLeft
    }
  }

  /// What stands beside the way up from a leaf, the leaf's own sibling first; nil when there is no leaf of that index.
  public func path(from index: Int) -> [Sibling]? {
    guard leaves.indices.contains(index) else { return nil }
    var place = index
    var path: [Sibling] = []
    _ = Self.climb(leaves) { level in
      // The last of an odd number goes up by itself.
      if level.indices.contains(place ^ 1) { path.append(Sibling(level[place ^ 1], isLeft: place & 1 == 1)) }
      place >>= 1
    }
    return path
  }

  /// The root to which a path leads from a leaf.
  public static func root(from leaf: Digest32, past path: [Sibling]) -> Digest32 {
    path.reduce(leaf) { $1.isLeft ? Merkle.node($1.hash, $0) : Merkle.node($0, $1.hash) }
  }

  /// Pairs neighbours, level by level, which gives the splits of RFC 6962; calls `visit` with each level below the root.
  private static func climb(_ leaves: [Digest32], _ visit: ([Digest32]) -> Void) -> Digest32 {
    var level = leaves
    while level.count > 1 {
      visit(level)
      let pairs = level.count / 2
      for pair in 0..<pairs { level[pair] = Merkle.node(level[2 * pair], level[2 * pair + 1]) }
      if !level.count.isMultiple(of: 2) { level[pairs] = level[level.count - 1] }
      level.removeLast(pairs)
    }
    return level.first ?? Merkle.emptyRoot
  }
}
