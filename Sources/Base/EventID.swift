/// The identifier of an event: 16 bytes, made as a UUIDv7 (RFC 9562 section 5.7), so that ids grow with time and an
/// append touches the same pages of the index as the one before it.
public struct EventID: Hashable, Comparable, Sendable {
  /// The first eight bytes, most significant first.
  public let high: UInt64
  /// The last eight bytes.
  public let low: UInt64

  /// The id of two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The id with these bytes; nil unless there are exactly 16.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    high = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// Reads the form that `description` writes, of any UUID version, and nothing else.
  public init?(_ text: String) {
    var text = text
    guard let id = text.withUTF8({ EventID(text: $0) }) else { return nil }
    self = id
  }

  /// Reads the bytes of the form that `description` writes, and nothing else.
  public init?(text: UnsafeBufferPointer<UInt8>) {
    guard text.count == 36 else { return nil }
    var words: (high: UInt64, low: UInt64) = (0, 0)
    for (index, byte) in text.enumerated() {
      if Self.isHyphen(index) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      words.high = words.high << 4 | words.low >> 60
      words.low = words.low << 4 | UInt64(digit)
    }
    self.init(high: words.high, low: words.low)
  }

  /// Whether these bytes are the text of this id, as `description` writes it.
  public func isWritten(as text: UnsafeRawBufferPointer) -> Bool {
    let hyphen = UInt8(ascii: "-")
    guard text.count == 36, text[8] == hyphen, text[13] == hyphen, text[18] == hyphen, text[23] == hyphen
    else { return false }
    func digits(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func half(_ offset: Int) -> UInt64 {
      UInt64(UInt32(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    return digits(0) == Self.hexadecimal(UInt32(truncatingIfNeeded: high >> 32))
      && half(9) | half(14) << 32 == Self.hexadecimal(UInt32(truncatingIfNeeded: high))
      && half(19) | half(24) << 32 == Self.hexadecimal(UInt32(truncatingIfNeeded: low >> 32))
      && digits(28) == Self.hexadecimal(UInt32(truncatingIfNeeded: low))
  }

  /// Eight hexadecimal digits as text in a word, the most significant digit in its lowest byte.
  private static func hexadecimal(_ value: UInt32) -> UInt64 {
    var digits = UInt64(value.byteSwapped)
    digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
    digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
    // Each byte stands in 16 bits: its upper digit goes below its lower one.
    digits = (digits >> 4 | digits << 8) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return digits &+ 0x3030_3030_3030_3030 &+ letters &* 39
  }

  /// Writes the form of `description` to the start of `text`, which has room for 36 bytes.
  public func write(to text: UnsafeMutableRawBufferPointer) {
    func digits(_ word: UInt64, _ offset: Int) {
      let digits = Self.hexadecimal(UInt32(truncatingIfNeeded: word))
      text.storeBytes(of: digits.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
    func halves(_ word: UInt64, _ first: Int, _ second: Int) {
      let digits = Self.hexadecimal(UInt32(truncatingIfNeeded: word))
      text.storeBytes(of: UInt32(truncatingIfNeeded: digits).littleEndian, toByteOffset: first, as: UInt32.self)
      text.storeBytes(of: UInt32(digits >> 32).littleEndian, toByteOffset: second, as: UInt32.self)
    }
    digits(high >> 32, 0)
    halves(high, 9, 14)
    halves(low >> 32, 19, 24)
    digits(low, 28)
    for place in [8, 13, 18, 23] { text[place] = UInt8(ascii: "-") }
  }

  private static func isHyphen(_ index: Int) -> Bool { index == 8 || index == 13 || index == 18 || index == 23 }

  /// The 16 bytes, most significant first.
  public var bytes: [UInt8] { withBytes { Array($0) } }

  /// Calls `body` with the 16 bytes.
  public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withUnsafeBytes(of: (high.bigEndian, low.bigEndian), body)
  }

  /// The order of the bytes, which is that of time for ids of one generator.
  public static func < (left: EventID, right: EventID) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension EventID: CustomStringConvertible {
  /// Lower case with hyphens: `0197c3e1-7a3b-7c40-8f00-9d0c1b2a3948`.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      write(to: UnsafeMutableRawBufferPointer(buffer))
      return 36
    }
  }
}
