import Base
import Provisioning
import Testing

@testable import Ledger

@Suite("What is wrong with a configuration, all at once") struct ConfigurationCheckTests {
  typealias Kind = ConfigurationFinding.Kind

  static let head = "origin: o\ntarget: {url: \"https://tv.example/scim/v2\", token: {file: t}}\n"
  private static let tenant = "graph: {tenant: t, client: c, credentials: {certificate: p}}\n"

  static func check(_ text: String) -> [ConfigurationFinding] {
    Configuration.check(yaml: text, file: "provledger.yaml")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var kind: Kind
    /// What follows the first two lines, or the third where a tenant is read.
    var text: String
    var line: Int
    var column: Int
    /// A part of the sentence.
    var words: String
    var readsTenant = false

    init(
      _ kind: Kind, _ text: String, _ line: Int, _ column: Int, _ words: String, readsTenant: Bool = false
    ) {
      self.kind = kind
      self.text = text
      self.line = line
      self.column = column
      self.words = words
      self.readsTenant = readsTenant
    }

    var testDescription: String { "\(kind.rawValue): \(text)" }
    var yaml: String { head + (readsTenant ? tenant : "") + text }
  }

  static func mapped(_ element: String) -> String { "mapping:\n  attributes:\n    - {\(element)}" }
  static func filtered(_ clause: String) -> String {
    "scope:\n  filters:\n    - name: x\n      clauses:\n        - {\(clause)}"
  }

  static let cases: [Case] = file + values + together + people + mappings + scopes + useless

  private static let file = [
    Case(.syntax, "proxy: {url: \"x", 3, 16, "no valid YAML"),
    Case(.syntax, "\tproxy: x", 3, 1, "no valid YAML"),
    Case(.duplicateKey, "cycles:\n  folder: a\n  everyMinutes: 7\n  folder: b", 6, 3, "on line 4 too"),
    Case(.alias, "proxy: &a {url: none}\ndelivery: *a", 4, 11, "`*a`"),
    Case(.unknownKey, "cycles:\n  everyMinute: 7", 4, 3, "did you mean `everyMinutes`?"),
    Case(.unknownKey, "colour: red", 3, 1, "known here: cycles, delivery"),
    Case(.missingKey, "mapping:\n  attributes:\n    - {attribute: mail}", 5, 7, "target` is missing"),
    Case(.name, "feeds:\n  - {name: \"a b\", to: \"tls://siem.example\"}", 4, 12, "64 letters, digits"),
    Case(
      .name, "graph:\n  tenant: a/../b\n  client: c\n  credentials: {certificate: p}", 4, 11, "copy it from the Entra"),
    Case(
      .name, "graph:\n  tenant: t\n  client: c d\n  credentials: {certificate: p}", 5, 11, "copy it from the Entra"),
    Case(.url, "feeds:\n  - {name: siem, to: \"udp://siem.example\"}", 4, 22, "tls://host.example:6514"),
    Case(.contradiction, "feeds:\n  - {name: siem, to: \"tcp://siem.example\"}", 4, 22, "in clear"),
    Case(.notKeys, "monitoring: 5", 3, 13, "`monitoring` must be keys with values"),
    Case(.notKeys, "delivery:\n  maintenance: [daily]", 4, 17, "list of keys"),
  ]

