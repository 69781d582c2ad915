import Base
import Provisioning
import Yams

/// One mapping of the configuration file, and which of its keys have been asked for.
struct MappingReader {
  private let nodes: [(key: Node, value: Node)]
  private let path: String
  private let file: String
  private let mark: Mark?
  private var known: Set<String> = []

  init(_ node: Node?, path: String, file: String) throws {
    self.path = path
    self.file = file
    mark = node?.mark
    switch node {
    case nil: nodes = []
    case .mapping(let mapping): nodes = mapping.map { ($0.key, $0.value) }
    case .scalar(let scalar) where scalar.isNull: nodes = []
    default:
      let what = path.isEmpty ? "The file" : "`\(path)`"
      throw Fault(.configurationValue, "\(what) must be keys with values.", at: Fault.Place(file, mark))
    }
  }

  private func place(_ node: Node?) -> Fault.Place { Fault.Place(file, node?.mark ?? mark) }

  /// Whether a key is there.
  func has(_ name: String) -> Bool { nodes.contains { $0.key.string == name } }

  private mutating func node(_ name: String) -> Node? {
    known.insert(name)
    return nodes.first { $0.key.string == name }?.value
  }

  /// The fault of a value, with the line of its key.
  func wrong(_ name: String, _ what: String) -> Fault {
    let node = nodes.first { $0.key.string == name }
    return Fault(.configurationValue, "`\(path)\(name)` \(what).", at: place(node?.value ?? node?.key))
  }

  /// The fault of all of it, with the line where it begins.
  func fault(_ sentence: String) -> Fault { Fault(.configurationValue, sentence, at: place(nil)) }

  private func missing(_ name: String) -> Fault {
    Fault(.configurationKey, "`\(path)\(name)` is missing; add it.", at: place(nil))
  }

  mutating func mapping(_ name: String, isOptional: Bool = false) throws -> MappingReader {
    let node = node(name)
    if node == nil, !isOptional { throw missing(name) }
    return try MappingReader(node, path: "\(path)\(name).", file: file)
  }

  /// Where a secret is, by `environment` or `file`, and not both; nil when neither says it.
  mutating func secret(_ name: String) throws -> SecretSource? {
    var reader = try mapping(name, isOptional: true)
    let environment = try reader.text("environment", default: "")
    let path = try reader.text("file", default: "")
    if !environment.isEmpty, !path.isEmpty { throw reader.wrong("file", "and `environment` cannot both be there") }
    try reader.finish()
    if environment.isEmpty { return path.isEmpty ? nil : .file(path) }
    return .environment(environment)
  }

  mutating func text(_ name: String, default standard: String? = nil) throws -> String {
    guard let node = node(name) else {
      guard let standard else { throw missing(name) }
      return standard
    }
    guard let scalar = node.scalar else { throw wrong(name, "must be a text") }
    let text = scalar.isNull ? "" : scalar.string
    if text.isEmpty, standard == nil { throw wrong(name, "is empty") }
    return text
  }

  /// One of a choice of words.
  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default standard: Choice
  ) throws -> Choice {
    let text = try self.text(name, default: standard.rawValue)
    if let choice = Choice(rawValue: text) { return choice }
    throw wrong(name, "is \"\(text)\"; use \(Choice.allCases.map(\.rawValue).joined(separator: " or "))")
  }

  /// A list of words out of a choice.
  mutating func words<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws -> [Choice] {
    try list(name).map { text in
      if let choice = Choice(rawValue: text) { return choice }
      throw wrong(name, "holds \"\(text)\"; use \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }

  /// `true` or `false`; false when it is not there.
  mutating func flag(_ name: String) throws -> Bool {
    guard let node = node(name) else { return false }
    guard let flag = node.bool else { throw wrong(name, "must be true or false") }
    return flag
  }

  mutating func number(
    _ name: String, in range: ClosedRange<Int>, default standard: Int? = nil
  ) throws -> Int {
    guard let node = node(name) else {
      guard let standard else { throw missing(name) }
      return standard
    }
    guard let number = node.int, range.contains(number) else {
      throw wrong(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func list(_ name: String) throws -> [String] {
    guard let node = node(name) else { return [] }
    let texts = node.sequence?.compactMap(\.string)
    guard let texts, texts.count == node.sequence?.count else { throw wrong(name, "must be a list of texts") }
    return texts
  }

  /// A list of keys with values.
  mutating func mappings(_ name: String) throws -> [MappingReader] {
    guard let node = node(name) else { return [] }
    if node.scalar?.isNull == true { return [] }
    guard let sequence = node.sequence else { throw wrong(name, "must be a list") }
    return try sequence.enumerated().map { place, node in
      guard node.mapping != nil else { throw wrong(name, "must be a list of keys with values") }
      return try MappingReader(node, path: "\(path)\(name)[\(place)].", file: file)
    }
  }

  /// Refuses keys that nobody asked for, so that a misspelt one is not ignored.
  func finish() throws {
    guard let stranger = nodes.first(where: { !known.contains($0.key.string ?? "") }) else { return }
    throw Fault(
      .configurationKey,
      """
      `\(path)\(stranger.key.string ?? "?")` is no key that is known; known here: \
      \(known.sorted().joined(separator: ", ")).
      """, at: place(stranger.key))
  }
}

extension Node.Scalar {
  /// YAML's null, which a quoted text never is.
  fileprivate var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) }
}

extension Fault.Place {
  /// Where something stands in a YAML file.
  init(_ file: String, _ mark: Mark?) { self.init(file: file, line: mark?.line, column: mark?.column) }
}
