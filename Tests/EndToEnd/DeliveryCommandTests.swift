import Base
import Foundation
import JSON
import Ledger
import Provisioning
import Simulators
import Subprocess
import TeamViewerModel
import Testing

/// What an operator does with pending work, by commands, beside a worker or without one.
@Suite(.timeLimit(.minutes(3)))
struct DeliveryCommandTests {
  private func json(_ end: Program.End) throws -> [JSONValue] { try end.lines.map { try JSONParser.parse($0.utf8) } }

  @Test("skipped and held people get no call; retried, they do; the list and why tell all of it")
  func asideAndBack() async throws {
    try await Stage.serving { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 4).csv)
      try await stage.expect(0, "import", file)
      try await stage.expect(0, "delivery", "skip", "user1@contoso.example", "--reason", "made by hand")
      try await stage.expect(0, "delivery", "hold", "user2@contoso.example", "--reason", "case 7")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(Set(simulator.accounts.keys) == ["user3@contoso.example", "user4@contoso.example"])

      let rows = try json(try await stage.expect(0, "delivery", "list", "--json"))
      #expect(rows.compactMap { $0["status"]?.string } == ["onHold", "skipped"])
      #expect(rows.compactMap { $0["error"]?.string } == ["OperatorHold", "OperatorSkip"])
      #expect(rows.compactMap { $0["operatorReason"]?.string } == ["case 7", "made by hand"])
      #expect(rows.allSatisfy { $0["answer"] == .null })
      #expect(rows.allSatisfy { $0["remedy"]?.string?.contains("delivery retry") == true })

      let refused = try await stage.expect(1, "delivery", "skip", "user3@contoso.example", "--reason", "x")
      #expect(refused.errors.hasPrefix("PL-0811: "))
      #expect(try await stage.expect(1, "delivery", "retry", "nobody").errors.hasPrefix("PL-1001: "))
      try await stage.expect(64, "delivery", "retry")

      try await stage.expect(0, "delivery", "retry", "user1@contoso.example", "user2@contoso.example")
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 4)
      let why = try await stage.expect(0, "why", "user2@contoso.example").output
      #expect(why.contains("An operator lets no call leave for the person: \"case 7\""))
      #expect(why.contains("An operator lets it be tried now"))
      try await stage.expect(0, "views", "check")
    }
  }

  @Test("a pause stops a running worker, resume lets it go on; status says who and why")
  func pause() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "delivery", "pause", "--reason", "move")
      let file = try stage.write("users.csv", Export(count: 3).csv)
      let ledger = try stage.open()
      let worker = try await stage.run("deliver") { worker in
        try await eventually("the worker is at work") { ledger.lockHolder(of: .worker)?.process == Int32(worker.id) }
        try await stage.expect(0, "import", file)
        let status = try JSONParser.parse(try await stage.expect(0, "status", "--json").output.utf8)
        let closed = status["closed"]?.array?.first
        #expect(closed?["reason"] == "operatorPause" && closed?["detail"] == "move")
        #expect(closed?["by"]?.string?.hasPrefix("operator:") == true)
        #expect(try await stage.expect(1, "delivery", "pause", "--reason", "x").errors.hasPrefix("PL-0813: "))
        #expect(simulator.accounts.isEmpty)
        try await stage.expect(0, "delivery", "resume", "--json")
        try await eventually("all is delivered") { simulator.accounts.count == 3 }
        try worker.send(.terminate)
      }
      #expect(worker.code == 0, "\(worker.errors)")
      #expect(try await stage.expect(1, "delivery", "resume").errors.hasPrefix("PL-0814: "))
      try ledger.close()
    }
  }

  @Test("status --watch prints when something changed and not else; SIGTERM ends it with 0")
  func watch() async throws {
    try await Stage.serving { stage, _ in
      let end = try await stage.run(["status", "--watch", "--json", "--interval", "1"]) { watch in
        @Sendable func lines() -> Int {
          let text = FileManager.default.contents(atPath: watch.output).map { String(decoding: $0, as: UTF8.self) }
          return (text ?? "").split(separator: "\n").count
        }
        try await eventually("it shows the first state") { lines() == 1 }
        try await stage.expect(0, "delivery", "pause", "--reason", "move")
        try await eventually("it shows the pause") { lines() == 2 }
        try watch.send(.terminate)
      }
      #expect(end.code == 0, "\(end.errors)")
      let shown = try json(end)
      #expect(shown.count == 2 && shown[0]["closed"] == [] && shown[1]["closed"]?.array?.count == 1)
    }
  }

  @Test("doctor on a ledger that init made: nothing that does not work, and nothing is appended")
  func doctor() async throws {
    try await Stage.serving { stage, _ in
      let size = try stage.size()
      let end = try await stage.run(["doctor", "--json"])
      #expect(end.code == 0, "\(end.output)")
      let findings = try JSONParser.parse(end.output.utf8)["findings"]?.array ?? []
      let bad = findings.filter { ["warning", "failure"].contains($0["severity"]?.string) }
      // Where the tests run may well be a container or a small disk.
      let codes = Set(bad.compactMap { $0["code"]?.string })
      #expect(codes.isSubset(of: ["file-system", "disk-space", "fsync-slow"]), "\(codes)")
      #expect(findings.contains { $0["code"] == "target" } && findings.contains { $0["code"] == "clock-target" })
      #expect(try stage.size() == size)

      try stage.setToken("wrong")
      let refused = try await stage.expect(1, "doctor")
      #expect(refused.output.contains("FAILURE token-refused: PL-0703: "))
    }
  }
}
