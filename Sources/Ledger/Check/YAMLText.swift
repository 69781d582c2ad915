import Base
import Yams

/// A YAML text on its way to nodes. Keys that are there twice are told and passed over, so that the rest can be read.
struct YAMLText {
  /// How often a text is parsed to find keys that are there twice, at most.
  private static let attempts = 200
  /// How many places are looked at for the second of two keys.
  private static let candidates = 40

  private var scalars: [Unicode.Scalar]
  private var attempts = YAMLText.attempts
  private var covered = 0
  private let findings: ConfigurationFindings

  /// The nodes of a text; nil where there are none, and what is wrong is noted. In the place of an alias stands null.
  static func nodes(of text: String, _ findings: ConfigurationFindings) -> Node? {
    let aliases = AliasScanner.aliases(of: text)
    for alias in aliases {
      findings.addAlias(
        "`*\(alias.name)` repeats what stands elsewhere; write it out here, or quote it if it is a text.",
        at: findings.place(alias.line, alias.column))
    }
    var reading = YAMLText(scalars: covering(aliases, in: Array(text.unicodeScalars)), findings: findings)
    // What stands behind an alias may not be what it was taken for.
    if !aliases.isEmpty, !AliasScanner.aliases(of: reading.text).isEmpty { return nil }
    return reading.compose()
  }

  private static func covering(_ aliases: [AliasScanner.Alias], in scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var scalars = scalars
    for alias in aliases {
      for index in alias.scalars { scalars[index] = " " }
      scalars[alias.scalars.lowerBound] = "~"
    }
    return scalars
  }

  private var text: String { Self.text(of: scalars) }

