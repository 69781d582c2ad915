/// That a tree begins with all of an earlier one (RFC 6962 section 2.1.2).
public struct ConsistencyProof: Equatable, Sendable {
  /// The number of leaves of the earlier tree.
  public let old: Int64
  /// The number of leaves of the later tree.
  public let new: Int64
  /// Roots of subtrees; at most 64.
  public let hashes: [Digest32]

  /// A proof as it was read from somewhere; `verify` says whether it holds.
  public init(old: Int64, new: Int64, hashes: [Digest32]) {
    self.old = old
    self.new = new
    self.hashes = hashes
  }

  /// Builds the proof between two sizes of a tree, 0 ≤ `old` ≤ `new`.
  init(old: Int64, new: Int64, _ tree: TreeHashes) throws {
    var hashes: [Digest32] = []
    if old > 0, old < new {
      var leaves = 0..<new
      // Whether the earlier tree's root, which the verifier has, is the root of what is left.
      var isKnown = true
      while old != leaves.upperBound {
        let middle = leaves.lowerBound + split(Int64(leaves.count))
        if old <= middle {
          hashes.append(try tree.root(of: middle..<leaves.upperBound))
          leaves = leaves.lowerBound..<middle
        } else {
          hashes.append(try tree.root(of: leaves.lowerBound..<middle))
          leaves = middle..<leaves.upperBound
          isKnown = false
        }
      }
      if !isKnown { hashes.append(try tree.root(of: leaves)) }
    }
    self.init(old: old, new: new, hashes: hashes.reversed())
  }

  /// Whether the tree with the new root begins with the one with the old root (RFC 9162 section 2.1.4.2). Any tree
  /// extends the empty one.
  public func verify(oldRoot: Digest32, newRoot: Digest32) -> Bool {
    guard old >= 0, old <= new else { return false }
    if old == new { return hashes.isEmpty && oldRoot == newRoot }
    if old == 0 { return hashes.isEmpty && oldRoot == Merkle.emptyRoot }
    if hashes.isEmpty { return false }
    var path = hashes[...]
    if old & (old - 1) == 0 { path = ([oldRoot] + hashes)[...] }
    var (first, last) = (old - 1, new - 1)
    while first & 1 == 1 {
      first >>= 1
      last >>= 1
    }
    guard let start = path.popFirst() else { return false }
    var (oldHash, newHash) = (start, start)
    for hash in path {
      if last == 0 { return false }
      if first & 1 == 1 || first == last {
        oldHash = Merkle.node(hash, oldHash)
        newHash = Merkle.node(hash, newHash)
        while first & 1 == 0, first != 0 {
          first >>= 1
          last >>= 1
        }
      } else {
        newHash = Merkle.node(newHash, hash)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == oldRoot && newHash == newRoot
  }
}
