/// A page of the manual, in the man macros (groff_man(7)).
public enum ManPage {
  /// An article as a page of section 7, of a day such as `2026-11-28`.
  public static func of(_ article: Article, name: String, version: String, day: String) -> String {
    let blocks = article.blocks.drop { $0.isHeading(1) }
    let before = [nil] + blocks.map(Optional.some)
    let page = zip(blocks, before).map { roff($0, opens: $1.map { $0.isHeading() } ?? true) }
    return header(name, section: 7, version, day) + title(name, article.title) + ".SH DESCRIPTION\n" + page.joined()
  }

  /// The page of the command, section 1: what it is for, and the help of each of its verbs.
  public static func command(
    _ name: String, abstract: String, verbs: [(words: String, help: String)], topics: [String], version: String,
    day: String
  ) -> String {
    let help = verbs.map { ".SS \(escaped($0.words))\n.nf\n\(literal($0.help)).fi\n" }.joined()
    let also = topics.map { ".BR \(escaped("\(name)-\($0)")) (7)" }.joined(separator: ",\n")
    return header(name, section: 1, version, day) + title(name, abstract)
      + ".SH SYNOPSIS\n.B \(name)\n.I verb\n[\\fIoptions\\fR]\n.SH VERBS\n\(help).SH SEE ALSO\n\(also)\n"
  }

  private static func header(_ name: String, section: Int, _ version: String, _ day: String) -> String {
    ".TH \(name.uppercased()) \(section) \"\(day)\" \"provledger \(version)\" \"ProvisioningLedger\"\n"
  }

  private static func title(_ name: String, _ what: String) -> String {
    ".SH NAME\n\(escaped(name)) \\- \(escaped(what))\n"
  }

  /// A heading opens a paragraph by itself.
  private static func roff(_ block: Article.Block, opens: Bool) -> String {
    let begin = opens ? "" : ".PP\n"
    return switch block {
    case .heading(let level, let text): ".\(level <= 2 ? "SH" : "SS") \(escaped(Inline.plain(text)))\n"
    case .paragraph(let text): "\(begin)\(inline(text))\n"
    case .item(let lead, let text): ".IP \(lead == "-" ? "\\(bu" : lead) 4\n\(inline(text))\n"
    case .row(let cells):
      ".TP\n\(inline(cells.first ?? ""))\n"
        + inline(cells.dropFirst().filter { !$0.isEmpty }.joined(separator: "; ")).ifEmpty("\\&") + "\n"
    case .code(let code): "\(begin).in +4n\n.nf\n\(literal(code.joined(separator: "\n"))).fi\n.in\n"
    }
  }

  private static func inline(_ text: String) -> String {
    let line = Inline.pieces(text).map { piece in
      switch piece {
      case .text(let text): escaped(text)
      case .code(let text), .strong(let text): "\\fB\(escaped(text))\\fR"
      }
    }.joined()
    return guarded(line)
  }

  /// Lines as they are.
  private static func literal(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { guarded(escaped(String($0))) + "\n" }.joined()
  }

  /// A period or an apostrophe at the beginning of a line would be a request.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : line
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("'", with: "\\(aq")
      .replacing("`", with: "\\(ga").replacing("^", with: "\\(ha").replacing("~", with: "\\(ti")
  }
}

extension Article.Block {
  /// Whether it is a heading, of this level if one is named.
  fileprivate func isHeading(_ wanted: Int? = nil) -> Bool {
    if case .heading(let level, _) = self { wanted == nil || wanted == level } else { false }
  }
}

extension String {
  fileprivate func ifEmpty(_ other: String) -> String { isEmpty ? other : self }
}
