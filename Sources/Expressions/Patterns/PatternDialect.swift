/// Carries a pattern of .NET's regular expressions over to ICU's (Microsoft Learn, "Regular Expression Language - Quick
/// Reference"): what is only spelt otherwise is rewritten, and what ICU does not have is refused by name.
struct PatternDialect {
  private let characters: [Character]
  private var index = 0
  private var carried = ""
  private(set) var names: [String] = []

  /// The pattern for ICU, and the names of its groups.
  static func carry(_ pattern: String) throws(PatternFlaw) -> (pattern: String, names: [String]) {
    var dialect = PatternDialect(characters: Array(pattern))
    while dialect.index < dialect.characters.count { try dialect.step() }
    return (dialect.carried, dialect.names)
  }

  private init(characters: [Character]) { self.characters = characters }

  private func looksAt(_ text: String) -> Bool { characters[index...].starts(with: text) }

  private mutating func keep(_ count: Int = 1) {
    let end = min(characters.count, index + count)
    carried += String(characters[index..<end])
    index = end
  }

  private mutating func step() throws(PatternFlaw) {
    switch characters[index] {
    case "\\": reference()
    case "[": characterClass()
    case "(": try group()
    case "{" where quantifier == nil: literal()
    case "{": keep(quantifier ?? 1)
    case "}": literal()
    default: keep()
    }
  }

  /// `\k'name'` is `\k<name>`.
  private mutating func reference() {
    if ["\\p{", "\\P{"].contains(where: looksAt), let end = characters[index...].firstIndex(of: "}") {
      return keep(end - index + 1)
    }
    guard looksAt("\\k'"), let end = characters[(index + 3)...].firstIndex(of: "'") else { return keep(2) }
    carried += "\\k<\(String(characters[(index + 3)..<end]))>"
    index = end + 1
  }

  /// Brackets inside a class are no groups. A `]` that comes first stands for itself.
  private mutating func characterClass() {
    keep()
    if index < characters.count, characters[index] == "^" { keep() }
    if index < characters.count, characters[index] == "]" {
      carried += "\\]"
      index += 1
    }
    while index < characters.count, characters[index] != "]" {
      if looksAt("-[") {
        carried += "--"
        index += 1
        characterClass()
      } else if characters[index] == "[" {
        carried += "\\["
        index += 1
      } else {
        keep(characters[index] == "\\" ? 2 : 1)
      }
    }
    keep()
  }

  /// How many characters a quantifier in braces has that begins here: `{2}`, `{2,}`, `{2,3}`. .NET takes all other braces,
  /// `{,3}` among them, as they stand.
  private var quantifier: Int? {
    guard let end = characters[index...].firstIndex(of: "}") else { return nil }
    let numbers = characters[(index + 1)..<end].split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = numbers.first, !first.isEmpty, numbers.joined().allSatisfy(\.isDigit) else { return nil }
    return end - index + 1
  }

  private mutating func literal() {
    carried += "\\"
    keep()
  }

  private mutating func group() throws(PatternFlaw) {
    if looksAt("(?(") {
      throw .unreadable("The pattern has a conditional (?(…)…|…), which is not supported; use two mappings or IIF.")
    }
    for (open, close) in [("(?<", ">"), ("(?'", "'")] as [(String, Character)] where looksAt(open) {
      if looksAt("(?<=") || looksAt("(?<!") { return keep(4) }
      return try named(open, close)
    }
    keep()
  }

  private mutating func named(_ open: String, _ close: Character) throws(PatternFlaw) {
    guard let end = characters[(index + 3)...].firstIndex(of: close) else { return keep(3) }
    let name = String(characters[(index + 3)..<end])
    if name.contains("-") {
      throw .unreadable("The pattern has a balancing group (?<\(name)>…), which is not supported.")
    }
    guard let first = name.first, first.isLetter, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      throw .unreadable("The group `\(name)` needs a name of letters and digits that begins with a letter.")
    }
    names.append(name)
    carried += "(?<\(name)>"
    index = end + 1
  }
}

extension Character {
  fileprivate var isDigit: Bool { isASCII && isNumber }
}
