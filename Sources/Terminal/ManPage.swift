/// A page of the manual, in the man macros (groff_man(7)).
public enum ManPage {
  /// An article as a page of section 7.
  public static func of(_ article: Article, name: String, version: String) -> String {
    let page = article.blocks.drop { if case .heading(1, _) = $0 { true } else { false } }.map(roff)
    return header(name, section: 7, version) + title(name, article.title) + ".SH DESCRIPTION\n" + page.joined()
  }

  /// The page of the command, section 1: what it is for, and the help of each of its verbs.
  public static func command(
    _ name: String, abstract: String, verbs: [(words: String, help: String)], topics: [String], version: String
  ) -> String {
    let help = verbs.map { ".SS \(escaped($0.words))\n.nf\n\(literal($0.help)).fi\n" }.joined()
    let also = topics.map { ".BR \(escaped("\(name)-\($0)")) (7)" }.joined(separator: ",\n")
    return header(name, section: 1, version) + title(name, abstract)
      + ".SH SYNOPSIS\n.B \(name)\n.I verb\n[\\fIoptions\\fR]\n.SH VERBS\n\(help).SH SEE ALSO\n\(also)\n"
  }

  private static func header(_ name: String, section: Int, _ version: String) -> String {
    ".TH \(name.uppercased()) \(section) \"\" \"provledger \(version)\" \"ProvisioningLedger\"\n"
  }

  private static func title(_ name: String, _ what: String) -> String {
    ".SH NAME\n\(escaped(name)) \\- \(escaped(what))\n"
  }

  private static func roff(_ block: Article.Block) -> String {
    switch block {
    case .heading(let level, let text): ".\(level <= 2 ? "SH" : "SS") \(escaped(Inline.plain(text)))\n"
    case .paragraph(let text): ".PP\n\(inline(text))\n"
    case .item(let lead, let text): ".IP \(lead == "-" ? "\\(bu" : lead) 4\n\(inline(text))\n"
    case .row(let cells):
      ".TP\n\(inline(cells.first ?? ""))\n"
        + inline(cells.dropFirst().filter { !$0.isEmpty }.joined(separator: "; ")).ifEmpty("\\&") + "\n"
    case .code(let code): ".PP\n.in +4n\n.nf\n\(literal(code.joined(separator: "\n"))).fi\n.in\n"
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

extension String {
  fileprivate func ifEmpty(_ other: String) -> String { isEmpty ? other : self }
}
