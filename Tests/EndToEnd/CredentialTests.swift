import Base
import JSON
import Ledger
import Provisioning
import Simulators
import Subprocess
import TeamViewerModel
import Testing
import Views

/// The target refuses the worker: quarantine, and the way out.
@Suite(.timeLimit(.minutes(3)))
struct CredentialTests {
  @Test("A wrong token ends in quarantine with 77; with the right one the next worker leaves it by itself")
  func wrongToken() async throws {
    try await Stage.serving { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 3).csv)
      try await stage.expect(0, "import", file)
      try stage.setToken("tk-wrong")
      let refused = try await stage.expect(77, "deliver", "--until-idle")
      #expect(refused.errors.contains("PL-0801"))
      let shown = try await stage.expect(0, "quarantine", "show")
      #expect(shown.output.contains("quarantine: ") && shown.output.contains("401"))
      let status = try await stage.expect(0, "status")
      #expect(status.output.contains("QUARANTINE"))
      let json = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
      #expect(json["target"]?["quarantine"]?.string == "EncounteredQuarantineException")
      for look in [["delivery", "list"], ["why", "user1@contoso.example"], ["report", "provisioning"]] {
        let told = try await stage.run(look).output
        #expect(told.contains("QUARANTINE") && told.contains("Make a new script token"), "\(look)")
      }

      let before = simulator.requests.count
      try await stage.expect(77, "deliver", "--until-idle")
      #expect(simulator.requests.count == before + 1, "a start probes once")
      #expect(simulator.accounts.isEmpty)

      try stage.setToken(Stage.token)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 3)
      #expect(try await stage.expect(0, "quarantine", "show").output == "there is no quarantine\n")
      #expect(try await !stage.expect(0, "status").output.contains("QUARANTINE"))
    }
  }

  @Test("A token that may not view users ends in quarantine with 77, a URL without SCIM with 69")
  func others() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
      simulator.change { teamViewer in
        for index in teamViewer.model.settings.tokens.indices {
          teamViewer.model.settings.tokens[index].scopes.remove(.readUsers)
        }
      }
      let refused = try await stage.expect(77, "deliver", "--until-idle")
      #expect(refused.errors.contains("PL-0801"))
      #expect(try await stage.expect(0, "quarantine", "show").output.contains("403"))
      #expect(simulator.accounts.isEmpty)
    }
    try await Stage.serving(path: "/no/scim") { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
      let refused = try await stage.expect(69, "deliver", "--until-idle")
      #expect(refused.errors.contains("PL-0802"))
      #expect(simulator.accounts.isEmpty)
    }
  }

  @Test("A token that cannot stand in a header: 77 at once, and it is not shown")
  func malformedToken() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
      try stage.setToken("tk-first\ntk-second")
      for arguments in [["deliver", "--until-idle"], ["deliver"], ["target", "test"]] {
        let end = try await stage.run(arguments, within: .seconds(20))
        #expect(end.code == 77)
        #expect(end.errors.hasPrefix("PL-0702: "), "\(end.errors)")
        #expect(!(end.errors + end.output).contains("tk-first"))
      }
      #expect(simulator.requests.isEmpty)
    }
  }

  @Test("A running worker goes on when the token is put right and the quarantine released")
  func released() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
      try stage.setToken("tk-wrong")
      let worker = try await stage.run("deliver") { worker in
        let ledger = try stage.open()
        try await eventually("quarantine") {
          try ledger.views.catchUp()
          return try ledger.views.target().condition.quarantine != nil
        }
        try ledger.close()
        try stage.setToken(Stage.token)
        try await stage.expect(0, "quarantine", "release")
        try await eventually("both have accounts") { simulator.accounts.count == 2 }
        try worker.send(.terminate)
      }
      #expect(worker.code == 0, "\(worker.errors)")
    }
  }
}
