import Base
public import JSON
import Yams

/// The settings that are in force, each with its value, whether the file says it or its default does.
public enum EffectiveSettings {
  /// One setting.
  public struct Setting: Equatable, Sendable {
    /// Its path, such as `target.concurrency`.
    public var path: String
    /// Its value; what may hold a secret is a text that says so.
    public var value: JSONValue
    /// Its default; nil where it has none.
    public var standard: JSONValue?

    /// Whether the value is another than the default.
    public var isChanged: Bool { value != standard }
  }

  /// What stands for a value that may hold a secret.
  public static let notShown = "(not shown)"

  /// The settings under a text, by their paths.
  public static func of(_ yaml: String) -> [Setting] {
    let template = Configuration.template(origin: "", url: TargetConfiguration.teamViewer, token: .environment(""))
    var standard = leaves(of: template)
    // Where secrets are and what the log is called have no default that is the same everywhere.
    for path in ["origin", "target.token.environment"] { standard[path] = nil }
    let written = leaves(of: yaml)
    var all = standard.merging(written) { $1 }
    if written["keys.master.environment"] != nil { all["keys.master.file"] = written["keys.master.file"] }
    return all.keys.sorted().map { path in
      let isSecret = ConfigurationSettings.isSecret(path) && all[path] != standard[path]
      return Setting(path: path, value: isSecret ? .string(notShown) : all[path] ?? .null, standard: standard[path])
    }
  }

  private static func leaves(of yaml: String) -> [String: JSONValue] {
    guard let node = try? Yams.compose(yaml: yaml) else { return [:] }
    var leaves: [String: JSONValue] = [:]
    add(node, at: "", to: &leaves)
    return leaves
  }

  private static func add(_ node: Node, at path: String, to leaves: inout [String: JSONValue]) {
    if let mapping = node.mapping {
      for (key, value) in mapping {
        add(value, at: path.isEmpty ? key.string ?? "" : "\(path).\(key.string ?? "")", to: &leaves)
      }
    } else if node.null == nil, let value = value(node) {
      leaves[path] = value
    }
  }

  private static func value(_ node: Node) -> JSONValue? {
    switch node {
    case .scalar(let scalar):
      if let number = scalar.number { return .integer(Int64(number)) }
      if scalar.style == .plain, let flag = node.bool { return .bool(flag) }
      return .string(scalar.string)
    case .sequence(let sequence): return .array(sequence.compactMap(value))
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, element) in mapping { object[key.string ?? ""] = value(element) }
      return .object(object)
    case .alias: return nil
    }
  }
}

extension ConfigurationSettings {
  /// The lines of a text, from 0, that may hold a secret: what stands under `log.anchorCommands`, and the whole of a text
  /// that is no YAML.
  public static func secretLines(of yaml: String) -> Range<Int> {
    guard let node = try? Yams.compose(yaml: yaml) else { return 0..<(yaml.isEmpty ? 0 : Int.max) }
    guard let log = node["log"]?.mapping, let secret = log.first(where: { $0.key.string == "anchorCommands" }),
      let start = secret.key.mark?.line
    else { return 0..<0 }
    if secret.value.sequence?.isEmpty == true { return 0..<0 }
    let later = marks(of: node).filter { $0 > start }
    let own = marks(of: secret.value)
    let end = later.filter { !own.contains($0) }.min() ?? Int.max
    return (start - 1)..<max(start, end == Int.max ? end : end - 1)
  }

  private static func marks(of node: Node) -> [Int] {
    let line = node.mark.map { [$0.line] } ?? []
    switch node {
    case .sequence(let sequence): return line + sequence.flatMap(marks)
    case .mapping(let mapping): return line + mapping.flatMap { marks(of: $0.key) + marks(of: $0.value) }
    case .scalar, .alias: return line
    }
  }
}
