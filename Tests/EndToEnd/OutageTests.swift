import Base
import EventLog
import Foundation
import JSON
import Ledger
import Provisioning
import SCIM
import Subprocess
import Synchronization
import TeamViewerModel
import Testing

@testable import Simulators

/// TeamViewer is away for a while, or asks for a slower pace.
@Suite(.timeLimit(.minutes(3)))
struct OutageTests {
  @Test(
    "An outage passes: deliver --until-idle waits it out and ends with 0",
    arguments: [SimulatedFault.Kind.error503, .refused])
  func outage(_ kind: SimulatedFault.Kind) async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 20).csv))
      simulator.change { $0.plan.profile = FaultPlan.Profile(probability: 1, weights: [kind: 1]) }
      let end = try await stage.run("deliver", "--until-idle") { _ in
        // Few enough that the waits between them stay short.
        try await eventually("three faults") { (simulator.teamViewer.faults[kind] ?? 0) >= 3 }
        #expect(simulator.accounts.isEmpty)
        simulator.change { $0.plan.profile = .none }
      }
      #expect(end.code == 0, "\(end.errors)")
      #expect(simulator.accounts.count == 20)
      #expect(simulator.model.creates.values.allSatisfy { $0 == 1 })
      let status = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
      #expect(status["target"]?["lastFault"]?.string != nil)
      #expect(status["people"]?["pending"]?.integer == 0)
    }
  }

  @Test("Nobody listens when the worker starts; it goes on when TeamViewer is there")
  func startsLater() async throws {
    let stage = try Stage()
    let port = try Stage.freePort()
    try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 5).csv))
    let teamViewer = SimulatedTeamViewer(model: Self.company())
    let end = try await stage.run("deliver", "--until-idle") { worker in
      try await eventually("the worker holds the lock, and so calls soon") {
        let ledger = try stage.open()
        defer { try? ledger.close() }
        return ledger.lockHolder(of: .worker)?.process == Int32(worker.id)
      }
      try await TeamViewerSimulator.serving(
        teamViewer, configuration: TeamViewerSimulator.Configuration(port: port), logger: quiet
      ) { simulator, _ in
        try await eventually("five accounts") { simulator.accounts.count == 5 }
        try await eventually("the worker is done") {
          try stage.events().count { $0.recorded.type == "delivery.completed" } == 5
        }
      }
    }
    #expect(end.code == 0, "\(end.errors)")
  }

  @Test("The token's owner leaves while TeamViewer is away: a worker that starts then knows the owner all the same")
  func ownerAfterOutage() async throws {
    let stage = try Stage()
    let port = try Stage.freePort()
    try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
    let people = Export(count: 2).people
    let owner = Export.Person(id: "00000000-0000-4000-8000-999999999999", address: Stage.owner, name: "Token Owner")
    try await stage.expect(0, "import", try stage.write("one.csv", Export(people + [owner]).csv))
    let configuration = TeamViewerSimulator.Configuration(port: port)
    let company = try await TeamViewerSimulator.serving(
      SimulatedTeamViewer(model: Self.company()), configuration: configuration, logger: quiet
    ) { simulator, _ in
      try await stage.expect(0, "deliver", "--until-idle")
      return simulator.model
    }
    #expect(company.users.count == 3)

    try await stage.expect(0, "import", try stage.write("two.csv", Export(people).csv))
    let end = try await stage.run("deliver", "--until-idle") { worker in
      try await eventually("it asks for the owner again and again") {
        worker.errors().split(separator: "\n").count { $0.contains("asked for the token's owner") } >= 3
      }
      try await TeamViewerSimulator.serving(
        SimulatedTeamViewer(model: company), configuration: configuration, logger: quiet
      ) { simulator, _ in
        try await eventually("the owner is parked or disabled") {
          try stage.has("delivery.parked") || stage.has("account.verified")
        }
        #expect(simulator.model.user(email: Stage.owner)?.active == true)
      }
    }
    #expect(end.code == 0, "\(end.errors)")
  }

  @Test("SIGTERM ends a worker that waits for TeamViewer's first answer with 0")
  func endsWhileAway() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let end = try await stage.run("deliver") { worker in
      try await eventually("it waits") { worker.errors().contains("asked for the token's owner") }
      try worker.send(.terminate)
    }
    #expect(end.code == 0, "\(String(describing: end.signal))")
  }

  @Test("429 with Retry-After: no call leaves before the pause is over, also not from a worker started anew")
  func pace() async throws {
    try await Stage.serving { stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 4).csv))
      // One call at a time: none is on its way when the refusal comes.
      try stage.configure("concurrency: 8", "concurrency: 1")
      let refusal = SimulatedFault(.tooManyRequestsSeconds, retryAfterSeconds: 2)
      simulator.change { $0.plan.script = [FaultPlan.Scripted(refusal, method: .post)] }
      let killed = try await stage.run("deliver", "--until-idle") { worker in
        try await eventually("a pause") { try stage.has("target.paused") }
        try worker.send(.kill)
      }
      #expect(killed.signal == 9)
      try await stage.expect(0, "deliver", "--until-idle")
      #expect(simulator.accounts.count == 4)
      // The calls for the token's owner are among them.
      let requests = simulator.shared.withLock { $0.log }
      let refused = try #require(requests.firstIndex { $0.fault == .tooManyRequestsSeconds })
      #expect(requests[refused + 1].time - requests[refused].time >= .seconds(2))
      #expect(simulator.model.creates.values.allSatisfy { $0 == 1 })
    }
  }

  /// A company in which there is only the token's owner.
  private static func company() -> TeamViewerService {
    var model = TeamViewerService()
    let owner = model.addAccount(Stage.owner, name: "Token Owner", isAdministrator: true)
    model.settings.tokens = [TeamViewerService.Token(Stage.token, owner: owner)]
    return model
  }
}
