/// Help as the parser writes it, set for a terminal: paragraphs are filled, and what stands in columns stays there.
public enum HelpText {
  /// The text in lines of no more than `width` columns. `text` has none that was wrapped already.
  public static func fitted(_ text: String, width: Int) -> String {
    paragraphs(text).flatMap { $0.wrapped(to: width, indent: indent(of: $0)) }.joined(separator: "\n")
  }

  /// Neighbouring lines that begin at the margin are one paragraph, unless the first announces the next.
  private static func paragraphs(_ text: String) -> [String] {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if let last = lines.last, isProse(last), isProse(line), last.last != ":" {
        lines[lines.count - 1] = "\(last) \(line)"
      } else {
        lines.append(line)
      }
    }
    return lines
  }

  private static func isProse(_ line: String) -> Bool {
    guard let first = line.first, first != " " else { return false }
    return !["USAGE:", "Usage:", "Error:", "Help:"].contains { line.hasPrefix($0) }
  }

  /// Where a line goes on: behind its first column, if it has two.
  private static func indent(of line: String) -> Int? {
    if line.hasPrefix("USAGE:") || line.hasPrefix("Usage:") { return 7 }
    let own = line.prefix { $0 == " " }.count
    guard own > 0, let gap = line.dropFirst(own).firstRange(of: "  ") else { return nil }
    let second = line[gap.lowerBound...].firstIndex { $0 != " " } ?? line.endIndex
    return line[..<second].columns
  }
}
