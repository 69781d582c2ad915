import Base
import EventLog
import Glibc
import LogSupport
import Synchronization
import Testing

/// Several writers, several objects on one file.
@Suite struct SharingTests {
  @Test func conflictOfOneCallerLeavesTheOthersAlone() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let present = event()
    try await log.append([.init(stream: "s", events: [present])])
    let outcomes = await withTaskGroup(of: (Int, [Int64]?).self) { group in
      for caller in 0..<200 {
        group.addTask {
          do {
            switch caller % 4 {
            case 0: return (caller, try await log.append([.init(stream: "s", expectation: .new, events: events(1))]))
            case 1: return (caller, try await log.append([.init(stream: "s", events: [present, event()])]))
            // Two streams, of which the second is wrong: the first must not stay behind either.
            case 2:
              return (
                caller,
                try await log.append([
                  .init(stream: "half/\(caller)", events: events(1)),
                  .init(stream: "s", expectation: .version(7), events: events(1)),
                ])
              )
            default:
              return (
                caller,
                try await log.append([.init(stream: "own/\(caller)", expectation: .new, events: events(2))])
              )
            }
          } catch {
            return (caller, error is AppendConflict ? nil : [])
          }
        }
      }
      return await group.reduce(into: [Int: [Int64]?]()) { $0[$1.0] = .some($1.1) }
    }
    for (caller, positions) in outcomes {
      #expect(caller % 4 == 3 ? positions?.count == 2 : positions == nil, "caller \(caller)")
    }
    #expect(try log.lastPosition() == 101)
    #expect(try log.version(of: "half/2") == 0)
    #expect(try log.verify().isSound)
  }

  @Test(.timeLimit(.minutes(2))) func twoWritersInterleaveAndAFollowerSeesEveryPositionOnce() async throws {
    let folder = try Folder()
    let (first, second, reader) = (try folder.open(), try folder.open(), try folder.open(readOnly: true))
    let total = 2000
    let follower = Task {
      var seen: [RecordedEvent] = []
      for try await batch in reader.follow(batch: 64, pause: { await Task.yield() }) {
        #expect(!batch.isEmpty && batch.count <= 64)
        seen += batch
        if seen.count >= total { return seen }
      }
      return seen
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<20 {
        group.addTask {
          let log = caller.isMultiple(of: 2) ? first : second
          for turn in 0..<50 {
            try await log.append([
              .init(stream: "own/\(caller)", expectation: .version(turn), events: events(1)),
              .init(stream: "shared", events: events(1)),
            ])
          }
        }
      }
      try await group.waitForAll()
    }
    let seen = try await follower.value
    #expect(seen.map(\.position) == Array(1...Int64(total)))
    #expect(Set(seen.map(\.id)).count == total)
    #expect(seen.filter { $0.stream == "shared" }.map(\.version) == Array(1...1000))
    #expect(try first.head() == second.head())
    #expect(try reader.verify().isSound)
  }

  @Test func sameIDFromManyCallersIsAppendedOnce() async throws {
    let folder = try Folder()
    let logs = [try folder.open(), try folder.open()]
    let append = StreamAppend(stream: "s", expectation: .new, events: events(3))
    let positions = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for caller in 0..<40 { group.addTask { try await logs[caller % 2].append([append]) } }
      return try await group.reduce(into: Set<[Int64]>()) { $0.insert($1) }
    }
    #expect(positions == [[1, 2, 3]])
    #expect(try logs[0].lastPosition() == 3)
  }

  @Test(.timeLimit(.minutes(1))) func anAppendWakesAFollowerOfTheSameObject() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let (waiting, hasBegunToWait) = AsyncStream<Void>.makeStream()
    // The pause would never end on its own.
    let follower = Task {
      for try await batch in log.follow(pause: {
        hasBegunToWait.yield()
        try await untilCancelled()
      }) { return batch }
      return []
    }
    for await _ in waiting { break }
    try await log.append([.init(stream: "s", events: events(2))])
    #expect(try await follower.value.map(\.position) == [1, 2])
  }

  @Test(.timeLimit(.minutes(1))) func followingEndsWhenItsTaskIsCancelled() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: events(3))])
    let (waiting, hasBegunToWait) = AsyncStream<Void>.makeStream()
    let follower = Task {
      var positions: [Int64] = []
      for try await batch in log.follow(
        from: 2,
        pause: {
          hasBegunToWait.yield()
          try await untilCancelled()
        })
      { positions += batch.map(\.position) }
      return positions
    }
    for await _ in waiting { break }
    follower.cancel()
    #expect(try await follower.value == [2, 3])
  }

  @Test func aTransactionHoldsTheLockFile() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let descriptor = open(folder.lock, O_RDWR)
    defer { close(descriptor) }
    try await log.appendLarge { append in
      try append(.init(stream: "s", events: events(1)))
      #expect(flock(descriptor, LOCK_EX | LOCK_NB) != 0)
    }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
  }

  @Test func readsSeeNothingOfAnUnfinishedTransaction() async throws {
    let folder = try Folder()
    let (log, other) = (try folder.open(), try folder.open())
    try await log.appendLarge { append in
      for _ in 0..<10 {
        try append(.init(stream: "s", events: events(50)))
        #expect(try other.lastPosition() == 0)
        #expect(try other.read().isEmpty)
      }
    }
    #expect(try other.lastPosition() == 500)
  }
}

/// Never ends on its own.
private func untilCancelled() async throws {
  let (silence, keeper) = AsyncStream<Void>.makeStream()
  for await _ in silence {}
  withExtendedLifetime(keeper) {}
  try Task.checkCancellation()
}
