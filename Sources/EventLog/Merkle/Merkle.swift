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
