import EventLog
import TeamViewerModel
import Testing

@testable import Simulators

/// The main job on ten people, each command as its own process.
@Suite(.timeLimit(.minutes(3)))
struct SliceTests {
  @Test("Ten people go in as CSV and come out as ten accounts, and every command tells the same")
  func slice() async throws {
    try await Stage.serving { stage, simulator in
      let export = Export(count: 10)
      let file = try stage.write("users.csv", export.csv)

      let imported = try await stage.expect(0, "import", file)
      #expect(imported.output.contains("10 people read, 10 new or changed"))
      #expect(imported.output.contains("decided: 10 create"))
      #expect(simulator.requests.isEmpty, "an import calls nobody")

      let delivered = try await stage.expect(0, "deliver", "--until-idle")
      #expect(delivered.output == "people: 10 active\n")
      let accounts = simulator.accounts
      #expect(Set(accounts.keys) == Set(export.people.map(\.address)))
      for person in export.people {
        #expect(accounts[person.address]?.name == person.name)
        #expect(accounts[person.address]?.active == true)
      }
      #expect(simulator.model.creates.values.allSatisfy { $0 == 1 })
      #expect(simulator.model.createAttempts.values.reduce(0, +) == 10)
      #expect(simulator.requests.count(where: { $0.method == "GET" }) == 1, "one full read matches everybody")

      let report = try await stage.expect(0, "report", "provisioning", "--format", "csv")
      #expect(report.lines.count == 11)
      #expect(report.lines.dropFirst().allSatisfy { $0.contains(",create,delivered,NewInScope,") })
      let list = try await stage.expect(0, "user", "list")
      #expect(list.lines.count == 11)
      for person in export.people {
        let row = list.lines.first { $0.hasPrefix("\(person.address) ") }
        #expect(row?.contains(accounts[person.address]?.id ?? "-") == true)
        #expect(row?.hasSuffix("active") == true)
      }
      let story = try await stage.expect(0, "why", "user7@contoso.example")
      #expect(story.output.contains("The directory shows User Number 7"))
      #expect(story.output.contains("Decided create"))
      #expect(story.output.contains("TeamViewer made account \(accounts["user7@contoso.example"]?.id ?? "-")"))
      #expect(story.output.contains("Delivered: TeamViewer has what is wanted."))

      // The list of people was recorded.
      try await stage.expect(0, "log", "checkpoint")
      let verified = try await stage.expect(0, "verify")
      let size = try stage.size()
      #expect(verified.output.hasPrefix("sound: \(size) events, root "))
      let views = try await stage.expect(0, "views", "check")
      #expect(views.output.hasPrefix("equal at event \(size), digest "))
    }
  }

  @Test("The same export again appends the cycle's own events and sends nothing")
  func again() async throws {
    try await Stage.serving { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 10).csv)
      try await stage.expect(0, "import", file)
      try await stage.expect(0, "deliver", "--until-idle")
      let (size, requests) = (try stage.size(), simulator.requests.count)
      let imported = try await stage.expect(0, "import", file)
      #expect(imported.output.contains("10 people read, 0 new or changed"))
      try await stage.expect(0, "deliver", "--until-idle")
      let added = try stage.events().filter { $0.recorded.position > size }.map(\.recorded.type)
      // Every start of a worker asks who owns the token.
      #expect(added == ["cycle.started", "cycle.finished", "scim.call.finished"])
      #expect(simulator.requests.count == requests)
    }
  }
}
