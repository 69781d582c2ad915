import Base
import Provisioning
import Testing

/// `import --dry-run`, and the sources that people belong to, by the commands that an operator types.
@Suite("Importing, by command", .timeLimit(.minutes(2)))
struct ImportVerbTests {
  @Test("a dry run says what an import would do and appends nothing; it ends with 2 only when asked to")
  func dryRun() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let people = Export(count: 6).people
    try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
    let size = try stage.size()
    let file = try stage.write("two.csv", Export(Array(people.dropFirst())).csv)
    let plan = try await stage.expect(0, "import", file, "--dry-run")
    #expect(plan.output.contains("would disable: 1 (user1@contoso.example)"))
    try await stage.expect(2, "import", file, "--dry-run", "--exit-code")
    #expect(try stage.size() == size)
    let json = try await stage.expect(0, "import", file, "--dry-run", "--json")
    #expect(json.output.contains(#""action":"disable""#) && json.output.contains(#""changes":true"#))
    // It names everybody: that somebody looked is all that it appends.
    #expect(try stage.size() == size + 1)
    #expect(try stage.has("data.viewed"))
    try await stage.expect(0, "import", file)
    let quiet = try await stage.expect(0, "import", file, "--dry-run", "--exit-code")
    #expect(quiet.output.contains("nothing would change"))
  }

  @Test("another company's export is held whole, and says whose it seems to be")
  func unfamiliar() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 5).csv))
    let others = (1...5).map { number in
      Export.Person(
        id: "20000000-0000-4000-8000-00000000000\(number)", address: "p\(number)@fabrikam.example",
        name: "Stranger \(number)")
    }
    let end = try await stage.expect(1, "import", try stage.write("two.csv", Export(others).csv))
    #expect(end.errors.contains("shares 0 of its 5 people") && end.errors.contains("fabrikam.example"))
    #expect(end.output.contains("10 held"))
    try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 5).csv))
  }

  @Test("a whole export without accountEnabled is refused, unless what is known is to be kept")
  func silent() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let people = Export(count: 3).people
    try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
    let lines = people.map { #"{"id":"\#($0.id)","userPrincipalName":"\#($0.address)","displayName":"\#($0.name)"}"# }
    let file = try stage.write("users.ndjson", lines.joined(separator: "\n"))
    #expect(try await stage.expect(65, "import", file).errors.hasPrefix("PL-0135: "))
    try await stage.expect(0, "import", file, "--keep-enabled")
  }

  @Test("sources by command: read, listed, handed over by a plan, let go")
  func sources() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let people = Export(count: 3).people
    try await stage.expect(0, "import", try stage.write("one.csv", Export(people).csv))
    let same = people.enumerated().map { number, person in
      Export.Person(
        id: "30000000-0000-4000-8000-00000000000\(number)", address: person.address, name: person.name)
    }
    let file = try stage.write("graph.csv", Export(same).csv)
    try await stage.expect(0, "import", "--source", "graph", file)
    #expect(try await stage.expect(0, "source", "list").lines == ["directory  3 people", "graph      3 people"])
    let plan = "\(stage.folder)/handover.json"
    try await stage.expect(0, "source", "handover", "directory", "graph", "--match", "userName", "-o", plan)
    #expect(try await stage.expect(0, "apply", plan).output.contains("3 people belong to graph now"))
    try await stage.expect(1, "apply", plan)
    #expect(try await stage.expect(0, "import", "--source", "graph", file).output.contains("0 new or changed"))
    #expect(try await stage.expect(64, "source", "detach", "graph").errors.contains("--yes"))
    try await stage.expect(0, "source", "detach", "graph", "--yes")
    #expect(try await stage.expect(0, "source", "list").output.contains("no source owns anybody"))
    try await stage.expect(64, "source", "detach", "graph", "--yes")
    try await stage.expect(64, "source", "handover", "graph", "graph", "-o", plan)
  }
}
