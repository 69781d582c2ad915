/// Takes bits from bytes, the lowest first, as DEFLATE packs them (RFC 1951, section 3.1.1).
struct BitReader {
  private let bytes: [UInt8]
  private var next = 0
  private var held: UInt64 = 0
  private var count = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all whole bytes are taken.
  var isAtEnd: Bool { next == bytes.count && count < 8 }

  /// The next bits, at most 16, as a number.
  mutating func bits(_ wanted: Int) throws(Gzip.Failure) -> Int {
    let value = peek(wanted)
    try drop(wanted)
    return value
  }

  /// The next bits without taking them; zeros stand behind the end.
  mutating func peek(_ wanted: Int) -> Int {
    while count < wanted, next < bytes.count {
      held |= UInt64(bytes[next]) << UInt64(count)
      next += 1
      count += 8
    }
    return Int(held & (1 << UInt64(wanted) - 1))
  }

  /// Takes bits that were looked at.
  mutating func drop(_ taken: Int) throws(Gzip.Failure) {
    guard count >= taken else { throw .truncated }
    held >>= UInt64(taken)
    count -= taken
  }

  /// Leaves what is left of a byte.
  mutating func align() {
    held >>= UInt64(count % 8)
    count -= count % 8
  }

  /// A number of up to four bytes, the lowest first.
  mutating func number(bytes: Int) throws(Gzip.Failure) -> UInt32 {
    var number: UInt32 = 0
    for place in 0..<bytes { number |= UInt32(try bits(8)) << UInt32(place * 8) }
    return number
  }

  /// Passes over whole bytes.
  mutating func skip(_ bytes: Int) throws(Gzip.Failure) {
    for _ in 0..<bytes { _ = try bits(8) }
  }
}
