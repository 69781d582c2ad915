/// Text that came from outside, as it may be shown: it must not steer a terminal, nor look like a line of ours.
public enum OutsideText {
  /// Whether a scalar steers rather than shows: control characters, line and paragraph separators, marks and overrides of
  /// direction (UAX #9), invisible operators, the byte order mark, tags.
  public static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
      0xE0000...0xE007F:
      true
    default: false
    }
  }

  /// The text with a replacement character in the place of each that steers.
  public static func cleaned(_ text: String, keeping kept: Set<Unicode.Scalar> = []) -> String {
    func goes(_ scalar: Unicode.Scalar) -> Bool { isSteering(scalar) && !kept.contains(scalar) }
    guard text.unicodeScalars.contains(where: goes) else { return text }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { scalars.append(goes(scalar) ? "\u{FFFD}" : scalar) }
    return String(scalars)
  }

  /// A text of JSON with the same meaning, in which each scalar that steers is escaped. All of them stand inside strings,
  /// where JSON text has any that is not ASCII.
  public static func escaped(json text: String) -> String {
    guard text.unicodeScalars.contains(where: isSteering) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      guard isSteering(scalar) else {
        escaped.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 { escaped += "\\u" + Hex.text([UInt8(unit >> 8), UInt8(unit & 0xFF)]) }
    }
    return escaped
  }
}
