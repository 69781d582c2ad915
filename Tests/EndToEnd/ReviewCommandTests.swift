import Foundation
import Provisioning
import Simulators
import TeamViewerModel
import Testing

@testable import provledger

/// A review from its beginning to the account that is read back as inactive.
///
/// Several humans act here by the name of whoever uses `sudo`; a machine that knows who signed in does not believe that name.
@Suite(.timeLimit(.minutes(3)), .enabled(if: LoginUser.current?.name == nil))
struct ReviewCommandTests {
  private func run(_ stage: Stage, as human: String, _ code: Int, _ words: String...) async throws -> Program.End {
    let end = try await stage.run(words, environment: ["SUDO_USER": human])
    #expect(end.code == code, "\(words.joined(separator: " ")): \(end.errors)")
    return end
  }

  @Test(
    "started, decided, refused to who provisioned, delivered, read back, closed, reported; an import does not undo it")
  func whole() async throws {
    try await Stage.serving { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 8).csv)
      _ = try await run(stage, as: "svc", 0, "import", file)
      try await stage.expect(0, "deliver", "--until-idle")
      let started = try await run(
        stage, as: "boss", 0, "review", "start", "access", "--reviewer", "olga", "--reviewer", "svc", "--name", "q4")
      #expect(started.output.hasPrefix("started: q4, 8 people, due on "))

      let (one, two) = ("user1@contoso.example", "user2@contoso.example")
      let refused = try await run(stage, as: "svc", 1, "review", "decide", "q4", one, "keep", "--because", "mine")
      #expect(refused.errors.hasPrefix("PL-0923: operator:svc provisioned or approved "))
      let stranger = try await run(stage, as: "eve", 1, "review", "decide", "q4", one, "keep", "--because", "x")
      #expect(stranger.errors.hasPrefix("PL-0921: operator:eve "))
      _ = try await run(stage, as: "olga", 0, "review", "decide", "q4", one, "remove", "--because", "moved to sales")
      let bad = try stage.write(
        "bad.csv", "user,decision,rationale\n\(two),keep,on call\nnobody@contoso.example,drop,\n")
      let all = try await run(stage, as: "olga", 65, "review", "decide", "q4", "--from", bad)
      #expect(all.errors.contains("bad.csv, line 3: the decision is \"drop\""))
      let good = try stage.write("good.csv", "user,decision,rationale\n\(two),keep,on call\n")
      let kept = try await run(stage, as: "olga", 0, "review", "decide", "q4", "--from", good)
      #expect(kept.output == "decided: 1 to keep, 0 to remove\n")

      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.filter { !$0.value.active }.map(\.key) == [one])
      let removals = try await stage.expect(0, "report", "review-removals", "q4", "--json").output
      #expect(removals.contains(#""status":"done""#) && removals.contains(one))
      #expect(!removals.contains(#""verifiedAt":null"#) && !removals.contains(#""sentAt":null"#))

      let changed = Export(count: 8).csv.replacing("User Number 1,", with: "Other Number 1,")
      _ = try await run(stage, as: "svc", 0, "import", try stage.write("users.csv", changed))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts[one]?.active == false)
      #expect(try await stage.expect(0, "why", one).output.contains("\"moved to sales\""))

      #expect(
        try await run(stage, as: "boss", 0, "review", "close", "q4").output
          == "closed: 1 to keep, 1 to remove, 6 undecided (keep)\n")
      let exceptions = try await stage.expect(0, "report", "review-exceptions", "q4", "--format", "csv").output
      #expect(exceptions.contains("refused,\(one)") && exceptions.contains("undecided,user3@contoso.example"))
      try await stage.expect(0, "verify")
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("a review that is overdue is an alarm in status, in its check, and to the doctor, until it is closed")
  func overdue() async throws {
    try await Stage.serving { stage, _ in
      _ = try await run(stage, as: "svc", 0, "import", try stage.write("users.csv", Export(count: 3).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      let end = Date(timeIntervalSinceNow: 10)
      _ = try await run(
        stage, as: "boss", 0, "review", "start", "access", "--reviewer", "olga", "--name", "q4", "--due",
        end.formatted(.iso8601))
      try await eventually("the review is overdue") { Date() > end }
      #expect(try await stage.expect(0, "review", "list").output.contains("OVERDUE"))
      #expect(try await stage.expect(1, "status", "--check").output.contains("the access review q4 was due on "))
      #expect(try await stage.expect(0, "status").output.contains("REVIEW"))
      #expect(
        try await stage.expect(0, "status", "--format", "prometheus").output.contains("provledger_reviews_overdue 1"))
      #expect(try await stage.run(["doctor", "--offline"]).output.contains("review q4 was due on"))
      _ = try await run(stage, as: "boss", 0, "review", "close", "q4")
      #expect(try await !stage.expect(0, "status").output.contains("REVIEW"))
    }
  }
}
