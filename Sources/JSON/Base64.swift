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
    guard text.count.isMultiple(of: 4) else { return nil }
    guard let last = text.last else { return [] }
    let padded = last != padding ? 0 : text[text.count - 2] != padding ? 1 : 2
    let count = text.count / 4 * 3 - padded
    // One character that is none makes this 255; the bits of a wrong end make the last byte too much.
    var seen: UInt8 = 0
    var rest: UInt32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      values.withUnsafeBufferPointer { values in
        var to = 0
        for from in stride(from: 0, to: text.count, by: 4) {
          let isLast = from + 4 == text.count
          var word: UInt32 = 0
          for place in 0..<4 {
            let isPadding = isLast && place >= 4 - padded
            let value = isPadding ? 0 : values[Int(text[from + place])]
            seen |= value
            word = word << 6 | UInt32(value & 63)
          }
          for place in 0..<3 {
            let byte = UInt8(truncatingIfNeeded: word >> (16 - 8 * UInt32(place)))
            if to < count {
              bytes[to] = byte
              to += 1
            } else {
              rest |= UInt32(byte)
            }
          }
        }
      }
      written = count
    }
    return seen < 64 && rest == 0 ? bytes : nil
  }
}
