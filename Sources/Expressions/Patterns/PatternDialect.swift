/// Carries a pattern of .NET's regular expressions over to ICU's (Microsoft Learn, "Regular Expression Language - Quick
/// Reference"): what is only spelt otherwise is rewritten, and what ICU does not have is refused by name.
///
/// Every group is carried over without its name: .NET numbers those with names behind the others, and ICU in their order.
struct PatternDialect {
  /// Options that change how a pattern is read (Microsoft Learn, "Regular expression options"); ICU is told the others.
  struct Options {
    /// White space and comments do not count.
    var isSpaced = false
    /// Groups without a name capture nothing.
    var isExplicit = false
  }

  private static let quantifiers: [Unicode.Scalar] = ["*", "+", "?"]

  var scanner: PatternScanner
  private var parts: [Part] = []
  private var groups = PatternGroups()
  private var options = Options()
  /// The options around each group that is open.
  private var around: [Options] = []

  private enum Part {
    case text(String)
    /// What a group has matched.
    case reference(String)
  }

  /// The pattern for ICU, and its groups as .NET counts them.
  static func carry(_ pattern: String) throws(PatternFlaw) -> (pattern: String, groups: PatternGroups) {
    var dialect = PatternDialect(scanner: PatternScanner(pattern))
    while let next = dialect.scanner.next { try dialect.step(next) }
    return (try dialect.resolved(), dialect.groups)
  }

  private init(scanner: PatternScanner) { self.scanner = scanner }

  private mutating func emit(_ text: String) { parts.append(.text(text)) }

  /// References stand apart, so that a digit behind one is none of its own.
  private func resolved() throws(PatternFlaw) -> String {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .reference(let name):
        guard let place = groups.place(of: name), place > 0 else {
          throw .unreadable("The pattern refers to the group `\(name.shortened)`, which it does not have.")
        }
        text += "(?:\\\(place))"
      }
    }
    return text
  }

  private mutating func step(_ next: Unicode.Scalar) throws(PatternFlaw) {
    switch next {
    case "\\": try escape()
    case "[":
      let text = try PatternClass.carry(&scanner)
      emit(text)
    case "(": try open()
    case ")":
      options = around.popLast() ?? options
      emit(scanner.take())
    case _ where Self.quantifiers.contains(next) || next == "{" && scanner.quantifier != nil: try quantify()
    case "{", "}", "]": emit("\\" + scanner.take())
    case "#" where options.isSpaced: scanner.skip { $0 != "\n" }
    case _ where options.isSpaced && next.properties.isPatternWhitespace: _ = scanner.take()
    default: emit(scanner.take())
    }
  }

  /// A quantifier, lazy perhaps. ICU takes a second one for another kind; .NET takes none.
  private mutating func quantify() throws(PatternFlaw) {
    emit(scanner.take(scanner.quantifier ?? 1))
    if scanner.next == "?" { emit(scanner.take()) }
    guard let next = scanner.next else { return }
    if Self.quantifiers.contains(next) || next == "{" && scanner.quantifier != nil {
      throw .unreadable("The pattern has a quantifier behind another; put what is repeated into a group.")
    }
  }

  // MARK: Escapes

  private mutating func escape() throws(PatternFlaw) {
    if scanner.looksAt("\\k<") || scanner.looksAt("\\k'") {
      let name = try scanner.name(opening: 3) { $0 == "<" ? ">" : "'" }
      return parts.append(.reference(name))
    }
    guard let letter = scanner.peek(1) else { return emit(scanner.take()) }
    switch letter {
    case "1"..."9":
      _ = scanner.take()
      parts.append(.reference(scanner.digits()))
    case "Z":
      _ = scanner.take(2)
      emit("(?=\\n?\\z)")
    case "v":
      _ = scanner.take(2)
      emit("\\x0B")
    default:
      let text = try scanner.plainEscape(knowing: "aABbcdDefGnpPrsStuwWxzk")
      emit(text)
    }
  }

  // MARK: Groups

  private mutating func open() throws(PatternFlaw) {
    if scanner.looksAt("(?(") {
      throw .unreadable("The pattern has a conditional (?(…)…|…), which is not supported; use two mappings or IIF.")
    }
    if scanner.looksAt("(?#") {
      scanner.skip { $0 != ")" }
      _ = scanner.take()
      return
    }
    if scanner.looksAt("(?<=") || scanner.looksAt("(?<!") { return enter(scanner.take(4)) }
    if scanner.looksAt("(?<") || scanner.looksAt("(?'") { return try named() }
    if let flags = scanner.flags { return set(flags) }
    if scanner.looksAt("(?") { return enter(scanner.take(3)) }
    if !options.isExplicit { groups.addUnnamed() }
    _ = scanner.take()
    enter(options.isExplicit ? "(?:" : "(")
  }

  private mutating func enter(_ text: String) {
    around.append(options)
    emit(text)
  }

  /// `(?i)` counts to the end of the group around it, `(?i:…)` to its own.
  private mutating func set(_ flags: String) {
    let isGroup = scanner.peek(flags.unicodeScalars.count + 2) == ":"
    _ = scanner.take(flags.unicodeScalars.count + 3)
    let (on, off) = (flags.prefix { $0 != "-" }, flags.drop { $0 != "-" }.dropFirst())
    func carried(_ some: Substring) -> String { some.filter { $0 != "x" && $0 != "n" } }
    let minus = carried(off).isEmpty ? "" : "-" + carried(off)
    let isPlain = carried(on).isEmpty && minus.isEmpty
    if isGroup { enter("(?\(carried(on))\(minus):") } else if !isPlain { emit("(?\(carried(on))\(minus))") }
    if on.contains("x") { options.isSpaced = true }
    if on.contains("n") { options.isExplicit = true }
    if off.contains("x") { options.isSpaced = false }
    if off.contains("n") { options.isExplicit = false }
  }

  private mutating func named() throws(PatternFlaw) {
    let name = try scanner.name(opening: 3) { $0 == "<" ? ">" : "'" }
    if name.contains("-") {
      throw .unreadable("The pattern has a balancing group (?<\(name.shortened)>…), which is not supported.")
    }
    guard let first = name.unicodeScalars.first, first.isWordCharacter, first.properties.numericType == nil,
      name.unicodeScalars.allSatisfy(\.isWordCharacter)
    else {
      throw .unreadable("The group `\(name.shortened)` needs a name of letters and digits that begins with a letter.")
    }
    guard groups.addNamed(name) else {
      throw .unreadable("The pattern has two groups `\(name.shortened)`; give each a name of its own.")
    }
    enter("(")
  }
}
