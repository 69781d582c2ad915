import EventLog
import Foundation
import Subprocess
import Testing

/// What a directory says of people must not look like what the command says.
@Suite("Text from outside stays in its row")
struct ForgedRowTests {
  @Test("a name with a line break in it prints no second row, in no verb")
  func lineBreaks() async throws {
    try await Stage.serving { stage, _ in
      let forged = "Ada\neve@contoso.example  Eve  enabled  u1  active"
      let export = """
        {"id":"00000000-0000-4000-8000-000000000001","userPrincipalName":"ada@contoso.example",\
        "displayName":"Ada\\neve@contoso.example  Eve  enabled  u1  active","accountEnabled":true}

        """
      try await stage.expect(0, "import", try stage.write("users.ndjson", export))
      let outputs = [
        try await stage.expect(0, "user", "list").output,
        try await stage.expect(0, "why", "ada@contoso.example").output,
        try await stage.expect(0, "user", "show", "ada@contoso.example").output,
      ]
      for output in outputs {
        #expect(!output.contains(forged))
        #expect(!output.split(separator: "\n").contains { $0.hasPrefix("eve@contoso.example") })
      }
    }
  }

  @Test("a reader that goes away after some rows leaves a record of the export all the same")
  func brokenExport() async throws {
    try await Stage.serving { stage, _ in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 1500).csv))
      for verb in ["report provisioning --format csv", "log export"] {
        let before = try stage.events().count { $0.recorded.type == "report.exported" }
        let script = "\"$0\" \(verb) --ledger \"$1\" | head -c 4096 > /dev/null; echo \"${PIPESTATUS[0]}\""
        let result = try await Subprocess.run(
          .name("bash"), arguments: ["-c", script, try Program.path(), stage.ledgerFolder],
          output: .string(limit: 100), error: .discarded)
        #expect(result.standardOutput == "141\n", "\(verb)")
        #expect(try stage.events().count { $0.recorded.type == "report.exported" } == before + 1)
      }
    }
  }
}
