import Foundation
import Testing

/// A life of 30 days with 200 people; the seeds can be set from outside.
///
/// `PROVLEDGER_SEEDS=20000` runs that many, `PROVLEDGER_SEED=17` runs one and prints how it fails.
@Suite("Simulation")
struct SimulationTests {
  static let environment = ProcessInfo.processInfo.environment

  static var seeds: ClosedRange<UInt64> {
    if let one = environment["PROVLEDGER_SEED"].flatMap(UInt64.init) { return one...one }
    #if DEBUG
      let standard: UInt64 = 24
    #else
      let standard: UInt64 = 1000
    #endif
    return 1...(environment["PROVLEDGER_SEEDS"].flatMap(UInt64.init) ?? standard)
  }

  @Test("every seed ends with directory and TeamViewer in step, and no account made twice", arguments: 0..<2)
  func seeds(half: UInt64) {
    for seed in Self.seeds where Self.seeds.count == 1 || seed % 2 == half {
      var world = World(seed: seed, people: 200)
      do {
        try world.run()
      } catch {
        Issue.record("seed \(seed): \(error)\nreplay: PROVLEDGER_SEED=\(seed) tools/test --filter SimulationTests")
        return
      }
    }
  }
}
