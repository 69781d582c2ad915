import EventLog
import Ledger
import Provisioning

/// What an append costs: seal, encode, hash, tree, insert; durable before each returns.
extension Bed {
  /// Two callers in turn, many events an append, so that one batch is sealed while the other is written; events a
  /// second.
  mutating func batches(of batch: Int, count: Int) async throws -> Double {
    let batches = (0..<count / batch).map { _ in life.events(batch) }
    let ledger = ledger
    let seconds = try await ContinuousClock().seconds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<2 {
          group.addTask {
            for index in stride(from: caller, to: batches.count, by: 2) {
              try await ledger.append(batches[index], actor: "bench")
            }
          }
        }
        try await group.waitForAll()
      }
    }
    return Double(count) / seconds
  }

  /// Many callers, one event an append; events a second.
  mutating func callers(_ callers: Int, count: Int) async throws -> Double {
    let events = life.events(count)
    let ledger = ledger
    let seconds = try await ContinuousClock().seconds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<callers {
          group.addTask {
            for index in stride(from: caller, to: events.count, by: callers) {
              try await ledger.append([events[index]], actor: "bench")
            }
          }
        }
        try await group.waitForAll()
      }
    }
    return Double(count) / seconds
  }
}

extension ContinuousClock {
  /// How long a body takes, in seconds.
  func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = now
    try await body()
    return (now - start).seconds
  }

  /// How long a body takes, in seconds.
  func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = now
    try body()
    return (now - start).seconds
  }
}

extension Duration {
  /// As a number of seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
