import Base
import Foundation
import Provisioning
import TestSupport
import Testing

@testable import Ledger

@Suite("Configuration")
struct ConfigurationTests {
  /// The lines of a file with all keys, for the tests to spoil.
  static let lines = [
    "origin: example.test/ledger", "target:", "  url: https://example.test/scim/v2", "  token:",
    "    environment: TOKEN", "  concurrency: 8", "  timeout: 60", "mapping:", "  userName: mail",
    "  ssoCustomerId: sso-1", "safeguard:", "  percent: 20", "  minimum: 3", "  maximum: 90",
    "  protectedAccounts: [u1, u2]", "",
  ]

  @Test("a whole file is read as it says")
  func whole() throws {
    let configuration = try Configuration(yaml: Self.lines.joined(separator: "\n"), file: "f")
    #expect(configuration.origin == "example.test/ledger")
    #expect(
      configuration.target
        == TargetConfiguration(
          url: "https://example.test/scim/v2", token: .environment("TOKEN"), concurrency: 8, timeout: 60))
    #expect(configuration.mapping == Mapping(userName: .mail, ssoCustomerId: "sso-1"))
    #expect(configuration.safeguard == SafeguardLimits(minimum: 3, maximum: 90, percent: 20))
    #expect(configuration.protectedAccounts == ["u1", "u2"])
    #expect(configuration.policy == CyclePolicy(mapping: configuration.mapping, safeguard: configuration.safeguard))
  }

  @Test("what is left out has its default")
  func defaults() throws {
    let text = "origin: o\ntarget: {url: u, token: {file: t}}\n"
    for text in [text, text + "mapping:\nsafeguard: null\n"] {
      let configuration = try Configuration(yaml: text, file: "f")
      #expect(configuration.target.token == .file("t"))
      #expect(configuration.target.concurrency == 8 && configuration.target.timeout == 60)
      #expect(configuration.mapping == Mapping() && configuration.safeguard == SafeguardLimits())
      #expect(configuration.protectedAccounts.isEmpty)
    }
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The line to replace, from 1, and what to put there; nil for none.
    var line: Int
    var text: String?
    var code: FaultCode
    /// The line that the fault names.
    var at: Int
    /// What the sentence has to name.
    var names: String

    init(_ name: String, _ line: Int, _ text: String?, _ code: FaultCode, at: Int? = nil, _ names: String) {
      testDescription = name
      self.line = line
      self.text = text
      self.code = code
      self.at = at ?? line
      self.names = names
    }
  }

  static let table = [
    Wrong("broken quote", 1, "origin: \"example", .configurationSyntax, at: 16, "YAML"),
    Wrong("tab as indentation", 3, "\turl: x", .configurationSyntax, "YAML"),
    Wrong("two documents", 16, "---\nother: 1", .configurationSyntax, "YAML"),
    Wrong("control character", 3, "  url: a\u{1}b", .configurationSyntax, "YAML"),
    Wrong("doubled key", 3, "  url: x\n  url: y", .configurationKey, at: 4, "url"),
    Wrong("doubled key at the top", 16, "origin: again", .configurationKey, at: 16, "origin"),
    Wrong("unknown key at the top", 16, "orgin: x", .configurationKey, "orgin"),
    Wrong("unknown key in target", 7, "  timout: 60", .configurationKey, "target.timout"),
    Wrong(
      "unknown key in token", 5, "    environment: T\n    enviroment: T", .configurationKey, at: 6,
      "target.token.enviroment"),
    Wrong("unknown key in mapping", 10, "  sso: x", .configurationKey, "mapping.sso"),
    Wrong("unknown key in safeguard", 12, "  percentage: 2", .configurationKey, "safeguard.percentage"),
    Wrong("a list as key", 16, "[a]: 1", .configurationKey, "known here"),
    Wrong("origin missing", 1, nil, .configurationKey, at: 1, "origin"),
    Wrong("url missing", 3, nil, .configurationKey, at: 3, "target.url"),
    Wrong("target empty", 16, nil, .configurationKey, at: 1, "target"),
    Wrong("token empty", 5, nil, .configurationValue, at: 4, "target.token"),
    Wrong("origin with a blank", 1, "origin: my ledger", .configurationValue, "origin"),
    Wrong("origin empty", 1, "origin: \"\"", .configurationValue, "origin"),
    Wrong("origin a list", 1, "origin: [a]", .configurationValue, "origin"),
    Wrong("origin null", 1, "origin: ~", .configurationValue, "origin"),
    Wrong("url empty", 3, "  url: \"\"", .configurationValue, "target.url"),
    Wrong("url nothing", 3, "  url:", .configurationValue, "target.url"),
    Wrong("url null", 3, "  url: null", .configurationValue, "target.url"),
    Wrong("url keys", 3, "  url: {a: b}", .configurationValue, "target.url"),
    Wrong("both token sources", 5, "    environment: T\n    file: f", .configurationValue, at: 5, "target.token"),
    Wrong("no token source", 5, "    environment: \"\"", .configurationValue, "target.token"),
    Wrong("null as token source", 5, "    environment: null", .configurationValue, "target.token"),
    Wrong("token a text", 4, "  token: secret", .configurationValue, at: 4, "target.token"),
    Wrong("concurrency a text", 6, "  concurrency: many", .configurationValue, "target.concurrency"),
    Wrong("concurrency zero", 6, "  concurrency: 0", .configurationValue, "target.concurrency"),
    Wrong("concurrency above 64", 6, "  concurrency: 65", .configurationValue, "target.concurrency"),
    Wrong("timeout a fraction", 7, "  timeout: 1.5", .configurationValue, "target.timeout"),
    Wrong("timeout above 600", 7, "  timeout: 601", .configurationValue, "target.timeout"),
    Wrong("timeout beyond 64 bits", 7, "  timeout: 99999999999999999999", .configurationValue, "target.timeout"),
    Wrong("update by post", 7, "  update: post", .configurationValue, "target.update"),
    Wrong("drift ignored", 7, "  drift: ignore", .configurationValue, "target.drift"),
    Wrong("quotas a text", 7, "  quotas: many", .configurationValue, "target.quotas"),
    Wrong("unknown key in delivery", 16, "delivery: {pace: 1}", .configurationKey, "delivery.pace"),
    Wrong("breaker without faults", 16, "delivery: {breaker: {faults: 0}}", .configurationValue, "breaker.faults"),
    Wrong("bad userName source", 9, "  userName: employeeId", .configurationValue, "mapping.userName"),
    Wrong("userName from a boolean", 9, "  userName: accountEnabled", .configurationValue, "mapping.userName"),
    Wrong("percent above 100", 12, "  percent: 101", .configurationValue, "safeguard.percent"),
    Wrong("minimum below 0", 13, "  minimum: -1", .configurationValue, "safeguard.minimum"),
    Wrong("minimum above maximum", 13, "  minimum: 91", .configurationValue, "safeguard.minimum"),
    Wrong(
      "a text in place of a list", 15, "  protectedAccounts: u1", .configurationValue, "safeguard.protectedAccounts"),
    Wrong("a list of keys", 15, "  protectedAccounts: [{a: b}]", .configurationValue, "safeguard.protectedAccounts"),
    Wrong(
      "both master key sources", 16, "keys: {master: {environment: T, file: f}}", .configurationValue, "keys.master"),
    Wrong("unknown key in keys", 16, "keys: {mister: {file: f}}", .configurationKey, "keys.mister"),
    Wrong("unknown key in master", 16, "keys: {master: {path: f}}", .configurationKey, "keys.master.path"),
    Wrong("mapping a list", 8, "mapping: [a]", .configurationValue, "mapping"),
  ]

  @Test("what is wrong is named with its code and line", arguments: table)
  func wrong(row: Wrong) {
    var lines = Self.lines
    switch row.testDescription {
    case "token a text": lines.remove(at: 4)
    case "mapping a list": lines.removeSubrange(8...9)
    case "target empty": lines.removeSubrange(1...6)
    default: break
    }
    if let text = row.text { lines[row.line - 1] = text } else if row.line < 16 { lines.remove(at: row.line - 1) }
    let found = fault { _ = try Configuration(yaml: lines.joined(separator: "\n"), file: "provledger.yaml") }
    #expect(found?.code == row.code)
    #expect(found?.place?.file == "provledger.yaml" && found?.place?.line == row.at)
    #expect(found?.sentence.contains(row.names) == true, "\(found?.sentence ?? "")")
    #expect(found?.code.exit == .configuration)
  }

  // MARK: Pace and rest

  @Test("quotas, maintenance and the other rules of calls are read as they say")
  func calls() throws {
    let text = """
      origin: o
      target:
        url: u
        token: {file: t}
        connectTimeout: 3
        firstByteTimeout: 4
        update: put
        quotas:
          - {name: creates, calls: "POST /Users", limit: 5000, hours: 24}
          - {name: everything, limit: 90, minutes: 1}
        reconcileHours: 0
        drift: repair
      delivery:
        maintenance:
          - {days: [saturday, sunday], from: 22:00, to: "02:00"}
          - {days: [monday], from: "00:00", to: "24:00"}
          - {from: 2026-03-01T22:00:00Z, to: 2026-03-02T04:00:00.500Z}
        breaker: {faults: 7}
        silenceMinutes: 30
      """
    let configuration = try Configuration(yaml: text, file: "f")
    let target = configuration.target
    #expect(target.connectTimeout == 3 && target.firstByteTimeout == 4 && target.update == .put)
    #expect(
      target.quotas == [
        Quota(name: "creates", operation: "POST /Users", limit: 5000, window: .seconds(86_400)),
        Quota(name: "everything", limit: 90, window: .seconds(60)),
      ])
    #expect(target.reconcileHours == 0 && target.drift == .repair)
    let delivery = configuration.delivery
    #expect(delivery.breakerFaults == 7 && delivery.silenceMinutes == 30)
    #expect(
      delivery.maintenance == [
        .weekly(days: [.saturday, .sunday], from: 1320, to: 120),
        .weekly(days: [.monday], from: 0, to: 1440),
        .once(
          from: try #require(Timestamp("2026-03-01T22:00:00.000Z")),
          to: try #require(Timestamp("2026-03-02T04:00:00.500Z"))),
      ])
  }

  @Test(
    "what is wrong in a quota or a window is named with its line",
    arguments: [
      ("target", "{calls: all, limit: 1, hours: 1}", FaultCode.configurationKey, "target.quotas[0].name"),
      ("target", "{name: a, limit: 1}", .configurationValue, "target.quotas[0].hours"),
      ("target", "{name: a, limit: 1, hours: 1, minutes: 1}", .configurationValue, "target.quotas[0].hours"),
      ("target", "{name: a, limit: 0, hours: 1}", .configurationValue, "target.quotas[0].limit"),
      ("target", "{name: a, hours: 1}", .configurationKey, "target.quotas[0].limit"),
      ("target", "{name: a, limit: 1, hours: 1, calls: DELETE}", .configurationValue, "target.quotas[0].calls"),
      ("target", "{name: a, limit: 1, hours: 1, call: all}", .configurationKey, "target.quotas[0].call"),
      ("target", "a", .configurationValue, "target.quotas"),
      ("delivery", "{from: \"25:00\", to: \"02:00\"}", .configurationValue, "delivery.maintenance[0].from"),
      ("delivery", "{from: \"24:00\", to: \"02:00\"}", .configurationValue, "delivery.maintenance[0].from"),
      ("delivery", "{from: \"22:00\", to: \"2:00\"}", .configurationValue, "delivery.maintenance[0].to"),
      ("delivery", "{from: \"22:00\"}", .configurationKey, "delivery.maintenance[0].to"),
      (
        "delivery", "{days: [caturday], from: \"22:00\", to: \"23:00\"}", .configurationValue,
        "delivery.maintenance[0].days"
      ),
      (
        "delivery", "{from: 2026-03-01T22:00:00Z, to: 2026-03-01T21:00:00Z}", .configurationValue,
        "delivery.maintenance[0].to"
      ),
    ])
  func wrongElement(section: String, element: String, code: FaultCode, names: String) {
    let quotas = section == "target" ? "\n    - \(element)" : " []"
    let windows = section == "delivery" ? "\n    - \(element)" : " []"
    let text =
      "origin: o\ntarget:\n  url: u\n  token: {file: t}\n  quotas:\(quotas)\ndelivery:\n  maintenance:\(windows)\n"
    let found = fault { _ = try Configuration(yaml: text, file: "f") }
    #expect(found?.code == code)
    #expect(found?.sentence.contains(names) == true, "\(found?.sentence ?? "")")
    #expect(found?.place?.line == (section == "target" ? 6 : 8))
  }

  @Test("files that are no keys with values", arguments: ["- a", "just text", "3"])
  func noMapping(text: String) {
    #expect(fault { _ = try Configuration(yaml: text, file: "f") }?.code == .configurationValue)
  }

  @Test("an empty file lacks its first key", arguments: ["", "# nothing\n"])
  func empty(text: String) {
    #expect(fault { _ = try Configuration(yaml: text, file: "f") }?.code == .configurationKey)
  }

  @Test(
    "where the master key is",
    arguments: [
      ("", SecretSource.file("master.key")), ("keys:\n", .file("master.key")),
      ("keys: {master: {}}", .file("master.key")),
      ("keys: {master: {file: /etc/m}}", .file("/etc/m")), ("keys: {master: {environment: M}}", .environment("M")),
    ])
  func masterKey(text: String, source: SecretSource) throws {
    let yaml = "origin: o\ntarget: {url: u, token: {file: t}}\n" + text
    #expect(try Configuration(yaml: yaml, file: "f").masterKey == source)
    let template = Configuration.template(origin: "o", url: "u", token: .file("t"), master: source)
    #expect(try Configuration(yaml: template, file: "f").masterKey == source)
  }

  // MARK: The template

  @Test("the template says the defaults")
  func template() throws {
    let text = Configuration.template(
      origin: "example.test/x", url: TargetConfiguration.teamViewer, token: .environment("TEAMVIEWER_TOKEN"))
    let configuration = try Configuration(yaml: text, file: "f")
    #expect(configuration.origin == "example.test/x")
    #expect(
      configuration.target
        == TargetConfiguration(
          url: "https://webapi.teamviewer.com/scim/v2", token: .environment("TEAMVIEWER_TOKEN"), concurrency: 8,
          timeout: 60))
    #expect(configuration.mapping == Mapping() && configuration.safeguard == SafeguardLimits())
    #expect(configuration.protectedAccounts.isEmpty)
    #expect(configuration.delivery == DeliveryConfiguration())
  }

  static let oddPaths = [
    "/run/secrets/token", "a\"b", "a\\b", "\\", "\"", "a\nb: c", "a\tb", "# no comment", "a: b", "{x}", "'", "%&*!|>@`",
    "\"\u{301}", "\\\u{301}", "\u{85}\u{2028}\u{2029}\u{feff}x", "\u{7f}\u{1}", "\r\n", "😀é", " at both ends ", "null",
  ]

  @Test("odd paths survive the template's quoting", arguments: oddPaths)
  func quoting(path: String) throws {
    let text = Configuration.template(origin: "o", url: path, token: .file(path))
    let configuration = try Configuration(yaml: text, file: "f")
    guard case .file(let read) = configuration.target.token else {
      Issue.record("no file")
      return
    }
    #expect(Array(read.utf8) == Array(path.utf8))
    #expect(Array(configuration.target.url.utf8) == Array(path.utf8))
  }
}
