import Base
import Foundation
import Provisioning
import TestSupport
import Testing

@testable import Ledger

/// Tests that make processes, and tests of locks, take turns: a process that is being made holds all locks of its maker for
/// a moment.
@Suite("Ledger: processes and locks", .serialized)
enum ProcessTests {}

extension ProcessTests {
  @Suite("Ledger: locks")
  struct LockTests {
    private let place: TestLedger
    private let one: OpenLedger
    private let other: OpenLedger

    init() throws {
      place = try TestLedger()
      one = try place.open()
      other = try place.open()
    }

    @Test("one holder at a time, also within a process, and the refusal names it")
    func exclusive() throws {
      let own = ProcessInfo.processInfo.processIdentifier
      #expect(other.lockHolder(of: .worker)?.process == nil)
      do {
        let lock = try one.lock(.worker)
        defer { withExtendedLifetime(lock) {} }
        for ledger in [one, other] {
          let found = fault { _ = try ledger.lock(.worker) }
          #expect(found?.code == .lockBusy)
          #expect(found?.sentence.contains("process \(own)") == true)
          #expect(ledger.lockHolder(of: .worker)?.process == own)
        }
        #expect(other.lockHolder(of: .cycle)?.process == nil)
        let cycle = try other.lock(.cycle)
        #expect(one.lockHolder(of: .cycle)?.process == own)
        withExtendedLifetime(cycle) {}
      }
      #expect(other.lockHolder(of: .worker)?.process == nil)
      _ = try other.lock(.worker)
    }

    @Test("who waits hears once who holds it, and gets it when it is free")
    func waiting() async throws {
      let (other, calls) = (other, Counter())
      let (told, teller) = AsyncStream<LockHolder?>.makeStream()
      var lock: ProcessLock? = try one.lock(.cycle)
      async let waiter = other.lock(.cycle) { holder in
        calls.add()
        teller.yield(holder)
      }
      for await holder in told {
        #expect(holder?.process == ProcessInfo.processInfo.processIdentifier && holder?.isStopped == false)
        break
      }
      #expect(lock != nil)
      lock = nil
      let taken = try await waiter
      #expect(one.lockHolder(of: .cycle)?.process != nil && calls.count == 1)
      withExtendedLifetime(taken) {}
    }

    @Test("a wait can be cancelled")
    func cancelled() async throws {
      let lock = try one.lock(.cycle)
      let other = other
      let waiter = Task { _ = try await other.lock(.cycle) { _ in } }
      waiter.cancel()
      await #expect(throws: CancellationError.self) { try await waiter.value }
      withExtendedLifetime(lock) {}
    }

    @Test("who only asks for the holder never stands in the way of who takes the lock")
    func asking() async throws {
      let (one, other) = (one, other)
      let done = Counter()
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          while done.count == 0 {
            _ = one.lockHolder(of: .worker)?.process
            await Task.yield()
          }
        }
        for _ in 0..<3_000 { #expect(fault { _ = try other.lock(.worker) } == nil) }
        done.add()
      }
    }

    @Test("a lock file that cannot be opened is a fault")
    func unusable() throws {
      try FileManager.default.createDirectory(atPath: "\(place.folder)/cycle.lock", withIntermediateDirectories: false)
      #expect(fault { _ = try one.lock(.cycle) }?.code == .lockUnusable)
    }
  }
}
