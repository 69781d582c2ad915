/// Base64 with padding (RFC 4648 section 4), straight between bytes: Foundation's goes through `Data` and `String`.
public enum Base64 {
  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  private static let padding = UInt8(ascii: "=")

  /// The number of characters that stand for `count` bytes.
  static func length(of count: Int) -> Int { (count + 2) / 3 * 4 }

  /// Writes the characters of `data` to the start of `text`, which has room for them.
  static func write(_ data: UnsafeRawBufferPointer, to text: UnsafeMutablePointer<UInt8>) {
    let digits = alphabet.utf8Start
    var (from, to) = (0, 0)
    while from + 2 < data.count {
      let word = Int(data[from]) << 16 | Int(data[from + 1]) << 8 | Int(data[from + 2])
      text[to] = digits[word >> 18]
      text[to + 1] = digits[word >> 12 & 63]
      text[to + 2] = digits[word >> 6 & 63]
      text[to + 3] = digits[word & 63]
      from += 3
      to += 4
    }
    guard from < data.count else { return }
    let isPair = from + 1 < data.count
    let word = Int(data[from]) << 16 | (isPair ? Int(data[from + 1]) << 8 : 0)
    text[to] = digits[word >> 18]
    text[to + 1] = digits[word >> 12 & 63]
    text[to + 2] = isPair ? digits[word >> 6 & 63] : padding
    text[to + 3] = padding
  }

  /// What each character stands for; 255 for all that are none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for digit in 0..<64 { values[Int(alphabet.utf8Start[digit])] = UInt8(digit) }
    return values
  }()

  /// The bytes that a text stands for; nil unless it is the one text that `JSONWriter.base64` writes for them.
  public static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode($0) }
  }

  /// The bytes that a text stands for; nil unless it is the one text that `JSONWriter.base64` writes for them.
  public static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    guard let count = count(of: text) else { return nil }
    var isGood = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      isGood = decode(text, to: UnsafeMutableRawBufferPointer(bytes))
      written = count
    }
    return isGood ? bytes : nil
  }

  /// How many bytes a text stands for, if it is good; nil for a length that no text has.
  public static func count(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard text.count.isMultiple(of: 4) else { return nil }
    guard text.last == padding else { return text.count / 4 * 3 }
    return text.count / 4 * 3 - (text[text.count - 2] == padding ? 2 : 1)
  }

  /// Writes the bytes that a text stands for to the start of `bytes`, which has room for the `count` of them. False unless it
  /// is the one text that `JSONWriter.base64` writes for them; what stands in `bytes` is nothing then.
  public static func decode(_ text: UnsafeBufferPointer<UInt8>, to bytes: UnsafeMutableRawBufferPointer) -> Bool {
    guard let count = count(of: text), count <= bytes.count else { return false }
    let padded = text.count / 4 * 3 - count
    let plain = padded == 0 ? text.count : text.count - 4
    return values.withUnsafeBufferPointer { values in
      // A character that is none leaves 255 here, which no digit does.
      var seen: UInt8 = 0
      func digit(_ place: Int) -> UInt32 {
        let value = values[Int(text[place])]
        seen |= value
        return UInt32(value)
      }
      var to = 0
      for from in stride(from: 0, to: plain, by: 4) {
        let word = digit(from) << 18 | digit(from + 1) << 12 | digit(from + 2) << 6 | digit(from + 3)
        bytes[to] = UInt8(truncatingIfNeeded: word >> 16)
        bytes[to + 1] = UInt8(truncatingIfNeeded: word >> 8)
        bytes[to + 2] = UInt8(truncatingIfNeeded: word)
        to += 3
      }
      guard padded > 0 else { return seen < 64 }
      let word = digit(plain) << 12 | digit(plain + 1) << 6 | (padded == 1 ? digit(plain + 2) : 0)
      bytes[to] = UInt8(truncatingIfNeeded: word >> 10)
      if padded == 1 { bytes[to + 1] = UInt8(truncatingIfNeeded: word >> 2) }
      // What stands beyond the last whole byte must be nought: each value has one text.
      return seen < 64 && word & (padded == 1 ? 0x03 : 0x3FF) == 0
    }
  }
}