  private static let values = [
    Case(.notText, "log:\n  key: [a]", 4, 8, "`log.key` must be a text"),
    Case(
      .empty, "graph:\n  tenant: t\n  client: \"\"\n  credentials: {certificate: p}", 5, 11, "application (client) id"),
    Case(.notNumber, "cycles:\n  everyMinutes: often", 4, 17, "from 1 to 1440"),
    Case(.outOfRange, "cycles:\n  everyMinutes: 0", 4, 17, "from 1 to 1440"),
    Case(.outOfRange, "cycles:\n  everyMinutes: 99999999999999999999", 4, 17, "from 1 to 1440"),
    Case(.notFlag, "scope:\n  skipOutOfScopeDeletions: maybe", 4, 28, "true or false"),
    Case(.notList, "safeguard:\n  protectedAccounts: u1", 4, 22, "list of texts"),
    Case(.unknownWord, "log:\n  looks: some", 4, 10, "all or many"),
    Case(.unknownWord, "mapping:\n  actions: [create, destroy]", 4, 21, "create, update, disable"),
    Case(.url, "proxy: {url: \"ftp://x\"}", 3, 14, "`proxy.url`"),
    Case(.url, "graph:\n  url: http://graph.example", 4, 8, "plain http"),
    Case(.url, "graph:\n  credentials:\n    identityEndpoint: http://169.254.169.254/t?v=1", 5, 23, "a query"),
    Case(.url, "graph:\n  credentials:\n    identityEndpoint: http://169.254.example/t", 5, 23, "plain http"),
    Case(.secret, "proxy:\n  url: http://me:word@proxy.example:3128", 4, 8, "password"),
    Case(.time, "delivery:\n  maintenance:\n    - {from: \"25:00\", to: \"02:00\"}", 5, 14, "time of day"),
    Case(
      .time, "delivery:\n  maintenance:\n    - {days: [caturday], from: \"22:00\", to: \"23:00\"}", 5, 14, "weekdays"),
  ]

  private static let together = [
    Case(.noCredentials, "graph:\n  tenant: t\n  client: c\n  credentials: {}", 6, 16, "must say one of"),
    Case(
      .twoCredentials,
      "graph:\n  tenant: t\n  client: c\n  credentials:\n    certificate: p\n    managedIdentity: system",
      8, 22, "and `certificate` cannot both be there"),
    Case(.twoCredentials, "proxy: {credentials: {environment: A, file: b}}", 3, 45, "and `environment`"),
    Case(.contradiction, "safeguard:\n  minimum: 600", 4, 12, "above maximum"),
    Case(.contradiction, "scope:\n  people: assigned", 4, 11, "`graph` names no tenant"),
    Case(.contradiction, "cycles: {folder: drop}", 4, 9, "keep one", readsTenant: true),
  ]

  private static let people = [
    Case(
      .unknownAttribute, mapped("target: displayName, attribute: departement"), 6, 40, "`department`", readsTenant: true
    ),
    Case(
      .unknownAttribute, mapped("target: displayName, expression: 'ToLower([x])'"), 6, 41, "[x] (line 1, column 9)",
      readsTenant: true),
    Case(
      .untrackedAttribute, mapped("target: displayName, attribute: skills"), 6, 40, "does not report",
      readsTenant: true),
    Case(
      .untrackedAttribute, "scope: {filters: [{name: x, clauses: [{attribute: mailboxSettings, operator: IS NULL}]}]}",
      4,
      51, "does not report", readsTenant: true),
  ]

  private static let mappings = [
    Case(.expression, mapped("target: displayName, expression: '[mail'"), 5, 41, "no closing bracket"),
    Case(.unknownFunction, mapped("target: displayName, expression: 'ToUpr([a])'"), 5, 41, "no function"),
    Case(.arguments, mapped("target: displayName, expression: 'Append([a])'"), 5, 41, "needs `suffix`"),
    Case(
      .pattern, mapped("target: displayName, expression: 'Replace([a], , \"(\", , \"b\", , )'"), 5, 41, "cannot be read"
    ),
    Case(
      .unusableFunction, mapped("target: displayName, expression: 'SelectUniqueValue([a], [b])'"), 5, 7,
      "Active Directory"),
    Case(.source, mapped("target: displayName"), 5, 7, "needs one of"),
    Case(.source, mapped("target: displayName, attribute: a, constant: b"), 5, 7, "needs one of"),
    Case(.unknownTarget, mapped("target: title, attribute: jobTitle"), 5, 7, "no attribute that TeamViewer takes"),
    Case(
      .duplicateTarget, mapped("target: displayName, attribute: a}\n    - {target: displayName, attribute: b"), 6, 7,
      "twice"),
    Case(.requiredTarget, mapped("target: displayName, expression: 'NULL'"), 5, 41, "never has a value"),
    Case(.matching, mapped("target: displayName, attribute: a, matching: 1"), 5, 53, "two people may have one name"),
    Case(
      .matching, mapped("target: active, expression: 'Not([IsSoftDeleted])', matching: 2"), 5, 70, "cannot look for"),
    Case(.matching, mapped("target: userName, expression: 'Append(Guid(), \"@x.example\")'"), 5, 7, "by itself"),
    Case(.activeMapping, mapped("target: active, constant: 'True'"), 5, 7, "IsSoftDeleted"),
  ]

