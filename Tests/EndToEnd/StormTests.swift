import Base
import Foundation
import GraphModel
import JSON
import Ledger
import Provisioning
import Subprocess
import TeamViewerModel
import Testing

@testable import Demo
@testable import Simulators

/// Many short lives of the real worker and the simulated TeamViewer over HTTP: faults of all kinds, SIGKILL at seeded
/// moments, and imports between and meanwhile. `PROVLEDGER_RUNS=200` runs that many.
@Suite(.timeLimit(.minutes(10)))
struct StormTests {
  private static var runs: UInt64 {
    #if DEBUG
      let standard: UInt64 = 10
    #else
      let standard: UInt64 = 50
    #endif
    return ProcessInfo.processInfo.environment["PROVLEDGER_RUNS"].flatMap(UInt64.init) ?? standard
  }

  /// Two halves, one for each core.
  @Test("Killed workers and faults: everybody right, no account made twice, nothing pending", arguments: 0..<2)
  func storm(half: UInt64) async throws {
    for seed in 1...Self.runs where seed % 2 == half { try await live(seed) }
  }

  private func live(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var profile = FaultPlan.Profile.passing(probability: Double(random.number(in: 2...10)) / 100)
    profile.delays = 20...200
    profile.retryAfterSeconds = 1...1
    let life = Life(seed: seed, people: Int(random.number(in: 15...40)), random: random)
    let plan = FaultPlan(seed: random.next(), profile: profile)
    try await Stage.serving(plan: plan, latency: 1...8) { stage, simulator in
      try await life.pass(stage, simulator)
    }
  }
}

/// What happens in one life.
private struct Life {
  let seed: UInt64
  let people: Int
  let random: SeededGenerator

  func pass(_ stage: Stage, _ simulator: TeamViewerSimulator) async throws {
    var random = random
    var company = Company(seed: seed, people: people)
    var file = ""
    for day in 0..<3 {
      if day > 0 { for _ in 0..<2 { _ = company.nextDay() } }
      file = try stage.write("day\(day).csv", company.csv())
      let today = file
      try await kill(stage, simulator, after: Int(random.number(in: 0...3))) {
        try await stage.expect(0, "import", today)
      }
      for _ in 0..<random.number(in: 1...2) {
        try await kill(stage, simulator, after: Int(random.number(in: 1...20))) {}
      }
      confirmAddresses(simulator)
    }
    simulator.change { $0.plan.profile = .none }
    for _ in 0..<2 {
      // A cycle lets what is parked be tried again.
      try await stage.expect(0, "import", file)
      try await stage.expect(0, "deliver", "--until-idle")
      confirmAddresses(simulator)
    }
    try await check(stage, simulator, company)
  }

  /// Runs a worker, and kills it after a number of calls; one that has nothing to do ends by itself or is killed idle.
  private func kill(
    _ stage: Stage, _ simulator: TeamViewerSimulator, after calls: Int,
    meanwhile body: @escaping @Sendable () async throws -> Void
  ) async throws {
    let before = simulator.requests.count
    let end = try await stage.run("deliver") { worker in
      try await body()
      let clock = ContinuousClock()
      let latest = clock.now + .seconds(1)
      while simulator.requests.count < before + calls, clock.now < latest {
        try await Task.sleep(for: .milliseconds(1))
      }
      try? worker.send(.kill)
    }
    #expect(end.signal == 9, "seed \(seed): \(end.errors.suffix(600))")
  }

  /// As the mail that TeamViewer sends asks for.
  private func confirmAddresses(_ simulator: TeamViewerSimulator) {
    simulator.change { teamViewer in
      for user in teamViewer.model.users { teamViewer.model.confirmEmail(user.id, now: SystemClock.now()) }
    }
  }

  private func check(_ stage: Stage, _ simulator: TeamViewerSimulator, _ company: Company) async throws {
    let owner = simulator.model.user(email: Stage.owner)?.id ?? ""
    let comparison = DemoComparison(company, simulator.model, others: [owner], preloaded: 1)
    #expect(comparison.differences == [], "seed \(seed)")
    #expect(comparison.compared > 5, "seed \(seed)")
    try await stage.expect(0, "verify")
    try await stage.expect(0, "views", "check")
    let status = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
    #expect(status["people"]?["pending"]?.integer == 0, "seed \(seed)")
    #expect(Endings(try stage.events()).problems == [], "seed \(seed)")
  }
}
