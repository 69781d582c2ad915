import Crypto

/// A SHA-256 digest, held in place: an array would cost an allocation for each of millions.
public struct Digest32: Hashable, Sendable {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest with these bytes; nil unless there are exactly 32.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    words = bytes.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self)
  }

  init(_ digest: SHA256Digest) {
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
  public var description: String { withBytes { String(decoding: hexadecimal($0), as: UTF8.self) } }
}

/// Lower-case hexadecimal digits, two a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  var digits: [UInt8] = []
  digits.reserveCapacity(2 * bytes.underestimatedCount)
  for byte in bytes {
    digits.append(hexadecimalDigit(byte >> 4))
    digits.append(hexadecimalDigit(byte & 0x0F))
  }
  return digits
}

func hexadecimalDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
