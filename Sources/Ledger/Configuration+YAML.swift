import Base
import Provisioning
import Yams

/// Reads the YAML; everything that is wrong is named with its line.
extension Configuration {
  /// Parses a configuration file's text. Throws a `Fault` of the PL-02 codes with the line concerned.
  public init(yaml: String, file: String) throws {
    var reader = try MappingReader(try Self.compose(yaml, file: file), path: "", file: file)
    origin = try reader.text("origin")
    guard Self.isOrigin(origin) else {
      throw reader.wrong("origin", "must be 1 to 100 letters, digits and . - _ /")
    }
    target = try TargetConfiguration(try reader.mapping("target"))
    cycles = try CycleConfiguration(try reader.mapping("cycles", isOptional: true))
    graph = try GraphConfiguration(try reader.mapping("graph", isOptional: true))
    if graph != nil, cycles.folder != nil {
      throw reader.wrong("cycles", "names a folder, and `graph` a tenant: one of them says who is there; keep one")
    }
    proxy = try ProxyConfiguration(try reader.mapping("proxy", isOptional: true))
    delivery = try DeliveryConfiguration(try reader.mapping("delivery", isOptional: true))
    monitoring = try MonitoringConfiguration(try reader.mapping("monitoring", isOptional: true))
    log = try LogConfiguration(try reader.mapping("log", isOptional: true))
    scope = try ScopePolicy(try reader.mapping("scope", isOptional: true))
    mapping = try Mapping(try reader.mapping("mapping", isOptional: true))
    var limits = try reader.mapping("safeguard", isOptional: true)
    safeguard = SafeguardLimits(
      minimum: try limits.number("minimum", in: 0...1_000_000, default: 5),
      maximum: try limits.number("maximum", in: 0...1_000_000, default: 500),
      percent: try limits.number("percent", in: 0...100, default: 10))
    if safeguard.minimum > safeguard.maximum { throw limits.wrong("minimum", "is above maximum") }
    protectedAccounts = Set(try limits.list("protectedAccounts"))
    try limits.finish()
    var keys = try reader.mapping("keys", isOptional: true)
    masterKey = try Self.masterKey(try keys.mapping("master", isOptional: true))
    try keys.finish()
    try reader.finish()
  }

  private static func masterKey(_ mapping: MappingReader) throws -> SecretSource {
    var reader = mapping
    let environment = try reader.text("environment", default: "")
    let path = try reader.text("file", default: environment.isEmpty ? masterKeyFile : "")
    if !environment.isEmpty, !path.isEmpty { throw reader.wrong("file", "and `environment` cannot both be there") }
    try reader.finish()
    return environment.isEmpty ? .file(path.isEmpty ? masterKeyFile : path) : .environment(environment)
  }

  static func compose(_ yaml: String, file: String) throws -> Node? {
    do {
      return try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      if case .duplicatedKeysInMapping(let names, let context) = error {
        let names = names.map { "`\($0)`" }.joined(separator: ", ")
        throw Fault(
          .configurationKey, "\(names) is there twice among the keys that begin here; remove one of the two.",
          at: Fault.Place(file: file, line: context.mark.line))
      }
      throw Fault(.configurationSyntax, "The file is no valid YAML: \(error.sentence).", at: error.place(file))
    }
  }

  private static func isOrigin(_ text: String) -> Bool {
    let others = Array(".-_/".utf8)
    return (1...100).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        let letter = byte | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || others.contains(byte)
      }
  }
}

extension LogConfiguration {
  fileprivate init(_ mapping: MappingReader) throws {
    var reader = mapping
    key = try reader.text("key", default: "log.key")
    checkpointEvents = try reader.number("checkpointEvents", in: 1...1_000_000, default: 1000)
    checkpointMinutes = try reader.number("checkpointMinutes", in: 1...1440, default: 10)
    rehashHours = try reader.number("rehashHours", in: 1...720, default: 24)
    looks = try reader.choice("looks", default: .all)
    anchors =
      try reader.list("anchorFiles").map(Anchor.file) + (try reader.list("anchorCommands").map(Anchor.command))
    try reader.finish()
  }
}

extension YamlError {
  fileprivate var sentence: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
    case .reader(let problem, _, _, _): problem
    default: "it cannot be parsed"
    }
  }

  fileprivate func place(_ file: String) -> Fault.Place {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      Fault.Place(file: file, line: mark.line)
    case .reader(_, let offset?, _, let yaml):
      Fault.Place(file: file, line: 1 + yaml.utf8.prefix(offset).count { $0 == UInt8(ascii: "\n") })
    default: Fault.Place(file: file)
    }
  }
}