  private static let scopes = [
    Case(.emptyGroup, "scope:\n  filters:\n    - name: x\n      clauses: []", 6, 16, "no clause"),
    Case(.unknownOperator, filtered("attribute: a, operator: EQUAL, value: b"), 7, 36, "did you mean EQUALS?"),
    Case(.operandMissing, filtered("attribute: a, operator: EQUALS"), 7, 11, "needs a value"),
    Case(.operandSuperfluous, filtered("attribute: a, operator: IS NULL, value: b"), 7, 11, "takes no value"),
    Case(.operandNotNumber, filtered("attribute: a, operator: Greater_Than, value: ten"), 7, 11, "whole number"),
    Case(.pattern, filtered("attribute: a, operator: REGEX MATCH, value: '('"), 7, 11, "no pattern"),
    Case(.scopeAttribute, filtered("attribute: manager, operator: IS NULL"), 7, 11, "scoping filter"),
  ]

  @Test("Each mistake is told once, with its kind, its line and its column", arguments: cases)
  func one(_ row: Case) {
    let found = Self.check(row.yaml)
    #expect(found.map(\.kind) == [row.kind], "\(found.map(\.fault.description))")
    #expect(found.first?.fault.place == Fault.Place(file: "provledger.yaml", line: row.line, column: row.column))
    #expect(found.first?.fault.sentence.contains(row.words) == true, "\(found.first?.fault.sentence ?? "")")
    #expect(found.allSatisfy { $0.fault.code.exit == .configuration })
  }

  @Test("There is a case of each kind, and there are 25 at least") func complete() {
    let others: Set<Kind> = [.origin, .duplicateName]
    #expect(Set(Self.cases.map(\.kind)).union(others) == Set(Kind.allCases))
    #expect(Kind.allCases.count >= 25)
  }

  @Test("A name of the log and names of quotas are looked at, too") func names() {
    let text = """
      origin: my ledger
      target:
        url: https://tv.example/scim/v2
        token: {file: t}
        quotas:
          - {name: a, limit: 1, hours: 1}
          - {name: a, limit: 2, hours: 1}
      """
    let found = Self.check(text)
    #expect(found.map(\.kind) == [.origin, .duplicateName])
    #expect(found.map(\.fault.place?.line) == [1, 7] && found.map(\.fault.place?.column) == [9, 7])
  }

  @Test("The template is without fault, and so is every way to say that a key is left out") func clean() {
    let template = Configuration.template(
      origin: "o", url: TargetConfiguration.teamViewer, token: .environment("T"))
    #expect(Self.check(template).isEmpty, "\(Self.check(template).map(\.fault.description))")
    #expect(Self.check(Self.head + "mapping:\nscope: ~\nlog: null\n").isEmpty)
  }

  @Test("Mistakes of every section are told in the order of their places, in one go") func all() {
    let text = """
      orgin: o
      target:
        url: tv
        token: {}
        concurrency: 500
      mapping:
        attributes:
          - {target: displayName, expression: 'ToUpr([a])'}
          - {target: shoeSize, attribute: a}
      scope:
        filters:
          - name: x
            clauses:
              - {attribute: a, operator: LIKE, value: x}
              - {attribute: b, operator: EQUALS}
      safeguard: {percent: 200}
      """
    let found = Self.check(text)
    #expect(found.map(\.fault.place?.line) == [1, 1, 3, 4, 5, 8, 9, 14, 15, 16])
    let kinds: [Kind] = [
      .missingKey, .unknownKey, .url, .noCredentials, .outOfRange, .unknownFunction, .unknownTarget, .unknownOperator,
      .operandMissing, .outOfRange,
    ]
    #expect(found.map(\.kind) == kinds)
  }

