import Base
import JSON

/// The tokens of links: opaque, another each time, and refused when a byte of them differs.
///
/// They hold a literal `+` now and then, as Graph's do: whoever reads it as a space, or encodes it anew, gets nothing.
enum OpaqueText {
  private static let checkLength = 4

  /// The text of some bytes; equal bytes under another `nonce` look different.
  static func seal(_ bytes: [UInt8], nonce: UInt64) -> String {
    let head = (0..<8).map { UInt8(truncatingIfNeeded: nonce >> ($0 * 8)) }
    var writer = JSONWriter()
    (head + masked(bytes + check(bytes), nonce)).withUnsafeBytes { writer.base64($0) }
    return String(decoding: writer.bytes.filter { $0 != UInt8(ascii: "=") }.map(outside), as: UTF8.self)
  }

  /// The bytes behind a text; nil for one that was not made here.
  static func open(_ text: String) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    let inside = String(decoding: text.utf8.map(Self.inside), as: UTF8.self)
    guard let sealed = Base64.decode(inside + padding), sealed.count >= 8 + checkLength else { return nil }
    let nonce = sealed.prefix(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let plain = masked(Array(sealed.dropFirst(8)), nonce)
    let bytes = Array(plain.dropLast(checkLength))
    return Array(plain.suffix(checkLength)) == check(bytes) ? bytes : nil
  }

  // `/` would end a segment of a path.
  private static func outside(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte }
  private static func inside(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "_") ? UInt8(ascii: "/") : byte }

  private static func masked(_ bytes: [UInt8], _ nonce: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: nonce)
    return bytes.map { $0 ^ UInt8(truncatingIfNeeded: generator.next()) }
  }

  /// FNV-1a of 32 bits (Fowler, Noll and Vo): enough against mistakes, and nobody is kept out by it.
  private static func check(_ bytes: [UInt8]) -> [UInt8] {
    let hash = bytes.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return (0..<checkLength).map { UInt8(truncatingIfNeeded: hash >> (UInt32($0) * 8)) }
  }
}
