/// Marks inside a line of an article.
enum Inline {
  /// A piece of a line.
  enum Piece: Equatable { case text(String), code(String), strong(String) }

  /// The pieces of a line; links are their text, and `<doc:…>` is the article's name.
  static func pieces(_ line: String) -> [Piece] {
    let line = line.replacing(#/\[([^\]]*)\]\([^)]*\)/#) { String($0.output.1) }
      .replacing(#/<doc:([^>]*)>/#) { "`provledger help \(Topic.word(of: String($0.output.1)))`" }
    var pieces: [Piece] = []
    for (index, part) in line.split(separator: "`", omittingEmptySubsequences: false).enumerated() where !part.isEmpty {
      pieces += index % 2 == 1 ? [.code(String(part))] : strong(String(part))
    }
    return pieces
  }

  private static func strong(_ text: String) -> [Piece] {
    text.split(separator: "**", omittingEmptySubsequences: false).enumerated().compactMap { index, part in
      part.isEmpty ? nil : index % 2 == 1 ? .strong(String(part)) : .text(String(part))
    }
  }

  /// The line without marks.
  static func plain(_ line: String) -> String {
    pieces(line).map { piece in
      switch piece {
      case .text(let text), .code(let text), .strong(let text): text
      }
    }.joined()
  }
}

/// The word by which an article is asked for.
public enum Topic {
  /// `EraseAndBackUp` is `erase-and-back-up`.
  public static func word(of name: String) -> String {
    name.enumerated().map { index, character in
      character.isUppercase && index > 0 ? "-\(character.lowercased())" : character.lowercased()
    }.joined()
  }
}
