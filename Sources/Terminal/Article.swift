import Base

/// An article of the documents: as much of Markdown as they use.
public struct Article: Equatable, Sendable {
  /// A part of an article.
  enum Block: Equatable {
    case heading(Int, String)
    case paragraph(String)
    /// `lead` is the mark before it: a hyphen, or a number.
    case item(lead: String, String)
    case row([String])
    case code([String])
  }

  let blocks: [Block]

  /// Reads the text of an article.
  public init(_ text: String) {
    var reading = Reading()
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reading.take(String(line)) }
    reading.close()
    blocks = reading.blocks
  }

  /// The title; empty when there is none.
  public var title: String {
    for case .heading(1, let title) in blocks { return Inline.plain(title) }
    return ""
  }

  /// The first paragraph, which says what the article is for.
  public var abstract: String {
    for case .paragraph(let text) in blocks { return Inline.plain(text) }
    return ""
  }
}

/// An article that is being read, line by line.
private struct Reading {
  var blocks: [Article.Block] = []
  private var code: [String]?
  private var isOpen = false
  private var isHeader = true

  mutating func take(_ line: String) {
    if line.hasPrefix("```") { return fence() }
    if code != nil {
      code?.append(line)
    } else if line.hasPrefix("|") {
      row(line)
    } else {
      isHeader = true
      prose(line)
    }
  }

  mutating func close() { if code != nil { fence() } }

  private mutating func fence() {
    if let code { blocks.append(.code(code)) }
    code = code == nil ? [] : nil
    isOpen = false
  }

  /// The first row of a table has its titles, the second is the rule under them: neither is told.
  private mutating func row(_ line: String) {
    isOpen = false
    let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.trimmed }
    if isHeader { return isHeader = false }
    if cells.allSatisfy({ $0.allSatisfy { $0 == "-" || $0 == ":" } && !$0.isEmpty }) { return }
    blocks.append(.row(cells))
  }

  private mutating func prose(_ line: String) {
    let text = line.trimmed
    if text.isEmpty { return isOpen = false }
    let level = line.prefix { $0 == "#" }.count
    if level > 0, line.dropFirst(level).first == " " {
      isOpen = false
      return blocks.append(.heading(level, line.dropFirst(level).trimmed))
    }
    if let lead = Self.lead(of: text) {
      isOpen = true
      return blocks.append(.item(lead: lead, text.dropFirst(lead.count).trimmed))
    }
    isOpen ? join(text) : blocks.append(.paragraph(text))
    isOpen = true
  }

  private mutating func join(_ text: String) {
    switch blocks.last {
    case .paragraph(let before): blocks[blocks.count - 1] = .paragraph("\(before) \(text)")
    case .item(let lead, let before): blocks[blocks.count - 1] = .item(lead: lead, "\(before) \(text)")
    default: blocks.append(.paragraph(text))
    }
  }

  /// `-`, or `3.`.
  private static func lead(of text: String) -> String? {
    if text.hasPrefix("- ") { return "-" }
    let digits = text.prefix(while: \.isNumber)
    return !digits.isEmpty && text.dropFirst(digits.count).hasPrefix(". ") ? "\(digits)." : nil
  }
}
