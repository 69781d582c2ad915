/// The name of a stream.
public enum Stream: Hashable, Sendable, CustomStringConvertible {
  /// Observations and decisions of one person, and what operators say of their delivery; appended under the cycle lock.
  case user(String)
  /// Calls, outcomes and the link of one person; appended by the holder of the worker lock.
  case account(String)
  /// One cycle.
  case cycle(String)
  /// One tripped safeguard.
  case safeguard(String)
  /// TeamViewer as a whole: pauses, quotas, quarantine, full reads.
  case target
  /// The configuration.
  case configuration
  /// What operators did.
  case operators
  /// One named export: how far it went.
  case export(String)
  /// Who one operator is.
  case `operator`(String)
  /// One access review: its beginning and its end.
  case review(String)
  /// The ledger itself: its keys, its backups.
  case ledger

  /// The name as it stands in the log, such as `user/k3v9…`.
  public var description: String {
    switch self {
    case .user(let alias): "user/" + alias
    case .account(let alias): "account/" + alias
    case .cycle(let id): "cycle/\(id)"
    case .safeguard(let id): "safeguard/\(id)"
    case .target: "target"
    case .configuration: "configuration"
    case .operators: "operators"
    case .export(let name): "export/\(name)"
    case .operator(let alias): "operator/" + alias
    case .review(let id): "review/\(id)"
    case .ledger: "ledger"
    }
  }

  /// Reads a name; nil when no stream of this program has it.
  public init?(_ name: String) {
    guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else {
      switch name {
      case "target": self = .target
      case "configuration": self = .configuration
      case "operators": self = .operators
      case "ledger": self = .ledger
      default: return nil
      }
      return
    }
    let rest = String(name[name.utf8.index(after: slash)...])
    if rest.isEmpty { return nil }
    switch name[..<slash] {
    case "user": self = .user(rest)
    case "account": self = .account(rest)
    case "cycle": self = .cycle(rest)
    case "safeguard": self = .safeguard(rest)
    case "export": self = .export(rest)
    case "operator": self = .operator(rest)
    case "review": self = .review(rest)
    default: return nil
    }
  }
}
