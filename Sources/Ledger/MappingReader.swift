import Base
import Provisioning
import Yams

/// One mapping of the configuration file, and which of its keys have been asked for. What is wrong is noted among the
/// findings, and a default stands for it.
struct MappingReader {
  typealias Kind = ConfigurationFinding.Kind

  private let nodes: [(key: Node, value: Node)]
  /// What stands before the name of each key, such as `target.`.
  let path: String
  /// What is wrong so far.
  let findings: ConfigurationFindings
  private let mark: Mark?
  /// True where the whole was told to be missing or wrong: its keys are no news.
  private let isSilent: Bool
  private var known: Set<String> = []

  /// Reads a whole text.
  init(text: String, _ findings: ConfigurationFindings) {
    let node = YAMLText.nodes(of: text, findings)
    self.init(node, path: "", findings, isSilent: node == nil && !findings.isEmpty)
  }

  /// What is missing stands where the mapping begins that it is missing in.
  private init(
    _ node: Node?, path: String, _ findings: ConfigurationFindings, isSilent: Bool = false, within parent: Mark? = nil
  ) {
    self.path = path
    self.findings = findings
    mark = node?.mark ?? parent
    switch node {
    case .mapping(let mapping):
      nodes = mapping.map { ($0.key, $0.value) }
      self.isSilent = isSilent
    case nil:
      nodes = []
      self.isSilent = isSilent
    case .scalar(let scalar) where scalar.isNull:
      nodes = []
      self.isSilent = isSilent
    default:
      nodes = []
      self.isSilent = true
      let what = path.isEmpty ? "The file" : "`\(path.dropLast())`"
      findings.add(.notKeys, "\(what) must be keys with values.", at: findings.place(node?.mark), about: path)
    }
  }

  // MARK: What is wrong

  /// Notes what is wrong with the value of a key, in words that follow its name, at its place.
  func refuse(_ name: String, _ kind: Kind, _ what: String) { note(name, kind, what, isRefused: true) }

  /// As `refuse`, of what a check tells and opening the ledger does not look at.
  func object(_ name: String, _ kind: Kind, _ what: String) { note(name, kind, what, isRefused: false) }

  private func note(_ name: String, _ kind: Kind, _ what: String, isRefused: Bool) {
    if isSilent { return }
    let pair = nodes.first { $0.key.string == name }
    findings.add(
      kind, "`\(path)\(name)` \(what).", at: place(pair?.value ?? pair?.key), about: path + name, isRefused: isRefused)
  }

  /// Notes what is wrong with an element of a list.
  func refuse(_ name: String, _ index: Int, _ kind: Kind, _ what: String, isRefused: Bool = true) {
    let value = nodes.first { $0.key.string == name }?.value
    let element = value?.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    findings.add(
      kind, "`\(path)\(name)` \(what).", at: place(element ?? value), about: "\(path)\(name)[\(index)]",
      isRefused: isRefused)
  }

  /// Notes what is wrong with all of it, where it begins.
  func refuse(_ kind: Kind, _ sentence: String) {
    if isSilent { return }
    findings.add(kind, sentence, at: place(nil), about: "\(path) \(sentence)")
  }

  private func miss(_ name: String) {
    if isSilent { return }
    findings.add(
      .missingKey, "`\(path)\(name)` is missing; add it.", at: place(nil), about: path + name)
  }

  /// Where a node stands, or the mapping; an empty text begins like any other.
  private func place(_ node: Node?) -> Fault.Place {
    guard let found = node?.mark ?? mark else { return findings.place(1, 1) }
    return findings.place(found)
  }

  // MARK: Values

  /// Whether anything is said.
  var saysSomething: Bool { nodes.contains { $0.value.scalar?.string.isEmpty != true && $0.value.mapping == nil } }

  /// Whether a key is there.
  func has(_ name: String) -> Bool { nodes.contains { $0.key.string == name } }

  private mutating func node(_ name: String) -> Node? {
    known.insert(name)
    return nodes.first { $0.key.string == name }?.value
  }

  mutating func mapping(_ name: String, isOptional: Bool = false) -> MappingReader {
    let node = node(name)
    if node == nil, !isOptional { miss(name) }
    let isToldMissing = isSilent || node == nil && !isOptional
    return MappingReader(node, path: "\(path)\(name).", findings, isSilent: isToldMissing, within: mark)
  }

