import Base
import Foundation
import JSON
import Ledger
import Provisioning
import Subprocess
import TeamViewerModel
import Testing

@testable import Simulators

import enum TestSupport.Remnants

/// A person is erased, with a worker that runs on meanwhile.
@Suite(.timeLimit(.minutes(3)))
struct EraseCommandTests {
  private static let values = [
    "00000000-0000-4000-8000-000000000007", "user7@contoso.example", "seven@contoso.example", "User Number 7",
    "Seven Renamed",
  ]

  @Test("Erased while the worker runs: no byte is left, the log is sound, and the person may come back as another")
  func erased() async throws {
    try await Stage.serving { stage, simulator in
      var export = Export(count: 12)
      try await stage.expect(0, "import", try stage.write("one.csv", export.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      export.people[6].name = "Seven Renamed"
      export.people[6].address = "seven@contoso.example"
      try await stage.expect(0, "import", try stage.write("two.csv", export.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      simulator.change { teamViewer in
        for user in teamViewer.model.users { teamViewer.model.confirmEmail(user.id, now: SystemClock.now()) }
      }
      let inDirectory = try await stage.expect(1, "erase", "seven@contoso.example", "--reason", "other", "--yes")
      #expect(inDirectory.errors.hasPrefix("PL-0902: "))
      let shown = try await stage.expect(0, "user", "show", Self.values[0], "--json")
      let alias = try #require(try JSONParser.parse(Array(shown.output.utf8))["alias"]?.string)
      let account = try #require(simulator.accounts["seven@contoso.example"])
      let values = Self.values + [account.id]
      #expect(try !Remnants.of(values, in: stage.ledgerFolder).isEmpty)

      let left = Export(export.people.filter { $0.id != Self.values[0] })
      try await stage.expect(0, "import", try stage.write("three.csv", left.csv))
      let early = try await stage.expect(1, "erase", alias, "--reason", "other", "--yes")
      #expect(early.errors.hasPrefix("PL-0903: ") && early.errors.contains("--force"))

      let run = try await stage.run("deliver") { worker in
        try await eventually("the account is seen inactive") { try stage.has("account.verified") }
        let size = try stage.size()
        let dry = try await stage.expect(0, "erase", alias, "--reason", "gdpr-art-17-1-a", "--dry-run")
        #expect(dry.output.hasPrefix("would erase \(alias): ") && dry.output.contains("stays: TeamViewer keeps"))
        #expect(try await stage.expect(64, "erase", alias, "--reason", "gdpr-art-17-1-a").errors.hasPrefix("PL-1004: "))
        #expect(try await stage.expect(64, "erase", alias, "--reason", "Ada!").errors.contains("reason"))
        let held = try await stage.expect(0, "legal-hold", "place", alias, "--reason", "case-7")
        #expect(held.output.hasPrefix("placed: \(alias)"))
        #expect(try await stage.expect(0, "legal-hold", "list").output.contains("case-7"))
        let onHold = try await stage.expect(1, "erase", alias, "--reason", "other", "--yes", "--force")
        #expect(onHold.errors.hasPrefix("PL-0905: "))
        try await stage.expect(0, "legal-hold", "lift", alias, "--reason", "settled")
        #expect(try await stage.expect(0, "legal-hold", "list").output == "nobody is under a legal hold\n")
        #expect(try stage.size() == size + 5, "two looks at the holds among them")

        let file = "\(stage.folder)/erased.txt"
        let done = try await stage.expect(
          0, "erase", alias, "--reason", "gdpr-art-17-1-a", "--yes", "--certificate", file)
        #expect(done.output.hasPrefix("Certificate of erasure\n") && done.output.contains(alias))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == done.output)
        #expect(try Remnants.of(values, in: stage.ledgerFolder) == [])
        #expect(try await stage.expect(1, "erase", alias, "--reason", "other", "--yes").errors.hasPrefix("PL-0906: "))
        try worker.send(.terminate)
      }
      #expect(run.code == 0)

      #expect(try await stage.expect(1, "why", Self.values[0]).errors.hasPrefix("PL-1001: "))
      let why = try await stage.expect(0, "why", alias)
      #expect(why.output.contains("Erased, reason gdpr-art-17-1-a") && why.output.contains("Decided create"))
      #expect(try await stage.expect(0, "user", "show", alias).output.contains("no value is left"))
      #expect(try await stage.expect(0, "user", "list", "--status", "erased").output.contains(alias))
      #expect(try await stage.expect(0, "report", "provisioning", "--format", "csv").output.contains("erased \(alias)"))
      try await stage.expect(0, "verify")
      try await stage.expect(0, "views", "rebuild")
      #expect(try Remnants.of(values, in: stage.ledgerFolder) == [])

      try await stage.expect(0, "import", try stage.write("four.csv", export.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let again = try await stage.expect(0, "user", "show", Self.values[0], "--json")
      #expect(try JSONParser.parse(Array(again.output.utf8))["alias"]?.string != alias)
      #expect(simulator.accounts["seven@contoso.example"]?.id == account.id, "the account that is there is taken over")
      #expect(simulator.model.createAttempts.values.reduce(0, +) == 12)
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("Forced in the middle of an outage: nothing is sent for the person any more")
  func forced() async throws {
    try await Stage.serving { stage, simulator in
      let export = Export(count: 4)
      try await stage.expect(0, "import", try stage.write("one.csv", export.csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let account = try #require(simulator.accounts["user1@contoso.example"])
      try await stage.expect(
        0, "import", try stage.write("two.csv", Export(Array(export.people.dropFirst())).csv))
      let shown = try await stage.expect(0, "user", "show", "user1@contoso.example", "--json")
      let alias = try #require(try JSONParser.parse(Array(shown.output.utf8))["alias"]?.string)
      // Nothing leaves, since the token is refused.
      simulator.change { $0.model.settings.tokens = [] }
      let refused = try await stage.expect(77, "deliver", "--until-idle")
      #expect(!refused.errors.isEmpty)
      let done = try await stage.expect(
        0, "erase", alias, "--reason", "other", "--force", "--yes", "--json")
      let json = try JSONParser.parse(Array(done.output.utf8))
      #expect(json["forced"]?.array?.count == 2 && json["remains"]?.array?.contains("active-account") == true)
      let owner = simulator.model.user(email: Stage.owner)?.id ?? ""
      simulator.change { $0.model.settings.tokens = [TeamViewerService.Token(Stage.token, owner: owner)] }
      let calls = simulator.requests.count
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.requests.dropFirst(calls).allSatisfy { $0.method == "GET" })
      #expect(simulator.accounts["user1@contoso.example"]?.active == true)
      #expect(try Remnants.of(["user1@contoso.example", "User Number 1\"", account.id], in: stage.ledgerFolder) == [])
    }
  }

  @Test("The master key: rotated, moved away and put back")
  func masterKey() async throws {
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("one.csv", Export(count: 3).csv))
      let master = "\(stage.ledgerFolder)/master.key"
      let attributes = try FileManager.default.attributesOfItem(atPath: master)
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      let before = try await stage.expect(0, "keys", "show", "--json").output
      let rotated = try await stage.expect(0, "keys", "rotate")
      // Three people, the operator, the configuration, the secret of the look-ups, and the mark of the folder.
      #expect(rotated.output.hasPrefix("rotated: 7 keys are wrapped by master key "))
      #expect(try await stage.expect(0, "keys", "show", "--json").output != before)
      #expect(try stage.has("master.key.rotated"))
      try await stage.expect(0, "why", "user1@contoso.example")

      let other = "\(stage.folder)/other.key"
      let moved = try await stage.expect(0, "keys", "rotate", "--new-file", other)
      #expect(moved.errors.contains("keys.master.file: \(other)") && moved.errors.contains("still holds the old"))
      try await stage.expect(0, "why", "user1@contoso.example")
      try stage.configure("file: \"master.key\"", "file: \"\(other)\"")
      #expect(try await stage.expect(0, "keys", "show").errors.isEmpty)
      try FileManager.default.moveItem(atPath: other, toPath: other + ".away")
      #expect(try await stage.expect(78, "status").errors.hasPrefix("PL-0410: "))
      try FileManager.default.copyItem(atPath: master, toPath: other)
      #expect(try await stage.expect(78, "status").errors.hasPrefix("PL-0411: "))
      try FileManager.default.removeItem(atPath: other)
      try FileManager.default.moveItem(atPath: other + ".away", toPath: other)
      try await stage.expect(0, "verify")
      try await stage.expect(0, "views", "check")
    }
  }
}
