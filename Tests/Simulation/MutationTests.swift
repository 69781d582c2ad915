import TeamViewerModel
import Testing

/// The test of the test: a machine that is spoilt on purpose does not get through the simulation.
@Suite("Mutations of the machine")
struct MutationTests {
  private static let seeds: ClosedRange<UInt64> = 1...200

  @Test("a seed breaks the right promise, and the machine as it is passes", arguments: Mutation.allCases)
  func found(mutation: Mutation) throws {
    for seed in Self.seeds {
      let problem = problem(seed: seed, mutation, mutation.favours)
      guard let problem, mutation.breaks.contains(problem.kind) else { continue }
      #expect(self.problem(seed: seed, nil, mutation.favours)?.description == nil, "seed \(seed)")
      return
    }
    Issue.record("none of \(Self.seeds.count) seeds finds it")
  }

  private func problem(seed: UInt64, _ mutation: Mutation?, _ fault: SimulatedFault.Kind?) -> Problem? {
    var world = World(seed: seed, days: 20, most: 60, mutation: mutation) { life in
      if let fault { life.faults.weights[fault] = 30 }
    }
    do {
      try world.run()
      return nil
    } catch let problem as Problem {
      return problem
    } catch {
      return Problem(.log, "\(error)")
    }
  }
}
