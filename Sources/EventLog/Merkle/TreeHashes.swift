/// Where proofs find the hashes of a tree: those of leaves (level 0), and of complete tiles (levels 8, 16, …).
struct TreeHashes {
  /// The hashes of one level; throws when one of them is not there.
  let read: (_ level: Int, _ indices: Range<Int64>) throws -> [Digest32]

  /// The Merkle tree hash of leaves that begin at a multiple of the next power of two of their number, as all ranges
  /// do into which RFC 6962 divides a tree.
  func root(of leaves: Range<Int64>) throws -> Digest32 {
    var range = CompactRange()
    var next = leaves.lowerBound
    for level in stride(from: 56, through: 0, by: -8) where Int64(leaves.count) >> level > 0 {
      let indices = next >> level..<leaves.upperBound >> level
      if indices.isEmpty { continue }
      for root in try read(level, indices) { range.append(root, level: level) }
      next = indices.upperBound << level
    }
    return range.root
  }
}

/// The largest power of two below a number above 1 (RFC 6962 section 2.1).
func split(_ size: Int64) -> Int64 { 1 << (63 - (size - 1).leadingZeroBitCount) }
