/// The terminal's second screen, which leaves the first one as it was (xterm's control sequences, private mode 1049).
public enum AlternateScreen {
  /// Goes there, and hides the cursor.
  public static let enter = "\u{1B}[?1049h\u{1B}[?25l"
  /// Comes back.
  public static let leave = "\u{1B}[?25h\u{1B}[?1049l"

  /// Draws lines over what is there; those that do not fit are left out, with a word about it in the last one.
  public static func frame(_ lines: [String], height: Int) -> String {
    let cut = lines.count > height
    var shown = Array(lines.prefix(cut ? max(0, height - 1) : height))
    if cut { shown.append("… \(lines.count - shown.count) more lines; make the window higher") }
    return "\u{1B}[H" + shown.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
  }
}
