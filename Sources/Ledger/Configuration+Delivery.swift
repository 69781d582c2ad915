import Base
import Provisioning

// The parts of the YAML that concern calls: where they go, how fast, and when they rest.

extension TargetConfiguration {
  /// Reads `target`.
  init(_ mapping: MappingReader) {
    var reader = mapping
    url = reader.url("url")
    var token = reader.mapping("token")
    let environment = token.text("environment", default: "")
    let path = token.text("file", default: "")
    switch (environment.isEmpty, path.isEmpty) {
    case (false, true): self.token = .environment(environment)
    case (true, false): self.token = .file(path)
    default:
      token.refuse(
        "environment", environment.isEmpty ? .noCredentials : .twoCredentials,
        "must name a variable, or `file` a file, and not both")
      self.token = .environment(environment)
    }
    token.finish()
    concurrency = reader.number("concurrency", in: 1...64, default: 8)
    timeout = reader.number("timeout", in: 1...600, default: 60)
    connectTimeout = reader.number("connectTimeout", in: 1...600, default: 10)
    firstByteTimeout = reader.number("firstByteTimeout", in: 1...600, default: 30)
    let certificates = reader.text("certificates", default: "")
    self.certificates = certificates.isEmpty ? nil : certificates
    profile = reader.choice("profile", default: .teamViewer)
    update = reader.choice("update", default: .patch)
    quotas = reader.mappings("quotas").map { Quota($0) }
    for (index, quota) in quotas.enumerated() where quotas[..<index].contains(where: { $0.name == quota.name }) {
      reader.refuse("quotas", index, .duplicateName, "has two of the name \(quota.name); give each its own")
    }
    reconcileHours = reader.number("reconcileHours", in: 0...8760, default: 24)
    drift = reader.choice("drift", default: .report)
    reader.finish()
  }
}

extension Quota {
  fileprivate init(_ mapping: MappingReader) {
    var reader = mapping
    let name = reader.text("name")
    let calls = reader.text("calls", default: "all")
    if calls != "all", !Self.operations.contains(calls) {
      let known = Self.operations.map { "\"\($0)\"" }.joined(separator: ", ")
      reader.refuse("calls", .unknownWord, "is \"\(calls)\"; use all, or one of \(known)")
    }
    let limit = reader.number("limit", in: 1...1_000_000_000)
    let hours = reader.number("hours", in: 0...8760, default: 0)
    let minutes = reader.number("minutes", in: 0...525_600, default: 0)
    if (hours == 0) == (minutes == 0) {
      reader.refuse("hours", .contradiction, "must say the length of the window, or `minutes`, and not both")
    }
    self.init(
      name: name, operation: calls == "all" ? nil : calls, limit: limit,
      window: .seconds(hours * 3600 + minutes * 60))
    reader.finish()
  }
}

extension DeliveryConfiguration {
  /// Reads `delivery`.
  init(_ mapping: MappingReader) {
    self.init()
    var reader = mapping
    let faults = reader.findings.count
    let windows = reader.mappings("maintenance").map { MaintenanceWindow($0) }
    maintenance = windows
    // What cannot be read has a default that covers everything.
    let last = windows.indices.first { Array(windows[...$0]).coversTheWeek }
    if let last, reader.findings.count == faults {
      reader.refuse(
        "maintenance", last, .time, "covers the whole week, so that no call ever leaves; name days, or another end")
    }
    var breaker = reader.mapping("breaker", isOptional: true)
    breakerFaults = breaker.number("faults", in: 1...1000, default: 5)
    breaker.finish()
    silenceMinutes = reader.number("silenceMinutes", in: 1...10_080, default: 60)
    fruitlessMinutes = reader.number("fruitlessMinutes", in: 0...10_080, default: 15)
    reader.finish()
  }
}

extension MonitoringConfiguration {
  /// Reads `monitoring`.
  init(_ mapping: MappingReader) {
    self.init()
    var reader = mapping
    parked = reader.number("parked", in: 0...1_000_000, default: 0)
    workerMinutes = reader.number("workerMinutes", in: 1...10_080, default: 10)
    checkpointHours = reader.number("checkpointHours", in: 1...8760, default: 24)
    backupDays = reader.number("backupDays", in: 1...365, default: 7)
    exportHours = reader.number("exportHours", in: 1...8760, default: 48)
    reader.finish()
  }
}

extension MaintenanceWindow {
  fileprivate init(_ mapping: MappingReader) {
    var reader = mapping
    let from = reader.text("from")
    let to = reader.text("to")
    if let start = Self.moment(from) {
      let end = Self.moment(to)
      if end.map({ start < $0 }) != true {
        reader.refuse("to", .time, "must be a moment after `from`, such as 2026-03-01T04:00:00Z")
      }
      self = .once(from: start, to: end ?? start)
      reader.finish()
      return
    }
    let start = Self.minutes(from).flatMap { $0 < 1440 ? $0 : nil }
    if start == nil {
      reader.refuse(
        "from", .time, "must be a time of day in UTC such as \"22:00\", or a moment such as 2026-03-01T22:00:00Z")
    }
    let end = Self.minutes(to)
    if end == nil { reader.refuse("to", .time, "must be a time of day in UTC such as \"02:00\"") }
    let names = reader.list("days")
    let days = names.compactMap { Weekday(rawValue: $0) }
    if days.count < names.count {
      reader.refuse("days", .time, "must be a list of weekdays, such as [saturday, sunday]")
    }
    self = .weekly(days: Set(days.isEmpty ? Weekday.allCases : days), from: start ?? 0, to: end ?? 0)
    reader.finish()
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
