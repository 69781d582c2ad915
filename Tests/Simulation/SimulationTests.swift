import Base
import DeliveryMachine
import Foundation
import Provisioning
import TeamViewerModel
import Testing

/// Lives of 60 days; the seeds can be set from outside.
///
/// `PROVLEDGER_SEEDS=20000` runs that many and says how fast, `PROVLEDGER_SEED=17` runs one and prints how it fails.
@Suite("Simulation")
struct SimulationTests {
  static let environment = ProcessInfo.processInfo.environment

  static var seeds: ClosedRange<UInt64> { Seeds.chosen(debug: 24, release: 2000) }

  /// Two halves, one for each core.
  @Test("every seed ends with directory and TeamViewer in step, and no account made twice", arguments: 0..<2)
  func seeds(half: UInt64) {
    if Self.seeds.count == 1, half > 0 { return }
    let began = ContinuousClock.now
    var days = 0
    var count = 0
    for seed in Self.seeds where Self.seeds.count == 1 || seed % 2 == half {
      if Seeds.areEnough(since: began, half: half, before: seed) { break }
      var world = World(seed: seed)
      do {
        try world.run()
      } catch {
        Issue.record("seed \(seed): \(error)\nreplay: PROVLEDGER_SEED=\(seed) tools/test --filter SimulationTests")
        if Self.seeds.count == 1 { print(world.story) }
        if Self.environment["PROVLEDGER_SEEDS"] == nil { return }
      }
      count += 1
      days += Int((world.now - World.beginning).milliseconds / 86_400_000)
    }
    guard Self.environment["PROVLEDGER_SEEDS"] != nil else { return }
    let seconds = max(0.001, Double((ContinuousClock.now - began).milliseconds) / 1000)
    let pace = Int(Double(count) * 60 / seconds)
    print("half \(half): \(count) seeds, \(pace) a minute, virtual : real \(Int(Double(days) * 86_400 / seconds)) : 1")
  }

  @Test("a storm of 429: no call leaves during any pause", arguments: 1...20 as ClosedRange<UInt64>)
  func storm(seed: UInt64) throws {
    var world = World(seed: seed, days: 10, most: 100) { life in
      life.settings.concurrency = 32
      life.operatorActs = 0
      life.faults = FaultPlan.Profile(
        probability: 0.7, weights: [.tooManyRequests: 1, .tooManyRequestsSeconds: 2, .tooManyRequestsDate: 2])
      life.faults.retryAfterSeconds = 1...600
    }
    try world.run()
    let pauses = world.log.count { if case .targetPaused = $0.payload { true } else { false } }
    #expect(pauses > 20)
  }
}
