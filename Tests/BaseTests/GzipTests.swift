import Base
import Foundation
import Testing

/// Samples made with zlib 1.2.13; the bombs are written bit by bit.
@Suite("gzip within a bound")
struct GzipTests {
  private static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }

  static let samples: [(name: String, base64: String, text: String)] = [
    ("stored", "H4sIAAAAAAAEAwETAOz/aGVsbG8sIGhlbGxvLCBoZWxsb5+hygkTAAAA", "hello, hello, hello"),
    ("fixed code, overlapping copies", "H4sIAAAAAAACA8tIzcnJ11HIQKIAn6HKCRMAAAA=", "hello, hello, hello"),
    ("nothing", "H4sIAAAAAAACAwMAAAAAAAAAAAA=", ""),
    ("a file's name", "H4sICAUAAAAC/25hbWUuanNvbgDLS8xNTQEAh8zgcQUAAAA=", "named"),
    ("all parts of a header", "H4sIHgAAAAAAAwMAYWJjbgBjAOCtS8zJUUjLSUwvBgC9ocisCQAAAA==", "all flags"),
  ]

  @Test("is decompressed", arguments: samples)
  func sample(name: String, base64: String, text: String) throws {
    let decompressed = try Gzip.decompressed(Self.bytes(base64), limit: text.utf8.count)
    #expect(String(decoding: decompressed, as: UTF8.self) == text)
  }

  /// Forty users, as one page of a list has them.
  static let page = (0..<40).map { number in
    "{\"id\":\"u\(number)\",\"userName\":\"user\(number * 7 % 31)@contoso.example\","
      + "\"displayName\":\"User Number \(number)\",\"active\":\(number % 3 == 0 ? "false" : "true")},"
  }.joined()

  static let compressedPage = """
    H4sIAAAAAAACA6WWy0rDUBRFf0UyLtJzTp6O/ILO/IDYRii0tphGlOK/m0IHhex9YXNHKobFZcHi7Gux3xUvxbQuVsU0Dl+b/jjc/p5/Xb9uT5\
    +X03h6Hn764/kwzJ/s9uP50P/ev3qbv3raTMf3+ccN0G8v++/5Hx/9YRz+Vtc725bsRmLbA/vyNT2gfYm2UmI7ZceS7SaxgzspAbyV4CV9eLVka0\
    4qiq6Bb81JzZ00AK45aejDW+C7ktgtZXfg3RK6S7QDwtSc2Jo+3ECZplkx3qaBON01uifMoD47DR/88SBQ0QwP1EChJpqpEmZQpaKZmj8eZOq1Ru\
    edGgpVg7cJMyBVUUzHbxFI1TQxzlt10KqHRjduxkGsoS0A56fUQauiGZ6qg1RNNFMmzIBYXTTDD6qDVl1bR85bddCqaKZJmAGtmmiGX1VHZ1U0w2\
    MNEKtrKykSkzcsd08HP6zhuYM6Eqs3sid1JHZvlPmrmh/WqLJndfBWo84d1pFYv9Fkb+vgdzXa7HEdvNXosud1gBH8D0IMkbudDgAA
    """

  @Test("codes of a block's own, and copies from far away")
  func dynamic() throws {
    let decompressed = try Gzip.decompressed(Self.bytes(Self.compressedPage), limit: 10_000)
    #expect(String(decoding: decompressed, as: UTF8.self) == Self.page)
  }

  @Test("members one after the other are one text")
  func members() throws {
    let two = Self.bytes(Self.samples[0].base64) + Self.bytes(Self.samples[3].base64)
    #expect(try Gzip.decompressed(two, limit: 24) == Array("hello, hello, hellonamed".utf8))
    #expect(throws: Gzip.Failure.tooLarge) { try Gzip.decompressed(two, limit: 23) }
  }

  @Test("every cut is seen", arguments: [samples[0].base64, samples[1].base64, samples[4].base64, compressedPage])
  func cuts(base64: String) {
    let whole = Self.bytes(base64)
    for length in whole.indices {
      #expect(throws: Gzip.Failure.truncated, "\(length)") {
        try Gzip.decompressed(Array(whole.prefix(length)), limit: 10_000)
      }
    }
  }

  @Test("every changed bit is seen, but in what a header says of the file")
  func changes() {
    let whole = Self.bytes(Self.samples[1].base64)
    for place in whole.indices where !(3..<10).contains(place) {
      for bit in 0..<8 {
        var changed = whole
        changed[place] ^= 1 << bit
        #expect(throws: Gzip.Failure.self) { try Gzip.decompressed(changed, limit: 1000) }
      }
    }
  }

  @Test("what is no gzip", arguments: ["", "{\"a\":1}", "PK\u{3}\u{4}"])
  func others(text: String) {
    #expect(throws: Gzip.Failure.self) { try Gzip.decompressed(Array(text.utf8), limit: 1000) }
  }

  @Test("a bomb is refused at the bound: copies of one letter, and one member after the other")
  func bombs() {
    let began = ContinuousClock.now
    #expect(throws: Gzip.Failure.tooLarge) { try Gzip.decompressed(Bomb.copies(megabytes: 8), limit: 1 << 20) }
    let member = Self.bytes(Self.samples[0].base64)
    let many = [UInt8]((0..<10_000).map { _ in member }.joined())
    #expect(throws: Gzip.Failure.tooLarge) { try Gzip.decompressed(many, limit: 100_000) }
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test("codes with more words than can be told apart, or none")
  func codes() {
    // A block with codes of its own, whose lengths are themselves in a code of 19 words of seven bits, of one, and of none.
    for byte in [0xFF, 0x49, 0] as [UInt8] {
      let lengths = [UInt8](repeating: byte, count: 12)
      let block: [UInt8] = [0b1110_1101, 0b1111_1011] + lengths
      #expect(throws: Gzip.Failure.broken) { try Gzip.decompressed(Bomb.header + block, limit: 1000) }
    }
  }
}

/// Streams that become much larger than they are.
enum Bomb {
  static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

  /// One letter, and copies of it: 13 bits for 258 bytes (RFC 1951, sections 3.2.5 and 3.2.6).
  static func copies(megabytes: Int) -> [UInt8] {
    var bits = Bits(header)
    bits.put([1, 1, 0])
    bits.put([0, 0, 1, 1, 0, 0, 0, 0])
    for _ in 0..<(megabytes << 20) / 258 { bits.put([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]) }
    return bits.bytes
  }

  private struct Bits {
    var bytes: [UInt8]
    private var place = 8

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func put(_ bits: [UInt8]) {
      for bit in bits {
        if place == 8 {
          bytes.append(0)
          place = 0
        }
        bytes[bytes.count - 1] |= bit << UInt8(place)
        place += 1
      }
    }
  }
}
