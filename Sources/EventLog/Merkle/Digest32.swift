import Base
package import Crypto

/// A SHA-256 digest, held in place: an array would cost an allocation for each of millions.
public struct Digest32: Hashable, Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest with these bytes; nil unless there are exactly 32.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    words = bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
  }

  /// The digest that SHA-256 gave.
  package init(_ digest: SHA256Digest) {
    words = digest.withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
  }

  /// Calls `body` with the 32 bytes.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withUnsafeBytes(of: words, body)
  }

  /// The 32 bytes.
  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// Equality of the bytes.
  public static func == (left: Digest32, right: Digest32) -> Bool { left.words == right.words }

  /// Feeds the bytes to a hasher.
  public func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }
}

extension Digest32: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { withBytes { Hex.text($0) } }
}
