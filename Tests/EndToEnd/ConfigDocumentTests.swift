import Foundation
import JSON
import Testing

@testable import provledger

@Suite("The configuration as a document", .timeLimit(.minutes(3))) struct ConfigDocumentTests {
  private static let good = "origin: o\ntarget: {url: \"https://tv.example/scim/v2\", token: {file: t}}\n"

  /// Runs a verb that knows of no ledger.
  private func run(_ stage: Stage, _ arguments: String...) async throws -> Program.End {
    try await Program.run(arguments, into: "\(stage.folder)/runs/\(UUID().uuidString)", within: .seconds(60)) { _ in }
  }

  @Test("config check names every mistake at once with its place, ends with 78, and needs no ledger") func check()
    async throws
  {
    let stage = try Stage()
    let bad = try stage.write(
      "bad.yaml", "orgin: o\ntarget:\n  url: tv\n  token: {file: t}\n  concurrency: 99\nscope: {people: nobody}\n")
    let end = try await stage.expect(78, "config", "check", bad)
    #expect(end.lines.count == 5 && end.errors.contains("5 mistakes"), "\(end.output)")
    #expect(
      end.output.contains("PL-0203: \(bad), line 1, column 1: `orgin` is no key that is known; did you mean `origin`?"))
    #expect(end.output.contains("PL-0204: \(bad), line 5, column 16: `target.concurrency` must be a whole number"))
    let json = try JSONParser.parse(
      Array(try await stage.expect(78, "config", "check", bad, "--json").output.utf8))
    let kinds = json["findings"]?.array?.map { $0["kind"] }
    #expect(kinds == ["missingKey", "unknownKey", "url", "outOfRange", "unknownWord"])
    #expect(json["findings"]?.array?.last?["line"] == 6 && json["findings"]?.array?.last?["column"] == 17)
    let fine = try await stage.expect(0, "config", "check", try stage.write("good.yaml", Self.good))
    #expect(fine.output.contains("nothing is wrong"))
    #expect(try await stage.expect(78, "config", "check", "\(stage.folder)/none.yaml").errors.contains("PL-0201"))
  }

  @Test("config check without a file checks the ledger's, which init writes without a mistake") func checkOwn()
    async throws
  {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "config", "check")
    try stage.configure("concurrency: 8", "concurency: 8")
    let end = try await stage.expect(78, "config", "check")
    #expect(end.output.contains("did you mean `concurrency`?"))
    #expect(try await stage.expect(78, "status").errors.contains("did you mean `concurrency`?"))
  }

  @Test("config show has what is in force, and config history how it came to be; neither shows a command")
  func history()
    async throws
  {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let csv = try stage.write("users.csv", Export(count: 3).csv)
    try await stage.expect(0, "import", csv)
    try stage.configure("percent: 10", "percent: 11")
    try stage.configure("anchorCommands: []", "anchorCommands:\n    - curl -H secret-word https://x")
    let before = try await stage.expect(0, "config", "show")
    #expect(before.output.contains("is not recorded as it stands"))
    try await stage.expect(0, "import", csv)
    let shown = try await stage.expect(0, "config", "show")
    #expect(shown.output.contains("in force since") && !shown.output.contains("secret-word"))
    let json = try JSONParser.parse(Array(try await stage.expect(0, "config", "show", "--json").output.utf8))
    func setting(_ path: String) -> JSONValue? { json["settings"]?.array?.first { $0["setting"] == .string(path) } }
    #expect(setting("safeguard.percent")?["value"] == 11 && setting("safeguard.percent")?["default"] == 10)
    #expect(setting("log.anchorCommands")?["value"] == "(not shown)")
    #expect(setting("target.token.file")?["value"] == .string(stage.tokenFile))
    #expect(setting("mapping.actions")?["value"] == ["create", "update", "disable"])

    let history = try await stage.expect(0, "config", "history", "--last", "1")
    #expect(history.output.contains("-  percent: 10") && history.output.contains("+  percent: 11"))
    #expect(history.output.contains("+    (not shown)") && !history.output.contains("secret-word"))
    let all = try await stage.expect(0, "config", "history", "--json")
    #expect(all.lines.count == 2 && !all.output.contains("secret-word"))
    let first = try JSONParser.parse(Array(try #require(all.lines.first).utf8))
    #expect(first["difference"]?.string?.hasPrefix("@@ -0,0 +1,") == true)
    try await stage.expect(64, "config", "history", "--last", "0")
  }

  @Test("config export and import carry scope and mapping over, and name what is left") func schema() async throws {
    let stage = try Stage()
    let rules = """
      scope:
        people: assigned
        filters:
          - {name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}
      mapping:
        attributes:
          - {target: displayName, expression: 'Join(" ", [givenName], [surname])', default: Unnamed}
      """
    let file = try stage.write("provledger.yaml", Self.good + rules)
    let schema = "\(stage.folder)/schema.json"
    let exported = try await run(stage, "config", "export", file, "-o", schema)
    #expect(exported.code == 0 && exported.errors.contains("not carried over: scope.people"), "\(exported.errors)")
    #expect(try await run(stage, "config", "export", file, "-o", schema).errors.contains("PL-1009"))
    let imported = try await run(stage, "config", "import", schema)
    let expected = """
      mapping:
        attributes:
          - {target: displayName, expression: "Join(\\" \\", [givenName], [surname])", default: "Unnamed"}
      scope:
        filters:
          - name: "Sales"
            clauses:
              - {attribute: "department", operator: "EQUALS", value: "Sales"}

      """
    #expect(imported.output == expected && imported.code == 0)
    let out = "\(stage.folder)/rules.yaml"
    #expect(try await run(stage, "config", "import", schema, "-o", out).code == 0)
    let checked = try await run(
      stage, "config", "check", try stage.write("whole.yaml", Self.good + String(contentsOfFile: out, encoding: .utf8)))
    #expect(checked.code == 0, "\(checked.output)")
    let bad = try stage.write("bad.json", #"{"synchronizationRules": []}"#)
    let refused = try await run(stage, "config", "import", bad)
    #expect(refused.code == 65 && refused.errors.contains("PL-0209") && refused.errors.contains("bad.json"))
    #expect(try await run(stage, "config", "import", try stage.write("no.json", "{")).errors.contains("PL-0121"))
  }

  @Test("user scope and why say clause by clause why somebody is in or out, by the attributes that were read")
  func scope()
    async throws
  {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try stage.configure(
      "filters: []", "filters: [{name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}]")
    let csv = """
      id,userPrincipalName,displayName,accountEnabled,department
      id-1,ada@contoso.example,Ada,true,Sales
      id-2,ben@contoso.example,Ben,true,IT
      """
    try await stage.expect(0, "import", try stage.write("users.csv", csv + "\n"))
    let out = try await stage.expect(0, "user", "scope", "ben@contoso.example")
    #expect(out.lines == ["out of scope", "  no  Sales", #"    no  department EQUALS "Sales": is "IT""#])
    let inside = try await stage.expect(0, "user", "scope", "ada@contoso.example", "--json")
    let json = try JSONParser.parse(Array(inside.output.utf8))
    #expect(json["inScope"] == true && json["assigned"] == .null && json["alias"]?.string != nil)
    let why = try await stage.expect(0, "why", "ben@contoso.example").output
    #expect(why.contains(#"the scoping filter does not let the person in (Sales: department EQUALS "Sales": is "IT")"#))
    let because = try await stage.expect(0, "why", "ada@contoso.example").output
    #expect(because.contains(#"not provisioned yet (Sales: department EQUALS "Sales": is "Sales")"#), "\(because)")
  }

  @Test("user scope of a moment that is past asks the configuration and the person of then")
  func pastScope() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let clause = "filters: [{name: Ours, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}]"
    try stage.configure("filters: []", clause)
    func take(_ department: String) async throws {
      let csv =
        "id,userPrincipalName,displayName,accountEnabled,department\nid-1,ada@contoso.example,Ada,true,\(department)\n"
      try await stage.expect(0, "import", try stage.write("users.csv", csv))
    }
    try await take("Sales")
    let history = try await stage.expect(0, "user", "history", "ada@contoso.example", "--json").lines
    let moment = try #require(try JSONParser.parse(Array((history.last ?? "").utf8))["time"]?.string)
    try stage.configure("value: Sales", "value: IT")
    try await take("Legal")
    let now = try await stage.expect(0, "user", "scope", "ada@contoso.example")
    #expect(now.lines == ["out of scope", "  no  Ours", #"    no  department EQUALS "IT": is "Legal""#])
    let then = try await stage.expect(0, "user", "scope", "ada@contoso.example", "--as-of", moment)
    #expect(then.lines == ["in scope", "  yes Ours", #"    yes department EQUALS "Sales": is "Sales""#])
    #expect(then.errors.contains("as of \(moment)"))
    try await stage.expect(64, "user", "scope", "ada@contoso.example", "--as-of", "2001-01-01")
  }
}
