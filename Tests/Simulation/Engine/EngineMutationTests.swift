import Foundation
import GraphModel
import Testing

/// The test of the test: an engine that is spoilt on purpose does not get through the simulation.
/// `PROVLEDGER_MUTATION=deltaCut` tries one alone.
@Suite("Mutations of the engine")
struct EngineMutationTests {
  private static let mutations = EngineMutation.allCases.filter {
    ProcessInfo.processInfo.environment["PROVLEDGER_MUTATION"].map($0.rawValue.hasPrefix) ?? true
  }
  private static let seeds: ClosedRange<UInt64> = 1...30

  @Test("a seed breaks the right promise, and the engine as it is passes", arguments: mutations)
  func found(mutation: EngineMutation) async throws {
    for seed in Self.seeds {
      guard let problem = await problem(seed, mutation, mutation), mutation.breaks.contains(problem.kind) else {
        continue
      }
      let sound = await self.problem(seed, nil, mutation)
      #expect(sound?.description == nil, "seed \(seed)")
      return
    }
    Issue.record("none of \(Self.seeds.count) seeds finds it")
  }

  private func problem(_ seed: UInt64, _ mutation: EngineMutation?, _ favoured: EngineMutation) async -> Problem? {
    do {
      try await EngineWorld(seed: seed, days: 14, people: 5...30, mutation: mutation, favouring: favoured) {
        // Whoever lies is not to blame.
        life, _ in life.kinds.removeAll(where: \.isMisleading)
      }.run()
      return nil
    } catch let problem as Problem {
      return problem
    } catch {
      return Problem(.log, "\(error)")
    }
  }
}
