import Base
import EventLog
import JSON
import Ledger
import Provisioning
import Synchronization
import Views

extension Bed {
  /// Reads entries in order and takes three fields out of each; events a second.
  func read(count: Int64) throws -> Double {
    var seen: Int64 = 0
    var bytes = 0
    let seconds = try ContinuousClock().seconds {
      var next: Int64 = 1
      while seen < count {
        let reached = try ledger.log.scan(from: next, limit: 1000) { entry in
          let fields = try Fields(entry.bytes)
          bytes += fields.stream.utf8.count + fields.type.utf8.count + fields.time.utf8.count
          seen += 1
        }
        guard let reached else { break }
        next = reached + 1
      }
    }
    guard bytes > 0 else { throw Peer.Failure(description: "nothing was read") }
    return Double(seen) / seconds
  }

  private struct Fields {
    var stream = ""
    var type = ""
    var time = ""

    init(_ entry: UnsafeBufferPointer<UInt8>) throws {
      try JSONParser.read(entry) { parser in
        try parser.object { parser, name in
          switch name {
          case "stream": stream = try parser.string()
          case "type": type = try parser.string()
          case "time": time = try parser.string()
          default: try parser.skip()
          }
        }
      }
    }
  }

  /// Reads, hashes the leaves and computes the root; bytes of entries a second.
  func hashPass(_ bytes: Int64, threads: Int) throws -> Double {
    let seconds = try ContinuousClock().seconds { _ = try ledger.log.hashPass(threads: threads) }
    return Double(bytes) / seconds
  }

  /// Proves events from one end of the log to the other, each against the newest head; seconds of the slowest.
  func proof() throws -> Double {
    let head = try ledger.log.head()
    var slowest = 0.0
    for part in 0..<100 {
      let position = 1 + (head.size - 1) * Int64(part) / 99
      let seconds = try ContinuousClock().seconds {
        _ = try ledger.log.inclusionProof(of: position, size: head.size)
      }
      slowest = max(slowest, seconds)
    }
    return slowest
  }

  /// The whole verification; bytes of entries a second.
  func verify(_ bytes: Int64) throws -> Double {
    var verification: Verification?
    let seconds = try ContinuousClock().seconds { verification = try ledger.log.verify(threads: 1) }
    guard verification?.isSound == true else { throw Peer.Failure(description: "the log is not sound") }
    return Double(bytes) / seconds
  }

  /// Rebuilds the views while a reader looks people up; events a second, and the reads that failed.
  func rebuild() async throws -> (rate: Double, failed: Int) {
    try ledger.views.catchUp()
    let isOver = Atomic(false)
    let ledger = ledger
    async let failed = reads(until: { isOver.load(ordering: .acquiring) })
    let seconds = try ContinuousClock().seconds {
      defer { isOver.store(true, ordering: .releasing) }
      guard try ledger.views.rebuild().isEqual else { throw Peer.Failure(description: "the views differ") }
    }
    return (Double(try ledger.log.lastPosition()) / seconds, await failed)
  }

  /// One query of a person after another, a hundred a second.
  private func reads(until isOver: @Sendable () -> Bool) async -> Int {
    var failed = 0
    var number = 0
    while !isOver() {
      let found = try? ledger.views.find("zoe.person.\(number % 50)@contoso.example.com")
      if found?.count != 1 { failed += 1 }
      number += 1
      try? await Task.sleep(for: .milliseconds(10))
    }
    return failed
  }
}
