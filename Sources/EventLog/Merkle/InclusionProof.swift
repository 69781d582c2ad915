/// That one leaf stands in a tree: the roots beside its way up, the leaf's sibling first (RFC 6962 section 2.1.1).
public struct InclusionProof: Equatable, Sendable {
  /// The leaf, from 0: its position in the log − 1.
  public let index: Int64
  /// The number of leaves of the tree.
  public let size: Int64
  /// The roots, at most 63.
  public let hashes: [Digest32]

  /// A proof as it was read from somewhere; `verify` says whether it holds.
  public init(index: Int64, size: Int64, hashes: [Digest32]) {
    self.index = index
    self.size = size
    self.hashes = hashes
  }

  /// Builds the proof for a leaf of the first `size` leaves; the index must be below it.
  init(index: Int64, size: Int64, _ tree: TreeHashes) throws {
    var hashes: [Digest32] = []
    var leaves = 0..<size
    while leaves.count > 1 {
      let middle = leaves.lowerBound + split(Int64(leaves.count))
      if index < middle {
        hashes.append(try tree.root(of: middle..<leaves.upperBound))
        leaves = leaves.lowerBound..<middle
      } else {
        hashes.append(try tree.root(of: leaves.lowerBound..<middle))
        leaves = middle..<leaves.upperBound
      }
    }
    self.init(index: index, size: size, hashes: hashes.reversed())
  }

  /// Whether a leaf with this hash stands at the index of the tree with this root (RFC 9162 section 2.1.3.2).
  public func verify(leaf: Digest32, root: Digest32) -> Bool {
    guard index >= 0, index < size else { return false }
    var (first, last) = (index, size - 1)
    var hash = leaf
    for sibling in hashes {
      if last == 0 { return false }
      if first & 1 == 1 || first == last {
        hash = Merkle.node(sibling, hash)
        while first & 1 == 0, first != 0 {
          first >>= 1
          last >>= 1
        }
      } else {
        hash = Merkle.node(hash, sibling)
      }
      first >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }
}
