import ArgumentParser
import Foundation
import JSON
import Synchronization
import Provisioning
import TeamViewerModel
import Testing

@testable import Simulators
@testable import provledger

/// Holds what the verbs print with `--json` to the schema in the repository.
@Suite("JSON by its schema", .timeLimit(.minutes(6)))
struct OutputSchemaTests {
  private let schema: Schema

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/provledger/output-1.schema.json")
    schema = Schema(try JSONParser.parse(Array(try Data(contentsOf: file))))
  }

  /// The verbs that take `--json`, by their words with hyphens.
  private static func verbs(_ command: any ParsableCommand.Type = Provledger.self, _ words: [String] = []) -> [String] {
    let verbs = command.configuration.subcommands
    if !verbs.isEmpty { return verbs.flatMap { Self.verbs($0, words + [$0._commandName]) } }
    let takes = Provledger.helpMessage(for: command, columns: 1000).contains("[--json]")
    return takes ? [words.joined(separator: "-")] : []
  }

  @Test("each verb that takes --json has a definition")
  func defined() { #expect(Set(Self.verbs()).subtracting(schema.definitions) == []) }

  @Test("what each verb prints is as its definition says")
  func printed() async throws {
    let seen = Seen()
    try await TenantStub.serving(Export(count: 12).people) { _, address in
      try await Stage.serving { stage, simulator in
        try stage.connect(to: address)
        let run = Run(stage: stage, schema: schema) { seen.note($0) }
        try await run.life(simulator)
      }
    }
    #expect(Set(Self.verbs()).subtracting(seen.all) == [], "verbs that were not run")
  }

  @Test("the validator finds what is wrong")
  func validator() throws {
    func problems(_ text: String, _ name: String) throws -> [String] {
      schema.problems(of: try JSONParser.parse(Array(text.utf8)), by: name)
    }
    #expect(try problems(#"{"version":"1"}"#, "version") == [])
    #expect(try problems(#"{"version":1}"#, "version").count == 1)
    #expect(try problems(#"{}"#, "version") == ["version has no version"])
    #expect(try problems(#"{"version":"1","more":1}"#, "version").count == 1)
    #expect(try problems(#"{"size":17,"files":1}"#, "log-tiles").count == 2)
    #expect(try problems(#"{"done":"paused","until":"2026-01-01","position":"7"}"#, "delivery-pause").count == 1)
  }
}

/// The verbs that were run.
private final class Seen: Sendable {
  private let verbs = Mutex<Set<String>>([])
  var all: Set<String> { verbs.withLock { $0 } }

  func note(_ verb: String) { verbs.withLock { _ = $0.insert(verb) } }
}

/// The life of a ledger in which every verb is run.
private struct Run {
  let stage: Stage
  let schema: Schema
  let note: @Sendable (String) -> Void

  @discardableResult
  private func check(_ line: String, _ more: [String] = [], _ code: Int = 0) async throws -> [JSONValue] {
    let words = line.split(separator: " ").map(String.init)
    let end = try await stage.run(words + more + ["--json"])
    #expect(end.code == code, "\(line): \(end.errors)")
    let verb = try #require(
      (1...3).reversed().map { words.prefix($0).joined(separator: "-") }.first(where: schema.definitions.contains))
    let values = try end.lines.map { try JSONParser.parse(Array($0.utf8)) }
    #expect(!values.isEmpty, "\(line) prints nothing")
    for value in values { #expect(schema.problems(of: value, by: verb) == [], "\(line): \(value.text)") }
    note(verb)
    return values
  }

  func life(_ simulator: TeamViewerSimulator) async throws {
    let other = try Stage()
    let made = try await other.run(["init", "--token-file", other.tokenFile, "--json"])
    #expect(schema.problems(of: try JSONParser.parse(Array(made.output.utf8)), by: "init") == [])
    note("init")
    let version = try await Program.run(["version", "--json"], into: "\(other.folder)/version", within: .seconds(30)) {
      _ in
    }
    #expect(schema.problems(of: try JSONParser.parse(Array(version.output.utf8)), by: "version") == [])
    note("version")
    try await grow(simulator)
    try await look()
    try await steer(simulator)
    try await prove()
    try await keep()
  }

  private func grow(_ simulator: TeamViewerSimulator) async throws {
    let people = Export(count: 12).people
    simulator.change { $0.model.settings.foreignAccounts = ["user3@contoso.example"] }
    let first = try stage.write("one.csv", Export(people).csv)
    try await check("import --dry-run", [first])
    try await check("import", [first])
    try await check("source test")
    try await check("cycle run")
    try await check("cycle restart")
    try await check("cycle list")
    try await check("target test")
    try await check("deliver --until-idle")
    try await check("delivery list --status parked")
    try await check("import", [try stage.write("two.csv", Export(Array(people.prefix(3))).csv)], 1)
    let safeguard = try await check("safeguard list").first?["id"]?.string ?? ""
    try await check("safeguard approve", [safeguard, "--yes"])
    try await check("deliver --until-idle")
  }

  private func look() async throws {
    for line in [
      "status", "user list", "user show user1@contoso.example", "user history user1@contoso.example",
      "why user3@contoso.example", "report provisioning --all", "report joiners --explain", "report movers",
      "report leavers --sample 1", "report access", "report register", "report failures --explain", "report operators",
      "report erasures", "report configuration", "report integrity --explain", "source list", "quarantine show",
      "doctor --offline --all",
      "keys show", "views check", "audit", "audit --limit 3 --person user1@contoso.example", "views check --audit",
      "views rebuild --audit", "report access-log", "delivery list", "log follow --until-end",
      "config expression --functions", "config expression ToUpper([surname]) --user user1@contoso.example",
    ] { try await check(line) }
    try await check("user scope user1@contoso.example")
    try await document()
    try await check("config scope", [try stage.write("scope.yaml", "filters: []"), "--user", "user1@contoso.example"])
  }

