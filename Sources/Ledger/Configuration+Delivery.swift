import Base
import Provisioning

// The parts of the YAML that concern calls: where they go, how fast, and when they rest.

extension TargetConfiguration {
  /// Reads `target`. Throws a `Fault` of the PL-02 codes with the line concerned.
  init(_ mapping: MappingReader) throws {
    var reader = mapping
    url = try reader.text("url")
    var token = try reader.mapping("token")
    let environment = try token.text("environment", default: "")
    let path = try token.text("file", default: "")
    switch (environment.isEmpty, path.isEmpty) {
    case (false, true): self.token = .environment(environment)
    case (true, false): self.token = .file(path)
    default: throw token.wrong("environment", "must name a variable, or `file` a file, and not both")
    }
    try token.finish()
    concurrency = try reader.number("concurrency", in: 1...64, default: 8)
    timeout = try reader.number("timeout", in: 1...600, default: 60)
    connectTimeout = try reader.number("connectTimeout", in: 1...600, default: 10)
    firstByteTimeout = try reader.number("firstByteTimeout", in: 1...600, default: 30)
    let certificates = try reader.text("certificates", default: "")
    self.certificates = certificates.isEmpty ? nil : certificates
    profile = try reader.choice("profile", default: .teamViewer)
    update = try reader.choice("update", default: .patch)
    quotas = try reader.mappings("quotas").map { try Quota($0) }
    if Set(quotas.map(\.name)).count < quotas.count { throw reader.wrong("quotas", "has two of the same name") }
    reconcileHours = try reader.number("reconcileHours", in: 0...8760, default: 24)
    drift = try reader.choice("drift", default: .report)
    try reader.finish()
  }
}

extension Quota {
  fileprivate init(_ mapping: MappingReader) throws {
    var reader = mapping
    let name = try reader.text("name")
    let calls = try reader.text("calls", default: "all")
    guard calls == "all" || Self.operations.contains(calls) else {
      let known = Self.operations.map { "\"\($0)\"" }.joined(separator: ", ")
      throw reader.wrong("calls", "is \"\(calls)\"; use all, or one of \(known)")
    }
    let limit = try reader.number("limit", in: 1...1_000_000_000)
    let hours = try reader.number("hours", in: 0...8760, default: 0)
    let minutes = try reader.number("minutes", in: 0...525_600, default: 0)
    guard (hours == 0) != (minutes == 0) else {
      throw reader.wrong("hours", "must say the length of the window, or `minutes`, and not both")
    }
    self.init(
      name: name, operation: calls == "all" ? nil : calls, limit: limit,
      window: .seconds(hours * 3600 + minutes * 60))
    try reader.finish()
  }
}

extension DeliveryConfiguration {
  /// Reads `delivery`. Throws a `Fault` of the PL-02 codes with the line concerned.
  init(_ mapping: MappingReader) throws {
    self.init()
    var reader = mapping
    maintenance = try reader.mappings("maintenance").map { try MaintenanceWindow($0) }
    var breaker = try reader.mapping("breaker", isOptional: true)
    breakerFaults = try breaker.number("faults", in: 1...1000, default: 5)
    try breaker.finish()
    silenceMinutes = try reader.number("silenceMinutes", in: 1...10_080, default: 60)
    fruitlessMinutes = try reader.number("fruitlessMinutes", in: 0...10_080, default: 15)
    try reader.finish()
  }
}

extension MonitoringConfiguration {
  /// Reads `monitoring`. Throws a `Fault` of the PL-02 codes with the line concerned.
  init(_ mapping: MappingReader) throws {
    self.init()
    var reader = mapping
    parked = try reader.number("parked", in: 0...1_000_000, default: 0)
    workerMinutes = try reader.number("workerMinutes", in: 1...10_080, default: 10)
    checkpointHours = try reader.number("checkpointHours", in: 1...8760, default: 24)
    backupDays = try reader.number("backupDays", in: 1...365, default: 7)
    try reader.finish()
  }
}

extension MaintenanceWindow {
  fileprivate init(_ mapping: MappingReader) throws {
    var reader = mapping
    let from = try reader.text("from")
    let to = try reader.text("to")
    if let start = Self.moment(from) {
      guard let end = Self.moment(to), start < end else {
        throw reader.wrong("to", "must be a moment after `from`, such as 2026-03-01T04:00:00Z")
      }
      self = .once(from: start, to: end)
      try reader.finish()
      return
    }
    guard let start = Self.minutes(from), start < 1440 else {
      throw reader.wrong(
        "from", "must be a time of day in UTC such as \"22:00\", or a moment such as 2026-03-01T22:00:00Z")
    }
    guard let end = Self.minutes(to) else {
      throw reader.wrong("to", "must be a time of day in UTC such as \"02:00\"")
    }
    let names = try reader.list("days")
    let days = names.compactMap { Weekday(rawValue: $0) }
    guard days.count == names.count else {
      throw reader.wrong("days", "must be a list of weekdays, such as [saturday, sunday]")
    }
    self = .weekly(days: Set(days.isEmpty ? Weekday.allCases : days), from: start, to: end)
    try reader.finish()
  }

  /// Minutes since midnight of a text such as `22:00`.
  private static func minutes(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
  }

  /// A moment in UTC, with or without milliseconds.
  private static func moment(_ text: String) -> Timestamp? {
    Timestamp(text) ?? (text.hasSuffix("Z") ? Timestamp("\(text.dropLast()).000Z") : nil)
  }
}
