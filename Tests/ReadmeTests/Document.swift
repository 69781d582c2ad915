import Foundation

/// The README or an article, cut into what the tests look at.
struct Document {
  /// Where it lies, from the package's folder on.
  let path: String
  /// All lines outside fenced blocks; the fences are left out.
  let prose: [String]
  /// The lines of all fenced blocks.
  let fenced: [String]
  /// True when the last fence is closed.
  let isClosed: Bool

  init(_ path: String) throws {
    self.path = path
    var prose: [String] = []
    var fenced: [String] = []
    var isInside = false
    for line in try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("```") {
        isInside.toggle()
      } else if isInside {
        fenced.append(line)
      } else {
        prose.append(line)
      }
    }
    self.prose = prose
    self.fenced = fenced
    isClosed = !isInside
  }

  /// The file's name without its ending, by which `<doc:…>` finds an article.
  var name: String { String(path.split(separator: "/").last?.dropLast(3) ?? "") }

  /// The folder that it lies in.
  var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }

  // MARK: Parts

  /// A heading, and the lines up to the next one of its level or above.
  struct Section {
    let heading: String
    let lines: [String]

    /// What stands between single backticks.
    var spans: [String] { Document.spans(lines) }

    /// The cells of the first table's rows, its header and rule left out.
    var table: [[String]] { Document.rows(lines.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }) }
  }

  /// The sections of a level, 2 for `##`.
  func sections(_ level: Int) -> [Section] { Self.sections(level, in: prose) }

  /// The sections of a level among some lines.
  static func sections(_ level: Int, in lines: [String]) -> [Section] {
    let depths = lines.map { line in
      let marks = line.prefix { $0 == "#" }.count
      return line.dropFirst(marks).hasPrefix(" ") ? marks : 0
    }
    return lines.indices.filter { depths[$0] == level }.map { start in
      let end = lines.indices.first { $0 > start && (1...level).contains(depths[$0]) } ?? lines.endIndex
      return Section(heading: String(lines[start].dropFirst(level + 1)), lines: Array(lines[(start + 1)..<end]))
    }
  }

  /// The rows of the first table under a heading of the second level; none when there is no such heading.
  func table(under heading: String) -> [[String]] {
    sections(2).first { $0.heading == heading }?.table ?? []
  }

  /// The rows of all tables.
  var rows: [[String]] {
    prose.split { !$0.hasPrefix("|") }.flatMap { Self.rows($0) }
  }

  private static func rows(_ table: some Collection<String>) -> [[String]] {
    table.dropFirst(2).map { row in
      row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  /// What stands between single backticks outside fenced blocks.
  var spans: [String] { Self.spans(prose) }

  /// What stands between single backticks; a span may go on over a line's end.
  static func spans(_ lines: [String]) -> [String] {
    lines.joined(separator: "\n").split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element).replacing("\n", with: " ") }
  }

  /// All words of spans and fenced blocks.
  var words: [String] { (spans + fenced).flatMap { $0.split(separator: " ").map(String.init) } }

  /// The articles that `<doc:…>` names.
  var links: [String] {
    prose.joined(separator: "\n").matches(of: #/<doc:([^>]*)>/#).map { String($0.output.1) }
  }
}
