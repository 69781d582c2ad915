import Crypto

/// The hashes of RFC 6962 section 2.1. The prefix byte keeps a leaf from posing as a node.
public enum Merkle {
  /// The root of the tree without leaves: SHA-256 of nothing.
  public static let emptyRoot = Digest32(SHA256().finalize())

  /// The hash of a leaf: `SHA-256(0x00 || bytes)`.
  public static func leaf(_ bytes: UnsafeRawBufferPointer) -> Digest32 {
    // A copy of a hasher fed beforehand is no faster, and threads would fight over its reference count.
    var hasher = SHA256()
    withUnsafeBytes(of: UInt8(0)) { hasher.update(bufferPointer: $0) }
    hasher.update(bufferPointer: bytes)
    return Digest32(hasher.finalize())
  }

  /// The hash of a leaf: `SHA-256(0x00 || bytes)`.
  public static func leaf(_ bytes: [UInt8]) -> Digest32 { bytes.withUnsafeBytes { leaf($0) } }

  /// The hash of an inner node: `SHA-256(0x01 || left || right)`.
  public static func node(_ left: Digest32, _ right: Digest32) -> Digest32 {
    withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { buffer in
      buffer[0] = 1
      left.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
      right.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
      var hasher = SHA256()
      hasher.update(bufferPointer: UnsafeRawBufferPointer(buffer))
      return Digest32(hasher.finalize())
    }
  }
}

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
