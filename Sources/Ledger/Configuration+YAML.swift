import Base
import Provisioning

/// Reads the YAML; everything that is wrong is named with its line.
extension Configuration {
  /// Parses a configuration file's text. Throws a `Fault` of the PL-02 codes with the place concerned: the first of those
  /// that `check` tells and that make the file unusable.
  public init(yaml: String, file: String) throws {
    let findings = ConfigurationFindings(file: file)
    self.init(yaml: yaml, findings)
    try findings.refuse()
  }

  /// Everything that is wrong with a configuration file's text, in the order of the places: all that keeps a ledger from
  /// being opened, and what would fail only later, with nobody asked and nothing opened.
  public static func check(yaml: String, file: String) -> [ConfigurationFinding] {
    let findings = ConfigurationFindings(file: file)
    _ = Configuration(yaml: yaml, findings)
    return findings.all
  }

  /// Reads a text; what is wrong is among the findings, and has its default here.
  private init(yaml: String, _ findings: ConfigurationFindings) {
    var reader = MappingReader(text: yaml, findings)
    origin = reader.text("origin")
    if !Self.isOrigin(origin) {
      reader.refuse("origin", .origin, "must be 1 to 100 letters, digits and . - _ /")
    }
    target = TargetConfiguration(reader.mapping("target"))
    cycles = CycleConfiguration(reader.mapping("cycles", isOptional: true))
    graph = GraphConfiguration(reader.mapping("graph", isOptional: true))
    if graph != nil, cycles.folder != nil {
      reader.refuse(
        "cycles", .contradiction, "names a folder, and `graph` a tenant: one of them says who is there; keep one")
    }
    feeds = reader.mappings("feeds").compactMap { FeedConfiguration($0) }
    for (index, feed) in feeds.enumerated() where feeds[..<index].contains(where: { $0.name == feed.name }) {
      reader.refuse("feeds", index, .duplicateName, "has two of the name \(feed.name); give each its own")
    }
    proxy = ProxyConfiguration(reader.mapping("proxy", isOptional: true))
    delivery = DeliveryConfiguration(reader.mapping("delivery", isOptional: true))
    monitoring = MonitoringConfiguration(reader.mapping("monitoring", isOptional: true))
    log = LogConfiguration(reader.mapping("log", isOptional: true))
    let rules = reader.mapping("scope", isOptional: true)
    scope = ScopePolicy(rules)
    if scope.people == .assigned, findings.source != .tenant {
      rules.object(
        "people", .contradiction,
        "is assigned, and `graph` names no tenant: assignments come from Microsoft Graph alone; name it, or say everybody"
      )
    }
    mapping = Mapping(reader.mapping("mapping", isOptional: true))
    var limits = reader.mapping("safeguard", isOptional: true)
    safeguard = SafeguardLimits(
      minimum: limits.number("minimum", in: 0...1_000_000, default: 5),
      maximum: limits.number("maximum", in: 0...1_000_000, default: 500),
      percent: limits.number("percent", in: 0...100, default: 10))
    if safeguard.minimum > safeguard.maximum { limits.refuse("minimum", .contradiction, "is above maximum") }
    protectedAccounts = Set(limits.list("protectedAccounts"))
    limits.finish()
    var keys = reader.mapping("keys", isOptional: true)
    masterKey = Self.masterKey(keys.mapping("master", isOptional: true))
    keys.finish()
    reader.finish()
  }

  private static func masterKey(_ mapping: MappingReader) -> SecretSource {
    var reader = mapping
    let environment = reader.text("environment", default: "")
    let path = reader.text("file", default: environment.isEmpty ? masterKeyFile : "")
    if !environment.isEmpty, !path.isEmpty {
      reader.refuse("file", .twoCredentials, "and `environment` cannot both be there")
    }
    reader.finish()
    return environment.isEmpty ? .file(path.isEmpty ? masterKeyFile : path) : .environment(environment)
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
  fileprivate init(_ mapping: MappingReader) {
    var reader = mapping
    key = reader.text("key", default: "log.key")
    checkpointEvents = reader.number("checkpointEvents", in: 1...1_000_000, default: 1000)
    checkpointMinutes = reader.number("checkpointMinutes", in: 1...1440, default: 10)
    rehashHours = reader.number("rehashHours", in: 1...720, default: 24)
    looks = reader.choice("looks", default: .all)
    anchors = reader.list("anchorFiles").map(Anchor.file) + (reader.list("anchorCommands").map(Anchor.command))
    reader.finish()
  }
}
