import Base
import EventLog
import Ledger
import Provisioning
import Simulators
import Subprocess
import TeamViewerModel
import Testing

/// One worker at a time, and what becomes of the others.
@Suite(.timeLimit(.minutes(3)))
struct WorkerLockTests {
  /// A ledger with people to deliver, and a TeamViewer that fails: so long as it does, a worker has something to do and
  /// cannot do it.
  private static func busy(_ stage: Stage, _ simulator: TeamViewerSimulator) async throws -> OpenLedger {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
    simulator.change { $0.plan.profile = FaultPlan.Profile(probability: 1, weights: [.error503: 1]) }
    return try stage.open()
  }

  @Test("A second worker is told who is at work; one that waits takes over when the first is killed")
  func takesOver() async throws {
    try await Stage.serving { stage, simulator in
      let ledger = try await Self.busy(stage, simulator)
      let first = try await stage.run("deliver") { first in
        try await eventually("the first holds the lock") { ledger.lockHolder(of: .worker)?.process == Int32(first.id) }

        let refused = try await stage.expect(75, "deliver", "--no-wait")
        #expect(refused.errors.hasPrefix("PL-0604: "))
        #expect(refused.errors.contains("process \(first.id)"))
        #expect(refused.output.isEmpty)

        let second = try await stage.run("deliver", "--until-idle") { second in
          try await eventually("the second waits") {
            second.errors().contains("waiting: process \(first.id) is at work")
          }
          #expect(simulator.accounts.isEmpty)
          simulator.change { $0.plan.profile = .none }
          try first.send(.kill)
          try await eventually("the second holds the lock") {
            ledger.lockHolder(of: .worker)?.process == Int32(second.id)
          }
        }
        #expect(second.code == 0, "\(second.errors)")
      }
      #expect(first.signal == 9)
      try ledger.close()
      #expect(simulator.accounts.count == 3)
      #expect(simulator.model.creates.values.allSatisfy { $0 == 1 })
      try await stage.expect(0, "verify")
    }
  }

  @Test("A first worker that is only stopped keeps its lock: the second says so, again when it goes on, and waits")
  func stopped() async throws {
    try await Stage.serving { stage, simulator in
      let ledger = try await Self.busy(stage, simulator)
      let first = try await stage.run("deliver") { first in
        try await eventually("the first holds the lock") { ledger.lockHolder(of: .worker)?.process == Int32(first.id) }
        try first.send(.suspend)
        try await eventually("it is seen to be stopped") { ledger.lockHolder(of: .worker)?.isStopped == true }
        let second = try await stage.run("deliver", "--until-idle") { second in
          let stopped = "waiting: process \(first.id) is stopped; it keeps the lock"
          try await eventually("the second says that the first is stopped") { second.errors().contains(stopped) }
          #expect(second.errors().contains("kill -CONT \(first.id)"))

          let doctor = try await stage.expect(1, "doctor", "--offline", "--json")
          #expect(doctor.output.contains(#""worker-stopped""#))
          let status = try await stage.expect(0, "status", "--json")
          #expect(status.output.contains(#""workerStopped":true"#))

          try first.send(.resume)
          try await eventually("the second says that the first goes on") {
            second.errors().contains("waiting: process \(first.id) is at work")
          }
          #expect(ledger.lockHolder(of: .worker)?.process == Int32(first.id) && simulator.accounts.isEmpty)
          simulator.change { $0.plan.profile = .none }
          try first.send(.terminate)
        }
        #expect(second.code == 0, "\(second.errors)")
      }
      #expect(first.code == 0, "\(first.errors)")
      try ledger.close()
      #expect(simulator.accounts.count == 3)
      #expect(simulator.model.creates.values.allSatisfy { $0 == 1 })
    }
  }

  @Test("SIGTERM ends a worker that waits for another with 0")
  func endsWhileWaiting() async throws {
    try await Stage.serving { stage, _ in
      let ledger = try stage.open()
      let lock = try ledger.lock(.worker)
      let end = try await stage.run("deliver") { process in
        try await eventually("it waits") { process.errors().contains("waiting: process") }
        try process.send(.terminate)
      }
      #expect(end.code == 0, "\(String(describing: end.signal)) \(end.errors)")
      withExtendedLifetime(lock) {}
      try ledger.close()
    }
  }

  @Test("SIGTERM: calls under way are finished, no other leaves, exit 0; the next worker goes on")
  func terminates() async throws {
    try await Stage.serving { stage, simulator in
      let file = try stage.write("users.csv", Export(count: 40).csv)
      try await stage.expect(0, "import", file)
      simulator.change { $0.latency = 1000...1000 }
      @Sendable func creates() -> Int { simulator.model.createAttempts.values.reduce(0, +) }
      let end = try await stage.run("deliver") { process in
        // Their answers come a second later: all that is in time to stop does stop.
        try await eventually("eight creates are under way") { creates() == 8 }
        try process.send(.terminate)
      }
      #expect(end.code == 0, "\(end.errors)")
      #expect(creates() == 8)
      let events = try stage.events()
      // The starts that were recorded ahead are taken back: nobody has to read those accounts back.
      let unsent = events.count { if case .callFinished(let call) = $0.event.payload { call.isUnsent } else { false } }
      #expect(events.count { $0.recorded.type == "scim.call.started" } == 8 + unsent)
      #expect(events.count { $0.recorded.type == "account.linked" } == 8, "what was answered is recorded")
      try await stage.expect(0, "verify")

      simulator.change { $0.latency = 0...0 }
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 40)
      #expect(creates() == 40)
    }
  }
}
