import Yams

/// The settings that a configuration file's text makes, one by one: for comparing two texts.
public enum ConfigurationSettings {
  /// Each setting by its path, such as `log.checkpointMinutes` or `safeguard.protectedAccounts[0]`, with its value as written.
  ///
  /// A command may hold a secret and is not shown, though a change of it is. Text that is no YAML is one setting without a name, and not
  /// shown either.
  public static func of(_ yaml: String) -> [String: String] {
    guard let node = try? Yams.compose(yaml: yaml) else { return yaml.isEmpty ? [:] : ["": yaml] }
    var settings: [String: String] = [:]
    add(node, at: "", to: &settings)
    return settings
  }

  /// True for a setting whose value is not to be shown.
  public static func isSecret(_ path: String) -> Bool { path.isEmpty || path.hasPrefix("log.anchorCommands") }

  private static func add(_ node: Node, at path: String, to settings: inout [String: String]) {
    switch node {
    case .scalar(let scalar): settings[path] = scalar.string
    case .sequence(let sequence):
      for (index, element) in sequence.enumerated() { add(element, at: "\(path)[\(index)]", to: &settings) }
    case .mapping(let mapping):
      for (key, value) in mapping {
        add(value, at: path.isEmpty ? key.string ?? "" : "\(path).\(key.string ?? "")", to: &settings)
      }
    case .alias: break
    }
  }
}