  @Test("What opening the ledger refuses is the first of what a check tells, and a wrong address is not refused there")
  func refusal() throws {
    _ = try Configuration(yaml: "origin: o\ntarget: {url: u, token: {file: t}}\n", file: "f")
    let fault = #expect(throws: Fault.self) {
      try Configuration(yaml: "origin: o\ntarget: {url: u, token: {file: t}, concurrency: x, timeout: y}\n", file: "f")
    }
    #expect(fault?.sentence.contains("target.concurrency") == true)
  }

  @Test("Keys that are there twice or more are all told, and the rest of the file, too") func doubled() {
    let text = """
      origin: o
      target: {url: "https://tv.example", url: "https://other.example", token: {file: t}}
      log: {key: a}
      # key: none of these counts, since keys of one name are no news in other mappings
      keys: {master: {file: f}}
      proxy: {url: none}
      log: {looks: all}
      cycles: {everyMinutes: 1, "everyMinutes": 2, everyMinutes: 3, every: 4}
      """
    let found = Self.check(text)
    #expect(found.map(\.kind) == [.duplicateKey, .duplicateKey, .duplicateKey, .duplicateKey, .unknownKey])
    #expect(found.map(\.fault.place?.line) == [2, 7, 8, 8, 8])
    #expect(found.map(\.fault.place?.column) == [37, 1, 28, 46, 63])
  }

  @Test("A text that would grow beyond any memory is refused before it does") func bomb() {
    var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for (last, next) in zip("abcdefghijkl", "bcdefghijklm") {
      text += "\(next): &\(next) [\(Array(repeating: "*\(last)", count: 10).joined(separator: ", "))]\n"
    }
    text += "? *m\n: 1\n"
    let found = Self.check(text)
    let aliases = found.filter { $0.kind == .alias }
    #expect(aliases.count == 121 && Set(found.map(\.kind)) == [.alias, .missingKey, .unknownKey])
    #expect(aliases.first?.fault.place == Fault.Place(file: "provledger.yaml", line: 2, column: 8))
    #expect(#expect(throws: Fault.self) { try Configuration(yaml: text, file: "f") }?.code == .configurationSyntax)
    let deep = String(repeating: "[", count: 100_000)
    #expect(Self.check("a: " + deep).map(\.kind) == [.syntax])
    #expect(Self.check(String(repeating: "- ", count: 100_000)).map(\.kind).contains(.syntax))
  }

  @Test(
    "An asterisk that is no alias is none",
    arguments: [
      "proxy: {noProxy: [\"*\", '*', \"a \\\"*b\"]}", "# *a\nlog: {key: a*b} # *c", "log:\n  key: a *b",
      "log: {key: 'it''s *x'}",
      "log:\n  key: |\n    *text\n    more\n", "log:\n  key: >-\n    - *text\n\n    more",
    ])
  func asterisk(_ text: String) {
    #expect(AliasScanner.aliases(of: text) == [])
    #expect(Self.check(Self.head + text).isEmpty, "\(Self.check(Self.head + text).map(\.fault.description))")
  }

  @Test(
    "Names of attributes that a tenant may have are no mistakes",
    arguments: [
      "department", "telephoneNumber", "physicalDeliveryOfficeName", "extensionAttribute7", "IsSoftDeleted", "objectId",
      "extension_0123456789abcdef0123456789abcdef_costCentre", "appRoleAssignments", "onPremisesSamAccountName",
      "manager",
    ])
  func known(_ name: String) {
    #expect(Self.check(Self.head + Self.tenant + Self.mapped("target: displayName, attribute: \(name)")).isEmpty)
  }
}
