/// Where a secret is kept; the secret itself never stands in a configuration.
public enum SecretSource: Hashable, Sendable, CustomStringConvertible {
  /// In an environment variable.
  case environment(String)
  /// In a file.
  case file(String)

  /// The place in words.
  public var description: String {
    switch self {
    case .environment(let name): "the environment variable \(name)"
    case .file(let path): "the file \(path)"
    }
  }
}