  private func document() async throws {
    for line in ["config check", "config show", "config history", "config export"] { try await check(line) }
    let schema = try stage.write("schema.json", SchemaExport(Mapping(), ScopePolicy()).json.text)
    let imported = try await Program.run(
      ["config", "import", schema, "--json"], into: "\(stage.folder)/imported", within: .seconds(30)
    ) { _ in }
    #expect(self.schema.problems(of: try JSONParser.parse(Array(imported.output.utf8)), by: "config-import") == [])
    note("config-import")
  }

  private func steer(_ simulator: TeamViewerSimulator) async throws {
    let moment = try await check("status").first?["checkpoint"]?["signed"]?.string ?? "now"
    try await check("export file csv", ["-o", "\(stage.folder)/export.csv"])
    for line in [
      "status", "user list", "user show user1@contoso.example", "user scope user1@contoso.example",
      "report provisioning",
    ] {
      try await check("\(line) --as-of \(moment)")
    }
    let first = try await check("log follow --until-end").first?["time"]?.string ?? ""
    try await check("user diff \(first)")
    try await check("delivery retry --all")
    try await check("delivery hold user1@contoso.example --reason x")
    try await check("status")
    try await check("delivery retry user1@contoso.example")
    try await check("delivery skip user3@contoso.example --reason x")
    try await check("status --check")
    try await check("delivery pause --for 1h --reason x")
    try await check("status")
    try await check("delivery resume")
    try await check("legal-hold place user12@contoso.example --reason x")
    try await check("legal-hold list")
    try await review()
    try await check("user show user12@contoso.example")
    try await check("legal-hold lift user12@contoso.example --reason x")
    _ = simulator.change { teamViewer in
      let user = teamViewer.model.users.first { $0.email == "user1@contoso.example" }
      return user.map { teamViewer.model.delete($0.id) } != nil
    }
    try await check("target reconcile", [], 1)
    try await check("report drift --explain")
    try await check("status")
    let plan = "\(stage.folder)/restore.json"
    try await check("target restore", ["--as-of", moment, "-o", plan])
    try await check("apply", [plan])
    try await check("import --source graph", [try stage.write("graph.csv", Export(count: 3).csv)])
    let handover = "\(stage.folder)/handover.json"
    try await check("source handover directory graph --match userName", ["-o", handover])
    try await check("apply", [handover])
    try await check("source detach directory --yes")
  }

  private func review() async throws {
    try await check("review start access --name q4", ["--reviewer", Operator.identity.human])
    try await check("review list")
    try await check("status")
    let nothing = try stage.write("decisions.csv", "user,decision,rationale\nuser1@contoso.example,,\n")
    try await check("review decide q4", ["--from", nothing])
    try await check("review close q4")
    for report in ["summary", "decisions", "removals", "exceptions"] {
      try await check("report review-\(report) q4 --explain")
    }
  }

  private func prove() async throws {
    try await check("log checkpoint")
    try await check("log checkpoint --list")
    try await check("log key --all")
    try await check("log prove event 3")
    try await stage.expect(0, "log", "checkpoint")
    let sizes = try await check("log checkpoint --list").compactMap { $0["size"]?.string }
    try await check("log prove consistency", [sizes.first ?? "", sizes.last ?? ""])
    let bundle = try stage.write("event", try await stage.expect(0, "log", "prove", "event", "3").output)
    try await check("verify --bundle", [bundle])
    let pack = "\(stage.folder)/leavers.zip"
    for kind in [
      "access", "joiners", "movers", "failures", "erasures", "drift", "operators", "register", "leavers",
    ] {
      try await check("evidence \(kind)", ["-o", pack, "--force"])
    }
    try await check("verify --bundle", [pack])
    try await check("log prove event 6 --open desired")
    let opened = try await stage.expect(0, "log", "prove", "event", "6", "--open", "desired").output
    try await check("verify --bundle", [try stage.write("opened", opened)])
    try stage.configure("anchorFiles: []", "anchorFiles: [\"\(stage.folder)/anchor\"]")
    try await check("log anchor")
    try await check("log tiles", ["\(stage.folder)/tiles"])
    try await check("verify")
    try await check("views rebuild")
  }

  private func keep() async throws {
    let backup = "\(stage.folder)/backup"
    try await check("backup create", [backup])
    try await check("backup verify", [backup])
    try await check("rebuild")
    try await check("rebuild --drill", ["--from", backup])
    try await check("erase user12@contoso.example --reason retention-ended --dry-run")
    try await check("erase user12@contoso.example --reason retention-ended --yes --force")
    try await check("user list")
    try await check("report provisioning --all")
    try await check("keys rotate")
    let restored = try await Program.run(
      [
        "backup", "restore", backup, "--ledger", "\(stage.folder)/restored", "--erasures-from", stage.ledgerFolder,
        "--json",
      ],
      into: "\(stage.folder)/restore", within: .seconds(60)
    ) { _ in }
    #expect(restored.code == 0, "\(restored.errors)")
    #expect(schema.problems(of: try JSONParser.parse(Array(restored.output.utf8)), by: "backup-restore") == [])
    note("backup-restore")
    _ = try await stage.run(["import", try stage.write("three.csv", Export(count: 14).csv)])
    try stage.setToken("tk-wrong")
    try await check("deliver --until-idle", [], 77)
    try await check("quarantine show")
    try await check("status")
    try await check("quarantine release")
  }
}
