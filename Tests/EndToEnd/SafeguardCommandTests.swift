import Base
import JSON
import Provisioning
import SCIM
import Simulators
import TeamViewerModel
import Testing

/// An export that lost half of the company.
@Suite(.timeLimit(.minutes(3)))
struct SafeguardCommandTests {
  @Test("Half of the company is gone from the export: nobody is disabled before an operator approves it")
  func half() async throws {
    try await Stage.serving { stage, simulator in
      let whole = Export(count: 20)
      try await stage.expect(0, "import", try stage.write("whole.csv", whole.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let half = Export(Array(whole.people.prefix(10)))
      let lost = Set(whole.people.dropFirst(10).map(\.address))

      let imported = try await stage.expect(1, "import", try stage.write("half.csv", half.csv))
      #expect(imported.errors.contains("The safeguard tripped: 10 people are held"))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.values.allSatisfy { $0.active })

      let list = try await stage.expect(0, "safeguard", "list", "--json")
      let safeguard = try JSONParser.parse(Array(try #require(list.lines.first).utf8))
      let id = try #require(safeguard["id"]?.string)
      #expect(list.lines.count == 1 && safeguard["holding"]?.integer == 10)
      #expect(try await stage.expect(0, "safeguard", "list").output.contains(id))
      #expect(imported.errors.contains(id))

      let size = try stage.size()
      let asked = try await stage.expect(64, "safeguard", "approve", id)
      #expect(asked.errors.hasPrefix("PL-1004: ") && asked.errors.contains("--yes"))
      #expect(try await stage.expect(1, "safeguard", "approve", "no-such-id", "--yes").errors.hasPrefix("PL-0901: "))
      #expect(try stage.size() == size)

      let approved = try await stage.expect(0, "safeguard", "approve", id, "--yes")
      #expect(approved.output.hasPrefix("approved: 10 people"))
      try await stage.expect(0, "deliver", "--until-idle")
      let disabled = simulator.accounts.filter { !$0.value.active }.map(\.key)
      #expect(Set(disabled) == lost)
      #expect(try await stage.expect(0, "user", "list", "--status", "disabled", "--json").lines.count == 10)
      try await stage.expect(0, "verify")
    }
  }

  @Test("An export that is whole again takes the held people back, and nothing is to be approved")
  func wholeAgain() async throws {
    try await Stage.serving { stage, simulator in
      let whole = Export(count: 20)
      let file = try stage.write("whole.csv", whole.csv)
      try await stage.expect(0, "import", file)
      try await stage.expect(0, "deliver", "--until-idle")
      let half = try stage.write("half.csv", Export(Array(whole.people.prefix(10))).csv)
      try await stage.expect(1, "import", half)
      let list = try await stage.expect(0, "safeguard", "list", "--json")
      let id = try JSONParser.parse(Array(try #require(list.lines.first).utf8))["id"]?.string ?? ""
      try await stage.expect(0, "import", file)
      try await stage.expect(1, "safeguard", "approve", id, "--yes")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.values.allSatisfy { $0.active })
      #expect(simulator.model.calls(.patch, "/Users/{id}") == 0)
    }
  }
}
