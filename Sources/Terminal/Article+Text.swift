extension Article {
  /// The article as lines for a terminal, no wider than `width`, headings in bold where there are colours.
  public func lines(_ look: Table.Look) -> [String] {
    let width = look.width ?? 80
    var lines: [String] = []
    var before: Block?
    for block in blocks {
      if let before, !Self.areClose(before, block) { lines.append("") }
      lines += Self.lines(block, width, look)
      before = block
    }
    return lines
  }

  private static func lines(_ block: Block, _ width: Int, _ look: Table.Look) -> [String] {
    switch block {
    case .heading(let level, let text):
      let title = level == 1 ? Inline.plain(text).uppercased() : Inline.plain(text)
      return title.wrapped(to: width).map { look.isColoured ? Tone.heading.painted($0) : $0 }
    case .paragraph(let text): return Inline.plain(text).wrapped(to: width)
    case .item(let lead, let text):
      return "\(lead) \(Inline.plain(text))".wrapped(to: width, indent: lead.count + 1)
    case .row(let cells):
      let rest = cells.dropFirst().map(Inline.plain).filter { !$0.isEmpty }.joined(separator: "; ")
      return Inline.plain(cells.first ?? "").wrapped(to: width, indent: 2) + "    \(rest)".wrapped(to: width)
    // What is to be copied is not touched.
    case .code(let code): return code.map { "    \($0)" }
    }
  }

  /// Items of one list, and rows of one table, stand close.
  private static func areClose(_ one: Block, _ other: Block) -> Bool {
    switch (one, other) {
    case (.item, .item), (.row, .row): true
    default: false
    }
  }
}
