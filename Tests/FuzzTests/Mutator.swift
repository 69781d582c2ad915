import Base

/// Spoils bytes as a broken program, a bad line or a person with bad intentions would, the same way for the same seed.
struct Mutator {
  private var random: SeededGenerator
  private let samples: [[UInt8]]

  init(seed: UInt64, samples: [[UInt8]]) {
    random = SeededGenerator(seed: seed)
    self.samples = samples
  }

  /// The numbers that programs trip over: the borders of their types, and what is just beyond them.
  static let numbers = [
    "-1", "0", "1", "255", "256", "65535", "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296",
    "9007199254740993", "9223372036854775806", "9223372036854775807", "9223372036854775808", "-9223372036854775807",
    "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e308", "1e309",
    "-0", "00", "1.5", "0x10", "NaN", String(repeating: "9", count: 400),
  ]

  private static let pieces: [[UInt8]] = [
    [], [0], [0x0A], [0x0D, 0x0A], [0x0A, 0x0A], [0x22], [0x5C], [0x2C], [0x3A], [0x7B], [0x5B], [0x7D], [0x5D],
    [0xEF, 0xBB, 0xBF], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x80, 0xA8], Array("\\ud800".utf8),
    Array("null".utf8), Array("true".utf8), Array("{}".utf8), Array("[]".utf8), Array("\"\"".utf8), Array("— ".utf8),
    Array(String(repeating: "[", count: 3000).utf8), Array(String(repeating: "a", count: 70_000).utf8),
    Array("&a *a".utf8), Array("!!binary".utf8),
  ]

  /// A sample, spoiled in one to six places.
  mutating func next() -> [UInt8] {
    var bytes = samples[below(samples.count)]
    for _ in 0...below(6) { spoil(&bytes) }
    return bytes
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

  private mutating func spoil(_ bytes: inout [UInt8]) {
    let place = below(bytes.count + 1)
    switch below(8) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
    case 1: bytes.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place)
    case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(40)))
    case 3: bytes.removeSubrange(place...)
    case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + below(200))], at: place)
    case 5: splice(&bytes, at: place)
    default: renumber(&bytes, near: place)
    }
  }

  private mutating func splice(_ bytes: inout [UInt8], at place: Int) {
    let other = samples[below(samples.count)]
    let start = below(other.count + 1)
    bytes.replaceSubrange(place..., with: other[start...])
  }

  /// Another number in the place of the next one.
  private mutating func renumber(_ bytes: inout [UInt8], near place: Int) {
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let start = bytes[place...].firstIndex(where: isDigit) ?? bytes.firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.endIndex
    bytes.replaceSubrange(start..<end, with: Array(Self.numbers[below(Self.numbers.count)].utf8))
  }
}
