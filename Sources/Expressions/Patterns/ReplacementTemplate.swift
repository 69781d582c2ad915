import Foundation

/// What a match is replaced by, with .NET's references to its groups (Microsoft Learn, "Substitutions in regular
/// expressions"): `$1`, `${name}`, `$&`, `$+`, and to what is around it, `` $` ``, `$'` and `$_`; `$$` is a dollar. What names
/// no group stands as it is.
struct ReplacementTemplate {
  private enum Part {
    case literal(String)
    case group(String, written: String)
    /// The last group.
    case lastGroup
    /// What stands before the match, behind it, or all.
    case before, behind, all
  }

  private var parts: [Part] = []

  init(_ text: String) {
    var rest = text.unicodeScalars[...]
    while let dollar = rest.firstIndex(of: "$") {
      parts.append(.literal(String(rest[..<dollar])))
      rest = rest[rest.index(after: dollar)...]
      parts.append(Self.reference(&rest))
    }
    parts.append(.literal(String(rest)))
  }

  private static func reference(_ rest: inout Substring.UnicodeScalarView) -> Part {
    switch rest.first {
    case "$":
      rest.removeFirst()
      return .literal("$")
    case "&":
      rest.removeFirst()
      return .group("0", written: "$&")
    case "+", "`", "'", "_":
      return around(rest.removeFirst())
    case "{":
      guard let end = rest.firstIndex(of: "}") else { return .literal("$") }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
      return .group(name, written: "${\(name)}")
    default:
      let digits = String(rest.prefix { ("0"..."9").contains($0) })
      rest = rest.dropFirst(digits.utf8.count)
      return digits.isEmpty ? .literal("$") : .group(digits, written: "$\(digits)")
    }
  }

  private static func around(_ sign: Unicode.Scalar) -> Part {
    switch sign {
    case "+": .lastGroup
    case "`": .before
    case "'": .behind
    default: .all
    }
  }

  /// Adds what a match of a text is replaced by; it ends early where that is larger than any value may be.
  func append(to result: inout String, for match: DotNetPattern.Match, in text: String) {
    for part in parts where result.utf8.count <= Evaluator.sizeLimit { result += Self.text(of: part, match, text) }
  }

  private static func text(of part: Part, _ match: DotNetPattern.Match, _ text: String) -> String {
    switch part {
    case .literal(let literal): literal
    case .lastGroup: match.groups.last.flatMap(text.part) ?? ""
    case .before: text.part(NSRange(location: 0, length: match.range.location)) ?? ""
    case .behind: behind(match.range, in: text)
    case .all: text
    case .group(let name, let written): range(name, match).map { text.part($0) ?? "" } ?? written
    }
  }

  private static func behind(_ range: NSRange, in text: String) -> String {
    let end = range.location + range.length
    return text.part(NSRange(location: end, length: text.utf16.count - end)) ?? ""
  }

  private static func range(_ name: String, _ match: DotNetPattern.Match) -> NSRange? {
    if let range = match.named[name] { return range }
    return Int(name).flatMap { match.groups.indices.contains($0) ? match.groups[$0] : nil }
  }
}