  /// Where a secret is, by `environment` or `file`, and not both; nil when neither says it.
  mutating func secret(_ name: String) -> SecretSource? {
    var reader = mapping(name, isOptional: true)
    let environment = reader.text("environment", default: "")
    let path = reader.text("file", default: "")
    if !environment.isEmpty, !path.isEmpty {
      reader.refuse("file", .twoCredentials, "and `environment` cannot both be there")
    }
    reader.finish()
    if environment.isEmpty { return path.isEmpty ? nil : .file(path) }
    return .environment(environment)
  }

  mutating func text(_ name: String, default standard: String? = nil) -> String {
    guard let node = node(name) else {
      if standard == nil { miss(name) }
      return standard ?? ""
    }
    guard let scalar = node.scalar else {
      refuse(name, .notText, "must be a text")
      return standard ?? ""
    }
    let text = scalar.isNull ? "" : scalar.string
    if text.isEmpty, standard == nil { refuse(name, .empty, "is empty") }
    return text
  }

  /// One of a choice of words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default standard: Choice
  ) -> Choice {
    let text = self.text(name, default: standard.rawValue)
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    refuse(name, .unknownWord, "is \"\(text)\"; use \(words.joined(separator: " or "))")
    return standard
  }

  /// A list of words out of a choice.
  mutating func words<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) -> [Choice] {
    list(name).enumerated().compactMap { index, text in
      if let choice = Choice(rawValue: text) { return choice }
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      refuse(name, index, .unknownWord, "holds \"\(text)\"; use \(words)")
      return nil
    }
  }

  /// `true` or `false`; false when it is not there.
  mutating func flag(_ name: String) -> Bool {
    guard let node = node(name) else { return false }
    if let flag = node.bool { return flag }
    refuse(name, .notFlag, "must be true or false")
    return false
  }

  mutating func number(_ name: String, in range: ClosedRange<Int>, default standard: Int? = nil) -> Int {
    let fallback = standard ?? range.lowerBound
    guard let node = node(name) else {
      if standard == nil { miss(name) }
      return fallback
    }
    if let number = node.scalar?.number, range.contains(number) { return number }
    let bounds = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
    if node.scalar?.isWhole == true {
      refuse(name, .outOfRange, bounds)
    } else {
      refuse(name, .notNumber, "\(bounds), in decimal digits without quotes or leading zeros")
    }
    return fallback
  }

  mutating func list(_ name: String) -> [String] {
    guard let node = node(name) else { return [] }
    let texts = node.sequence?.compactMap(\.string)
    if let texts, texts.count == node.sequence?.count { return texts }
    refuse(name, .notList, "must be a list of texts")
    return []
  }

  /// A list of keys with values.
  mutating func mappings(_ name: String) -> [MappingReader] {
    guard let node = node(name), node.scalar?.isNull != true else { return [] }
    guard let sequence = node.sequence else {
      refuse(name, .notList, "must be a list")
      return []
    }
    return sequence.enumerated().compactMap { index, node in
      if node.mapping != nil { return MappingReader(node, path: "\(path)\(name)[\(index)].", findings) }
      refuse(name, index, .notKeys, "must be a list of keys with values")
      return nil
    }
  }

  // MARK: The end

  /// Refuses keys that nobody asked for, so that a misspelt one is not ignored.
  func finish() {
    for (key, _) in nodes where !known.contains(key.string ?? "") {
      let name = key.string ?? "?"
      if findings.hidesKeys, YAMLText.isCovered(name) { continue }
      let meant = Suggestion.nearest(to: name, among: known).map { "; did you mean `\($0)`?" }
      let all = known.sorted().joined(separator: ", ")
      findings.add(
        .unknownKey,
        "`\(path)\(name)` is no key that is known\(meant.map { "\($0) Known" } ?? "; known") here: \(all).",
        at: place(key), about: "\(path)\(name) \(key.mark?.line ?? 0)")
    }
  }
}

extension Node.Scalar {
  /// YAML's null, which a quoted text never is.
  fileprivate var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) }

  /// Whether it is a whole number in decimal digits, as large as it likes. What YAML 1.1 also has, such as `010` for 8 and
  /// `1:30` for 90, is none: nobody means it.
  fileprivate var isWhole: Bool {
    let digits = string.hasPrefix("-") ? string.dropFirst() : string[...]
    let isDecimal = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
    return style == .plain && isDecimal && (digits == "0" || !digits.hasPrefix("0"))
  }

  /// The whole number that it is; nil for any other text, and for one that `Int` does not hold.
  var number: Int? { isWhole ? Int(string) : nil }
}
