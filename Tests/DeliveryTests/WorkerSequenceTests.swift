import Base
import Synchronization
import TestSupport
import Testing

@testable import Delivery

@Suite("One worker after the other")
struct WorkerSequenceTests {
  /// How often a worker ran, and how often somebody waited.
  private final class Count: Sendable {
    private let values = Mutex((workers: 0, pauses: 0))

    var workers: Int { values.withLock { $0.workers } }
    var pauses: Int { values.withLock { $0.pauses } }

    func worker() -> Int {
      values.withLock { values in
        values.workers += 1
        return values.workers
      }
    }

    func pause() { values.withLock { $0.pauses += 1 } }
  }

  private func sequence(waits: Bool = true, _ count: Count, shortUntil pauses: Int = 0) -> WorkerSequence {
    WorkerSequence(
      waitsForRoom: waits, logger: quiet, isShort: { count.pauses < pauses }, pause: { _ in count.pause() })
  }

  @Test("another follows as long as the last one says so")
  func renewed() async throws {
    let count = Count()
    try await sequence(count).run { count.worker() < 3 }
    #expect(count.workers == 3 && count.pauses == 0)
  }

  @Test(
    "a service whose log has no room waits until the disk has some, and goes on",
    arguments: [FaultCode.logFull, .keysFull])
  func full(code: FaultCode) async throws {
    let count = Count()
    try await sequence(count, shortUntil: 4).run {
      if count.worker() == 1 { throw Fault(code, "no room") }
      return false
    }
    #expect(count.workers == 2 && count.pauses == 4)
  }

  @Test("views that cannot be used are waited for only while the disk has no room")
  func views() async throws {
    let (full, damaged) = (Count(), Count())
    try await sequence(full, shortUntil: 1).run {
      if full.worker() == 1 { throw Fault(.viewsDamaged, "no room") }
      return false
    }
    #expect(full.workers == 2)
    await #expect(throws: Fault.self) {
      try await sequence(damaged).run {
        _ = damaged.worker()
        throw Fault(.viewsDamaged, "damaged")
      }
    }
    #expect(damaged.workers == 1 && damaged.pauses == 0)
  }

  @Test("a run until idle ends where the log has no room, and any run at another fault")
  func ends() async throws {
    for (waits, code) in [(false, FaultCode.logFull), (true, .logDamaged)] {
      let count = Count()
      let fault = await #expect(throws: Fault.self) {
        try await sequence(waits: waits, count).run {
          _ = count.worker()
          throw Fault(code, "no")
        }
      }
      #expect(fault?.code == code && count.pauses == 0)
    }
  }
}