  private static func text(of scalars: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private init(scalars: [Unicode.Scalar], findings: ConfigurationFindings) {
    self.scalars = scalars
    self.findings = findings
  }

  private struct Duplicate: Equatable {
    var name: String
    var line: Int
    var column: Int
  }

  private enum Outcome {
    case nodes(Node?)
    case duplicate(Duplicate)
    case failure(YamlError)
    case unknown
  }

  private mutating func parse(_ scalars: [Unicode.Scalar]) -> Outcome {
    attempts -= 1
    do {
      return .nodes(try Yams.compose(yaml: Self.text(of: scalars)))
    } catch let error as YamlError {
      guard case .duplicatedKeysInMapping(let names, let context) = error, let name = names.first else {
        return .failure(error)
      }
      return .duplicate(Duplicate(name: name, line: context.mark.line, column: context.mark.column))
    } catch { return .unknown }
  }

  private mutating func compose() -> Node? {
    while true {
      switch parse(scalars) {
      case .nodes(let node): return node
      case .failure(let error):
        let (line, column) = error.place(in: scalars)
        findings.add(
          .syntax, "The file is no valid YAML: \(error.sentence).",
          at: findings.place(line, column), about: "syntax")
        return nil
      case .unknown:
        findings.add(
          .syntax, "The file is no valid YAML.", at: findings.place(nil, nil), about: "syntax")
        return nil
      case .duplicate(let duplicate):
        guard hide(duplicate) else { return nil }
      }
    }
  }

  /// Notes the later ones of keys of one name, and puts others in their place. False when they are not found.
  private mutating func hide(_ duplicate: Duplicate) -> Bool {
    guard let found = places(of: duplicate), !found.isEmpty else {
      note(duplicate, duplicate.line, duplicate.column)
      return false
    }
    for place in found {
      let (line, column) = position(of: place)
      note(duplicate, line, column)
    }
    scalars = covering(found, duplicate.name)
    covered += found.count
    findings.hidesKeys = true
    return true
  }

  private func note(_ duplicate: Duplicate, _ line: Int, _ column: Int) {
    findings.add(
      .duplicateKey,
      "`\(duplicate.name)` is there twice, on line \(duplicate.line) too; remove one of the two.",
      at: findings.place(line, column), about: "duplicate \(line).\(column)")
  }

  /// Where the later keys are: those that together make the doubling go away.
  private mutating func places(of duplicate: Duplicate) -> [Int]? {
    let name = Array(duplicate.name.unicodeScalars)
    guard !name.isEmpty else { return nil }
    var chosen: [Int] = []
    for place in occurrences(of: name, after: offset(line: duplicate.line, column: duplicate.column) + name.count) {
      guard attempts > 0, chosen.count < Self.candidates else { return nil }
      chosen.append(place)
      if isGone(duplicate, behind: chosen) { return needed(chosen, duplicate) }
    }
    return nil
  }

  /// Leaves out what is another mapping's.
  private mutating func needed(_ chosen: [Int], _ duplicate: Duplicate) -> [Int] {
    var needed = chosen
    for place in chosen where needed.count > 1 && attempts > 0 {
      let others = needed.filter { $0 != place }
      if isGone(duplicate, behind: others) { needed = others }
    }
    return needed
  }

  private mutating func isGone(_ duplicate: Duplicate, behind places: [Int]) -> Bool {
    if case .duplicate(let left) = parse(covering(places, duplicate.name)) { return left != duplicate }
    return true
  }

  /// The text with a name of equal length at each place that stands nowhere else: one of characters for private use.
  private func covering(_ places: [Int], _ name: String) -> [Unicode.Scalar] {
    var text = scalars
    for (number, place) in places.enumerated() {
      let stranger = Unicode.Scalar(UInt32(0xE000 + covered + number)) ?? "_"
      for index in place..<(place + name.unicodeScalars.count) { text[index] = stranger }
    }
    return text
  }

  /// True for a key that was put in place of one that is there twice.
  static func isCovered(_ key: String) -> Bool {
    key.unicodeScalars.first.map { (0xE000..<0xF800).contains($0.value) } ?? false
  }

  private func occurrences(of name: [Unicode.Scalar], after start: Int) -> [Int] {
    guard start <= scalars.count - name.count else { return [] }
    return (start...(scalars.count - name.count)).filter { place in
      guard scalars[place] == name[0], scalars[place..<(place + name.count)].elementsEqual(name) else { return false }
      // Only a key is followed by a colon, but for its closing quote and blanks.
      let rest = scalars[(place + name.count)...].drop { $0 == " " || $0 == "\"" || $0 == "'" }
      return rest.first == ":"
    }
  }

  private func offset(line: Int, column: Int) -> Int {
    var (left, offset) = (line - 1, 0)
    while left > 0, offset < scalars.count {
      if scalars[offset] == "\n" { left -= 1 }
      offset += 1
    }
    return offset + column - 1
  }

  private func position(of place: Int) -> (line: Int, column: Int) {
    let before = scalars[..<place]
    let start = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
    return (1 + before.count { $0 == "\n" }, place - start + 1)
  }
}

extension YamlError {
  /// What is wrong, without a full stop.
  fileprivate var sentence: String {
    switch self {
    case .scanner(_, let problem, _, _) where problem.contains("alphabetic or numeric character"):
      // A text such as `&` was taken for an anchor without a name.
      "\(problem); a text that begins with & or * stands in quotes"
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
    case .reader(let problem, _, _, _): problem
    default: "it cannot be parsed"
    }
  }

  /// Where it is wrong.
  fileprivate func place(in scalars: [Unicode.Scalar]) -> (line: Int?, column: Int?) {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): (mark.line, mark.column)
    case .reader(_, let offset?, _, _): Self.place(of: offset, in: scalars)
    default: (nil, nil)
    }
  }

  /// The place of a byte.
  private static func place(of offset: Int, in scalars: [Unicode.Scalar]) -> (line: Int?, column: Int?) {
    var (line, column, bytes) = (1, 1, 0)
    for scalar in scalars {
      if bytes >= offset { break }
      bytes += UTF8.width(scalar)
      column += 1
      if scalar == "\n" { (line, column) = (line + 1, 1) }
    }
    return (line, column)
  }
}
