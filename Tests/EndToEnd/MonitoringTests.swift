import Base
import EventLog
import Foundation
import JSON
import Ledger
import NetworkSupport
import Subprocess
import TeamViewerModel
import Testing

@testable import Simulators

/// What machines that watch a ledger see of it.
@Suite(.timeLimit(.minutes(2)))
struct MonitoringTests {
  @Test("status --check ends with 0, 1 or 2 and says why in one line; metrics go to a file")
  func check() async throws {
    try await Stage.serving { stage, simulator in
      let well = try await stage.expect(0, "status", "--check")
      #expect(well.output == "well\n")
      simulator.change { $0.model.settings.foreignAccounts.append("user1@contoso.example") }
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(try await stage.expect(1, "status", "--check").output == "degraded: 1 parked\n")
      simulator.change { $0.model.settings.tokens = [] }
      try await stage.expect(0, "delivery", "retry", "--all")
      try await stage.expect(77, "deliver", "--until-idle")
      let broken = try await stage.expect(2, "status", "--check")
      #expect(broken.lines.count == 1 && broken.output.hasPrefix("broken: quarantine since "))
      let json = try await stage.expect(2, "status", "--check", "--json")
      #expect(try JSONParser.parse(Array(json.output.utf8))["level"] == "broken")
      let metrics = try await stage.expect(0, "status", "--format", "prometheus")
      #expect(metrics.lines.contains("provledger_health 2"))
      #expect(metrics.lines.contains("provledger_blocked{reason=\"quarantine\"} 1"))
      #expect(!metrics.output.contains("contoso") && !metrics.output.contains("User Number"))
    }
  }

  @Test(
    "A worker tells its manager that it is ready, what it is at, that it lives, that it ends", arguments: [true, false])
  func notify(isAbstract: Bool) async throws {
    try await Stage.serving { stage, _ in
      let name = isAbstract ? "@provledger-\(UUID().uuidString)" : "\(stage.folder)/notify"
      let manager = try #require(NotifySocket(name))
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      let environment = ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "200000"]
      let end = try await stage.run(["deliver"], environment: environment) { worker in
        try await eventually("it is ready") { manager.messages.contains("READY=1") }
        try await eventually("it lives") { manager.messages.count { $0 == "WATCHDOG=1" } > 5 }
        try await eventually("it says what it is at") {
          manager.messages.contains { $0.hasPrefix("STATUS=3 delivered, 0 pending") }
        }
        #expect(!manager.messages.contains("STOPPING=1"))
        try worker.send(.terminate)
      }
      #expect(end.code == 0)
      #expect(manager.messages.contains("STOPPING=1") && manager.messages.allSatisfy { !$0.contains("contoso") })
    }
  }

  @Test("A worker that is stopped tells its manager nothing any more")
  func stopped() async throws {
    try await Stage.serving { stage, _ in
      let manager = try #require(NotifySocket("\(stage.folder)/notify"))
      let environment = ["NOTIFY_SOCKET": "\(stage.folder)/notify", "WATCHDOG_USEC": "200000"]
      _ = try await stage.run(["deliver"], environment: environment) { worker in
        // Whoever is stopped while it writes keeps others from looking: so not before it rests.
        try await eventually("it has the lock") { try stage.lockHolder() == worker.id }
        var rest = (size: Int64(0), lives: 0)
        try await eventually("it lives, and has written nothing for four signs of life") {
          let (size, lives) = (try stage.size(), manager.messages.count { $0 == "WATCHDOG=1" })
          if size != rest.size { rest = (size, lives) }
          return size > 0 && lives >= rest.lives + 4 && manager.messages.contains { $0.hasPrefix("STATUS=") }
        }
        try worker.send(.suspend)
        let stat = "/proc/\(worker.id)/stat"
        try await eventually("it stands still") { try String(contentsOfFile: stat, encoding: .utf8).contains(") T ") }
        let told = manager.messages.count
        let check = try await stage.expect(2, "status", "--check")
        #expect(check.output.contains("the worker is stopped") && manager.messages.count == told)
        try worker.send(.resume)
        try worker.send(.terminate)
      }
    }
  }

  @Test("Log lines as JSON: one object a line, with stable names, whatever TeamViewer says")
  func json() async throws {
    try await Stage.serving { stage, simulator in
      simulator.change { $0.model.settings.foreignAccounts.append("user1@contoso.example") }
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
      let end = try await stage.expect(0, "deliver", "--until-idle", "--log-format", "json")
      let lines = try end.errors.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
        try JSONParser.parse(Array($0.utf8))
      }
      let parked = try #require(lines.first { $0["message"] == "delivery parked" })
      #expect(parked.object?.members.map(\.name) == ["time", "level", "logger", "message", "metadata"])
      #expect(parked["level"] == "warning" && parked["logger"] == "provledger")
      #expect(parked["metadata"]?["reason"] == "AddressOutsideCompany")
      #expect(parked["time"]?.string.flatMap { Timestamp($0) } != nil)
      let text = try await stage.expect(0, "delivery", "retry", "--all")
      #expect(text.code == 0)
      let plain = try await stage.expect(0, "deliver", "--until-idle")
      #expect(plain.errors.contains("warning provledger: ") && !plain.errors.contains("{\""))
    }
  }
}
