import Base
import JSON
import Testing

/// What the ledger says of moments that are past.
@Suite("As it was", .timeLimit(.minutes(3)))
struct AsOfTests {
  /// A ledger in which user1 was renamed, user2 left, user3 was disabled and user4 joined after the moment that is returned.
  private func changed() async throws -> (Stage, String) {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    var people = Export(count: 4).people
    try await stage.expect(0, "import", try stage.write("one.csv", Export(Array(people.prefix(3))).csv))
    let newest = try await stage.expect(0, "log", "follow", "--until-end", "--json").lines.last ?? ""
    let moment = try #require(try JSONParser.parse(newest.utf8)["time"]?.string)
    people[0].name = "Renamed"
    people[0].address = "renamed@contoso.example"
    people[2].isEnabled = false
    people.remove(at: 1)
    let held = try await stage.run(["import", try stage.write("two.csv", Export(people).csv)])
    #expect([0, 1].contains(held.code))
    return (stage, moment)
  }

  private func lines(_ stage: Stage, _ words: String...) async throws -> [JSONValue] {
    let end = try await stage.run(words + ["--json"])
    #expect(end.code == 0, "\(words): \(end.errors)")
    return try end.lines.map { try JSONParser.parse($0.utf8) }
  }

  @Test("one person, also by a name of that time; everybody; the status; the report")
  func questions() async throws {
    let (stage, moment) = try await changed()
    for name in ["user1@contoso.example", "renamed@contoso.example"] {
      let then = try await lines(stage, "user", "show", name, "--as-of", moment)
      #expect(then.first?["directory"]?["displayName"]?.string == "User Number 1")
    }
    let present = try await lines(stage, "user", "show", "renamed@contoso.example")
    #expect(present.first?["directory"]?["displayName"]?.string == "Renamed")
    let everybody = try await lines(stage, "user", "list", "--as-of", moment)
    #expect(
      everybody.compactMap { $0["directory"]?["userPrincipalName"]?.string } == [
        "user1@contoso.example", "user2@contoso.example", "user3@contoso.example",
      ])
    #expect(everybody.allSatisfy { $0["directory"]?["state"]?.string == "present" })
    let status = try #require(try await lines(stage, "status", "--as-of", moment).first)
    #expect(status["people"]?["pending"]?.integer == 3 && status["asOf"]?["time"]?.string == moment)
    let text = try await stage.expect(0, "status", "--as-of", moment)
    #expect(text.output.contains("as of") && !text.output.contains("worker"))
    let report = try await lines(stage, "report", "provisioning", "--all", "--as-of", moment)
    #expect(report.count == 3 && report.allSatisfy { $0["action"]?.string == "create" })
    try await stage.expect(1, "user", "show", "user4@contoso.example", "--as-of", moment)
  }

  @Test("who was added, changed and removed since, and what of them")
  func differences() async throws {
    let (stage, moment) = try await changed()
    let all = try await lines(stage, "user", "diff", moment)
    let kinds = all.map { "\($0["userPrincipalName"]?.string ?? "") \($0["kind"]?.string ?? "")" }
    #expect(
      kinds == [
        "renamed@contoso.example changed", "user2@contoso.example removed", "user3@contoso.example changed",
        "user4@contoso.example added",
      ])
    let renamed = all.first?["changes"]?.array ?? []
    #expect(
      renamed.contains {
        $0["displayName"]?.string == "desired.displayName" && $0["oldValue"]?.string == "User Number 1"
          && $0["newValue"]?.string == "Renamed"
      })
    #expect(try await lines(stage, "user", "diff", moment, "now", "--kind", "removed").count == 1)
    #expect(try await lines(stage, "user", "diff", moment, moment).isEmpty)
    let one = try await stage.expect(0, "user", "diff", moment, "--user", "renamed@contoso.example")
    #expect(one.lines.count == 2 && one.errors.contains("from \(moment)"))
    // Two looks at one person say what the looks at everybody say of them.
    for difference in all {
      let name = try #require(difference["userPrincipalName"]?.string)
      #expect(try await lines(stage, "user", "diff", moment, "--user", name) == [difference])
    }
  }

  @Test("who had looked by then, and nobody who looked later")
  func looks() async throws {
    let (stage, _) = try await changed()
    try await stage.expect(0, "user", "list", "--status", "active")
    let newest = try await stage.expect(0, "log", "follow", "--until-end", "--json").lines.last ?? ""
    let moment = try #require(try JSONParser.parse(newest.utf8)["time"]?.string)
    try await stage.expect(0, "user", "list", "--status", "parked")
    let all = try await lines(stage, "report", "access-log")
    let then = try await lines(stage, "report", "access-log", "--as-of", moment)
    #expect(then.contains { $0["filter"]?.string == "status active" })
    #expect(!then.contains { $0["filter"]?.string == "status parked" } && Array(all.prefix(then.count)) == then)
    let none = try await lines(stage, "report", "access-log", "--as-of", moment, "--from", "now")
    #expect(none.isEmpty)
  }

  @Test("a look at one person is in the access log, with whom it was about")
  func single() async throws {
    let (stage, _) = try await changed()
    let verbs = ["why", "user show", "user history"]
    for verb in verbs {
      let end = try await stage.run(verb.split(separator: " ").map(String.init) + ["user4@contoso.example"])
      #expect(end.code == 0 && !end.errors.contains("UNRECORDED"), "\(end.errors)")
    }
    let looks = try await lines(stage, "report", "access-log").filter { verbs.contains($0["what"]?.string ?? "") }
    #expect(looks.compactMap { $0["what"]?.string } == verbs)
    #expect(looks.allSatisfy { $0["filter"]?.string == "user4@contoso.example" && $0["rows"]?.integer == 1 })
  }

  @Test("a moment to come, or before the log, is refused; so is what makes no sense of the past")
  func refused() async throws {
    let (stage, moment) = try await changed()
    for bad in ["2999-01-01", "2001-01-01"] {
      #expect(try await stage.expect(64, "user", "list", "--as-of", bad).errors.contains("PL-0914"))
    }
    try await stage.expect(64, "status", "--watch", "--as-of", moment)
    try await stage.expect(64, "status", "--check", "--as-of", moment)
    try await stage.expect(64, "user", "diff", "now", moment)
  }
}
