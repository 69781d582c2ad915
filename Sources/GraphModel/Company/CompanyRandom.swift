import Base

/// What the company draws: the same from the same seed on every platform and Swift version, which the standard
/// library's `random(in:using:)` does not promise.
struct CompanyRandom: Equatable, Sendable {
  private var source: SeededGenerator

  init(seed: UInt64) { source = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { source.next() }

  /// A number from 0 to `bound` - 1; `bound` is positive.
  mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

  /// True once in `times`.
  mutating func once(in times: Int) -> Bool { below(times) == 0 }

  /// An element of a list that is not empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// A GUID of version 4, lower case.
  mutating func guid() -> String {
    let high = next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    var text: [UInt8] = []
    for (word, dashes) in [(high, [8, 12]), (low, [0, 4])] {
      for digit in 0..<16 {
        if dashes.contains(digit) { text.append(UInt8(ascii: "-")) }
        let value = UInt8(word >> UInt64(60 - 4 * digit) & 0xF)
        text.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
