/// Decompresses DEFLATE (RFC 1951).
enum Inflate {
  /// Appends what one stream stands for. Throws `Gzip.Failure`.
  static func run(_ reader: inout BitReader, into output: inout [UInt8], limit: Int) throws(Gzip.Failure) {
    let start = output.count
    var isLast = false
    while !isLast {
      isLast = try reader.bits(1) == 1
      switch try reader.bits(2) {
      case 0: try stored(&reader, &output, limit)
      case 1: try block(&reader, &output, limit, from: start, fixed.literals, fixed.distances)
      case 2:
        let (literals, distances) = try codes(&reader)
        try block(&reader, &output, limit, from: start, literals, distances)
      default: throw .broken
      }
    }
  }

  /// Section 3.2.4: bytes as they are.
  private static func stored(
    _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int
  ) throws(Gzip.Failure) {
    reader.align()
    let length = Int(try reader.number(bytes: 2))
    guard try reader.number(bytes: 2) == UInt32(length ^ 0xFFFF) else { throw .broken }
    guard output.count + length <= limit else { throw .tooLarge }
    for _ in 0..<length { output.append(UInt8(try reader.bits(8))) }
  }

  /// Sections 3.2.3 and 3.2.5: literals, and copies of what went before.
  private static func block(
    _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int, from start: Int,
    _ literals: HuffmanCode, _ distances: HuffmanCode
  ) throws(Gzip.Failure) {
    while true {
      let symbol = try literals.symbol(&reader)
      if symbol == 256 { return }
      if symbol < 256 {
        guard output.count < limit else { throw .tooLarge }
        output.append(UInt8(symbol))
        continue
      }
      let length = try value(symbol - 257, lengths, &reader)
      let distance = try value(distances.symbol(&reader), self.distances, &reader)
      guard distance <= output.count - start else { throw .broken }
      guard output.count + length <= limit else { throw .tooLarge }
      for place in output.count - distance..<output.count - distance + length { output.append(output[place]) }
    }
  }

  private static func value(
    _ symbol: Int, _ table: [(base: Int, bits: Int)], _ reader: inout BitReader
  ) throws(Gzip.Failure) -> Int {
    guard symbol < table.count else { throw .broken }
    return table[symbol].base + (try reader.bits(table[symbol].bits))
  }

  // MARK: Codes

  private static let lengths = table(from: 3, bits: [0] + Array(0..<6), each: 4) + [(base: 258, bits: 0)]
  private static let distances = table(from: 1, bits: [0] + Array(0..<14), each: 2)

  /// The tables of section 3.2.5: so many values in a row share a number of extra bits.
  private static func table(from first: Int, bits: [Int], each: Int) -> [(base: Int, bits: Int)] {
    var next = first
    return bits.flatMap { bits in
      (0..<each).map { _ in
        defer { next += 1 << bits }
        return (next, bits)
      }
    }
  }

  /// Section 3.2.6.
  private static let fixed = (
    literals: HuffmanCode(
      [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
        + [Int](repeating: 8, count: 8)) ?? HuffmanCode(),
    distances: HuffmanCode([Int](repeating: 5, count: 30)) ?? HuffmanCode()
  )

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// Section 3.2.7: the codes of a block stand before it, compressed themselves.
  private static func codes(
    _ reader: inout BitReader
  ) throws(Gzip.Failure) -> (literals: HuffmanCode, distances: HuffmanCode) {
    let literals = try reader.bits(5) + 257
    let distances = try reader.bits(5) + 1
    var lengths = [Int](repeating: 0, count: 19)
    for place in order.prefix(try reader.bits(4) + 4) { lengths[place] = try reader.bits(3) }
    guard literals <= 286, let code = HuffmanCode(lengths) else { throw .broken }
    let all = try repeated(literals + distances, code, &reader)
    guard all[256] > 0, let first = HuffmanCode(all.prefix(literals)), let second = HuffmanCode(all.dropFirst(literals))
    else { throw .broken }
    return (first, second)
  }

  private static func repeated(
    _ count: Int, _ code: HuffmanCode, _ reader: inout BitReader
  ) throws(Gzip.Failure) -> [Int] {
    var lengths: [Int] = []
    while lengths.count < count {
      let symbol = try code.symbol(&reader)
      switch symbol {
      case ..<16: lengths.append(symbol)
      case 16:
        guard let last = lengths.last else { throw .broken }
        lengths += [Int](repeating: last, count: try reader.bits(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try reader.bits(3) + 3)
      default: lengths += [Int](repeating: 0, count: try reader.bits(7) + 11)
      }
    }
    guard lengths.count == count else { throw .broken }
    return lengths
  }
}

/// A prefix code in the form that RFC 1951, section 3.2.2, derives from the lengths of its words.
struct HuffmanCode {
  /// Symbol and length of the word that some bits begin with, by these bits; length 0 for no word.
  private var words: [(symbol: UInt16, length: UInt8)] = [(0, 0)]
  private var longest = 0

  /// A code without a word.
  init() {}

  /// The code of these lengths, 0 to 15; nil when there are more words than can be told apart.
  init?(_ lengths: some Collection<Int>) {
    longest = lengths.max() ?? 0
    words = [(UInt16, UInt8)](repeating: (0, 0), count: 1 << longest)
    var word = 0
    for length in 1..<(longest + 1) {
      for (symbol, own) in lengths.enumerated() where own == length {
        guard word < 1 << length else { return nil }
        let start = Self.reversed(word, length)
        for place in stride(from: start, to: words.count, by: 1 << length) {
          words[place] = (UInt16(symbol), UInt8(length))
        }
        word += 1
      }
      word <<= 1
    }
  }

  /// Takes one word. Throws `Gzip.Failure`.
  func symbol(_ reader: inout BitReader) throws(Gzip.Failure) -> Int {
    let word = words[reader.peek(longest)]
    guard word.length > 0 else { throw reader.isAtEnd ? .truncated : .broken }
    try reader.drop(Int(word.length))
    return Int(word.symbol)
  }

  private static func reversed(_ word: Int, _ length: Int) -> Int {
    (0..<length).reduce(0) { $0 | (word >> $1 & 1) << (length - 1 - $1) }
  }
}
