import Base

/// Random texts of JSON, and random damage to them.
struct RandomText {
  var dice: Dice

  init(seed: UInt64) { dice = Dice(seed: seed) }

  // MARK: Valid texts

  /// One document, with white space in all places that allow it.
  mutating func document() -> [UInt8] { Array((space() + value(depth: 0) + space()).utf8) }

  private mutating func space() -> String {
    dice.odds(75) ? "" : (0...dice.below(3)).map { _ in dice.pick([" ", "\n", "\t", "\r"]) }.joined()
  }

  private mutating func value(depth: Int) -> String {
    // Few documents go deep, and those that do not end soon.
    switch dice.below(depth > 5 ? 5 : 10) {
    case 0: return "null"
    case 1: return dice.pick(["true", "false"])
    case 2, 3: return number()
    case 4, 5: return string()
    case 6, 7: return array(depth: depth)
    default: return object(depth: depth)
    }
  }

  private mutating func array(depth: Int) -> String {
    let elements = (0..<dice.below(5)).map { _ in space() + value(depth: depth + 1) + space() }
    return "[\(elements.isEmpty ? space() : elements.joined(separator: ","))]"
  }

  private mutating func object(depth: Int) -> String {
    let count = dice.odds(5) ? 20 : dice.below(5)
    let members = (0..<count).map { place in
      // Almost all names differ; a doubled one is found by chance.
      let name = dice.odds(95) ? "\"\(place)\(string().dropFirst())" : string()
      return space() + name + space() + ":" + space() + value(depth: depth + 1) + space()
    }
    return "{\(members.isEmpty ? space() : members.joined(separator: ","))}"
  }

  private mutating func digits() -> String {
    (0...dice.below(dice.odds(90) ? 4 : 24)).map { _ in String(dice.below(10)) }.joined()
  }

  private mutating func number() -> String {
    var text = dice.odds(30) ? "-" : ""
    text += dice.odds(20) ? "0" : String(1 + dice.below(9)) + (dice.odds(50) ? "" : digits())
    if dice.odds(25) { text += "." + digits() }
    if dice.odds(15) { text += dice.pick(["e", "E"]) + dice.pick(["", "+", "-"]) + String(dice.below(330)) }
    return text
  }

  private static let pieces = [
    "a", "Zz", "0123456789", " ", "/", "é", "e\u{301}", "ß", "€", "名", "😀", "👩‍💻", "\u{7F}", "\u{85}", "\u{2028}",
    "\u{FEFF}", "\u{FFFD}", "\u{FFFF}",
    "\u{10FFFF}", #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u001F"#, #"\u0041"#,
    #"\u00e9"#, #"\uD83D\uDE00"#,
    #"\ufffe"#, "null", "{", "]", ",", ":",
  ]

  private mutating func string() -> String {
    "\"" + (0..<dice.below(6)).map { _ in dice.pick(Self.pieces) }.joined() + "\""
  }

  // MARK: Damage

  private static let tokens: [[UInt8]] =
    [
      "[", "]", "{", "}", ",", ":", "\"", "\\", "0", "-", ".", "e", "+", "null", "true", "\"a\":", "\\u", "\\ud800",
      "\\udc00", " ", "\n", "é", "\u{0}",
      "\u{1F}", "\u{FEFF}", "1e999", "[[[[", "/", "'", "NaN",
    ].map { Array($0.utf8) } + [[0x80], [0xBF], [0xC0], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4], [0xFF]]

  /// A document with one to three damages.
  mutating func spoilt() -> [UInt8] {
    var bytes = document()
    for _ in 0...dice.below(3) { damage(&bytes) }
    return bytes
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    let place = dice.below(bytes.count + 1)
    let end = min(bytes.count, place + dice.below(6))
    switch dice.below(8) {
    case 0: if place < bytes.count { bytes[place] ^= 1 << UInt8(dice.below(8)) }
    case 1: if place < bytes.count { bytes[place] = UInt8(dice.below(256)) }
    case 2: bytes.removeSubrange(place..<end)
    case 3: bytes.insert(contentsOf: Array(bytes[place..<end]), at: dice.below(bytes.count + 1))
    case 4: bytes.removeLast(bytes.count - place)
    case 5: bytes.replaceSubrange(place..., with: document().suffix(dice.below(20)))
    default: bytes.replaceSubrange(dice.odds(70) ? place..<place : place..<end, with: dice.pick(Self.tokens))
    }
  }
}
