import Base
import DeliveryMachine
import Foundation
import GraphModel
import Provisioning
import Testing

/// Companies of 5 to 200 people over 90 days, read through Graph; the seeds can be set from outside.
///
/// `PROVLEDGER_SEEDS=2000` runs that many and says how fast, `PROVLEDGER_SEED=17` runs one and prints how it fails,
/// `PROVLEDGER_COMPANIES=50` runs so many large companies.
@Suite("Simulation of the engine")
struct EngineSimulationTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static var seeds: ClosedRange<UInt64> { Seeds.chosen(debug: 8, release: 24) }

  /// Two halves, one for each core.
  @Test("every seed ends with TeamViewer as scope and mapping say of the tenant", arguments: 0..<2)
  func seeds(half: UInt64) async {
    let isOne = Self.seeds.count == 1
    if isOne, half > 0 { return }
    let began = ContinuousClock.now
    var (count, failures, deaths) = (0, 0, 0)
    for seed in Self.seeds where isOne || seed % 2 == half {
      if Seeds.areEnough(since: began, half: half, before: seed) { break }
      let (problem, world) = await Self.life(seed)
      if let problem {
        Issue.record("seed \(seed): \(problem)\nreplay: PROVLEDGER_SEED=\(seed) tools/test --filter EngineSimulation")
        if isOne { print((world?.story ?? []).joined(separator: "\n"), world?.world.story ?? "", separator: "\n") }
        if Self.environment["PROVLEDGER_SEEDS"] == nil { return }
      }
      count += 1
      failures += world?.failures ?? 0
      deaths += world?.deaths ?? 0
    }
    #expect(isOne || failures > 0 && deaths > 0)
    guard Self.environment["PROVLEDGER_SEEDS"] != nil else { return }
    let seconds = max(0.001, Double((ContinuousClock.now - began).milliseconds) / 1000)
    print(
      "half \(half): \(count) seeds, \(Int(Double(count) * 60 / seconds)) a minute,",
      "\(failures) cycles failed, \(deaths) died")
  }

  private static func life(_ seed: UInt64) async -> (Problem?, EngineWorld?) {
    do {
      let world = try EngineWorld(seed: seed, days: 90, people: 5...200)
      do {
        try await world.run()
        return (nil, world)
      } catch {
        return (error as? Problem ?? Problem(.log, "\(error)"), world)
      }
    } catch {
      return (Problem(.log, "\(error)"), nil)
    }
  }

  private static var companies: ClosedRange<UInt64> {
    1...(environment["PROVLEDGER_COMPANIES"].flatMap(UInt64.init) ?? 1)
  }

  /// On demand 5,000 people over a year; else fewer, for a shorter time.
  private static var large: (days: Int, people: ClosedRange<Double>) {
    if environment["PROVLEDGER_COMPANIES"] != nil { return (365, 5000...5000) }
    #if DEBUG
      return (20, 300...300)
    #else
      return (40, 500...500)
    #endif
  }

  @Test("a large company over a long time") func year() async throws {
    if Self.seeds.count == 1 { return }
    for seed in Self.companies {
      let (days, people) = Self.large
      let world = try EngineWorld(seed: seed, days: days, people: people) { life, target in
        (life.graph.pageSize, life.graph.memberSlice, life.piece, life.hours) = (999, 999, 2000, 24)
        // What lasts as long as the company is large is another test's.
        (target.settings.quotas, target.settings.maintenance) = ([], [])
      }
      do { try await world.run() } catch { Issue.record("seed \(seed): \(error)") }
    }
  }
}
