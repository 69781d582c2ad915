import EventLog
import JSON
import Ledger
import Provisioning
import Sealing

/// What an append costs: seal, encode, hash, tree, insert; durable before each returns.
extension Bed {
  /// Two callers in turn, many events an append, so that one batch is sealed while the other is written; events a
  /// second.
  mutating func batches(of batch: Int, count: Int) async throws -> Double {
    let batches = (0..<count / batch).map { _ in life.events(batch) }
    return Double(count) / (try await ledger.appendInTurn(batches))
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

extension OpenLedger {
  /// Appends batches by two callers in turn; the seconds that it took.
  func appendInTurn(_ batches: [[Event]]) async throws -> Double {
    try await ContinuousClock().seconds {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<2 {
          group.addTask {
            for index in stride(from: caller, to: batches.count, by: 2) {
              try await self.append(batches[index], actor: "bench")
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}

/// What it costs to make an entry's payload, on one thread, without the log.
extension Bed {
  /// Seconds an event to encode it: payload, seal, JSON.
  mutating func encode(count: Int) throws -> Double {
    let events = life.events(count)
    // The keys are in memory from here on.
    _ = try ledger.codec.encode(events, actor: "bench")
    return try ContinuousClock().seconds { _ = try ledger.codec.encode(events, actor: "bench") } / Double(count)
  }

  /// Seconds an event to seal the personal half of it; events without one count too.
  mutating func seal(count: Int) throws -> Double {
    let (ids, now) = (EventIDGenerator(), ledger.clock())
    let halves = try life.events(count).map { event -> (members: JSONObject, subject: Subject?, stream: String) in
      let members = event.payload.value.fields.sealed
      let key = members.isEmpty ? nil : try event.subject.flatMap { try ledger.keys.key(of: $0) }
      return (members, key.map { Subject(alias: event.subject ?? "", key: $0) }, event.stream.description)
    }
    let seconds = try ContinuousClock().seconds {
      for half in halves {
        guard let subject = half.subject else { continue }
        _ = try Sealer.seal(half.members, for: subject, stream: half.stream, event: ids.next(at: now))
      }
    }
    return seconds / Double(count)
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
