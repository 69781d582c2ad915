import Base
import EventLog
import Foundation
import GraphModel
import Ledger
import Operations
import Provisioning
import Subprocess
import Synchronization
import TeamViewerModel
import Testing

@testable import Demo
@testable import Simulators

/// kill -9 at seeded random moments of `import` and `deliver`, over three export days.
@Suite(.timeLimit(.minutes(5)))
struct KillTests {
  /// On the first day there is most to do, so most kills can hit something there.
  private static let kills: [(imports: Int, deliveries: Int)] = [(4, 10), (3, 5), (3, 5)]

  @Test("30 kills: no event lost, none doubled, no account made twice, directory and TeamViewer equal")
  func kills() async throws {
    let seed: UInt64 = 20_260_923
    let plan = FaultPlan(seed: seed, profile: .doubtful(probability: 0.05))
    try await Stage.serving(plan: plan, latency: 2...12) { stage, simulator in
      var random = SeededGenerator(seed: seed)
      var company = Company(seed: seed, people: 60)
      var scene = Scene(stage: stage, simulator: simulator)
      var files: [String] = []
      for (day, kills) in Self.kills.enumerated() {
        if day > 0 { for _ in 0..<2 { _ = company.nextDay() } }
        let file = try stage.write("day\(day).csv", company.csv())
        files.append(file)
        for _ in 0..<kills.imports { try await scene.kill("import", file, &random) }
        try await scene.finish("import", file)
        for _ in 0..<kills.deliveries { try await scene.kill("deliver", "--until-idle", &random) }
        try await scene.finish("deliver", "--until-idle")
        // As the mail that TeamViewer sends asks for.
        simulator.change { teamViewer in
          for user in teamViewer.model.users { teamViewer.model.confirmEmail(user.id, now: SystemClock.now()) }
        }
      }
      #expect(scene.killed == 30)
      try await stage.expect(0, "import", files[2])
      try await stage.expect(0, "deliver", "--until-idle")
      try await stage.expect(0, "verify")
      try await stage.expect(0, "views", "check")

      let owner = simulator.model.user(email: Stage.owner)?.id ?? ""
      let comparison = DemoComparison(company, simulator.model, others: [owner], preloaded: 1)
      #expect(comparison.differences == [])
      #expect(comparison.compared > 40)
      let events = try stage.events()
      #expect(events.map(\.recorded.position) == Array(1...Int64(events.count)))
      #expect(Endings(events).problems == [])
      let reference = try await reference(files)
      let stories = DecidedStory.all(events)
      #expect(stories.count == reference.count)
      #expect(reference.filter { stories[$0.key] != $0.value }.map(\.key) == [])
    }
  }

  /// What the same exports lead to without any kill.
  private func reference(_ files: [String]) async throws -> [String: DecidedStory] {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let ledger = try stage.open()
    for file in files { _ = try await DirectoryImport(into: ledger, actor: "test").run(paths: [file]) }
    try ledger.close()
    return DecidedStory.all(try stage.events())
  }
}

/// A ledger whose commands are killed, and what must hold after each kill.
private struct Scene {
  let stage: Stage
  let simulator: TeamViewerSimulator
  var killed = 0
  /// The exact bytes of the log so far.
  private var entries: [[UInt8]] = []
  /// How long each command usually takes.
  private var usual = ["import": 250, "deliver": 400]

  init(stage: Stage, simulator: TeamViewerSimulator) {
    self.stage = stage
    self.simulator = simulator
  }

  /// Runs a command and kills it at a random moment; one that was done before is run and killed again.
  mutating func kill(_ verb: String, _ argument: String, _ random: inout SeededGenerator) async throws {
    for attempt in 1...20 {
      let span = Int64(max(1, (usual[verb] ?? 250) / attempt))
      let moment = Duration.milliseconds(random.number(in: 0...span))
      // Half of the kills of a worker hit it among its calls rather than at its start.
      let calls = verb == "deliver" && random.chance(0.5) ? Int(random.number(in: 1...12)) : nil
      let before = simulator.requests.count
      let simulator = simulator
      let end = try await stage.run(verb, argument) { process in
        if let calls {
          let clock = ContinuousClock()
          let latest = clock.now + .seconds(2)
          while simulator.requests.count < before + calls, clock.now < latest {
            try await Task.sleep(for: .milliseconds(1))
          }
        } else {
          try await Task.sleep(for: moment)
        }
        // It may have ended by itself, and then there is nobody to kill.
        try? process.send(.kill)
      }
      try check()
      if end.signal == 9 {
        killed += 1
        return
      }
      #expect(end.code == 0, "\(verb): \(end.errors)")
    }
    Issue.record("\(verb) was always done before it was killed")
  }

  /// Runs a command to its end.
  mutating func finish(_ verb: String, _ argument: String) async throws {
    let began = ContinuousClock.now
    try await stage.expect(0, verb, argument)
    let took = Int((ContinuousClock.now - began) / .milliseconds(1))
    usual[verb] = min(1000, max(50, took))
    try check()
  }

  /// What was in the log before is there still, byte by byte; the log as a whole is sound.
  private mutating func check() throws {
    let ledger = try stage.open()
    defer { try? ledger.close() }
    var now: [[UInt8]] = []
    while true {
      let page = try ledger.log.read(from: Int64(now.count) + 1)
      if page.isEmpty { break }
      now += page.map(\.entry)
    }
    #expect(now.starts(with: entries), "a kill changed what had been recorded")
    entries = now
    #expect(try ledger.log.verify().findings.map(\.description) == [])
  }
}
