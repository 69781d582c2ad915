import Foundation

/// All measurements at one size. Each run goes through all of them, so that a noisy moment hits ours and the peers'.
struct Session {
  let runs: Int
  let wanted: Set<Measurements.Name>
  let tell: (String) -> Void

  /// Up to this size each run appends to a copy, so that the log keeps the size that it is measured at.
  private static let copied: Int64 = 200_000
  /// The most events that a pass over the log reads.
  private static let read: Int64 = 200_000

  func run(on bed: inout Bed, into measured: inout Measurements) async throws {
    let bytes = try bed.bytesOfEntries()
    let size = bed.size
    measured.add(.disk, at: size, Double(try bed.bytesOnDisk()) / Double(bytes))
    for number in 1...runs {
      tell("\(size) events: run \(number) of \(runs)")
      try await readers(bed, bytes, into: &measured)
      if size <= Self.copied {
        var copy = try bed.copy()
        try await writers(&copy, into: &measured)
        try copy.remove()
      } else {
        try await writers(&bed, into: &measured)
      }
    }
  }

  private func readers(_ bed: Bed, _ bytes: Int64, into measured: inout Measurements) async throws {
    let size = bed.size
    let count = min(size, Self.read)
    if wanted.contains(.read) { measured.add(.read, at: size, try bed.read(count: count)) }
    if wanted.contains(.select) { measured.add(.select, at: size, try await bed.peers.select(bed, count: count)) }
    if wanted.contains(.openssl) {
      measured.add(.openssl, at: size, try await bed.peers.openssl(bytes: bed.entryBytes))
    }
    if wanted.contains(.hash1) { measured.add(.hash1, at: size, try bed.hashPass(bytes, threads: 1)) }
    if wanted.contains(.hash2) { measured.add(.hash2, at: size, try bed.hashPass(bytes, threads: 2)) }
    if wanted.contains(.proof) { measured.add(.proof, at: size, try bed.proof()) }
    if wanted.contains(.verify) { measured.add(.verify, at: size, try bed.verify(bytes)) }
    if wanted.contains(.rebuild) {
      let (rate, failed) = try await bed.rebuild()
      measured.add(.rebuild, at: size, rate)
      measured.add(.failedReads, at: size, Double(failed))
    }
  }

  private func writers(_ bed: inout Bed, into measured: inout Measurements) async throws {
    let size = bed.size
    let peers = bed.peers
    let large = Int(min(max(size / 5, 2000), 20_000))
    let single = large / 10
    if wanted.contains(.encode) { measured.add(.encode, at: size, try bed.encode(count: large)) }
    if wanted.contains(.seal) { measured.add(.seal, at: size, try bed.seal(count: large)) }
    // The plain program inserts what ours has appended before, so it never catches up.
    if wanted.contains(.batch1000) {
      measured.add(.batch1000, at: size, try await bed.batches(of: 1000, count: large))
      measured.add(.plain1000, at: size, try await peers.plain(bed, count: Int64(large), batch: 1000))
    }
    if wanted.contains(.batch100) {
      measured.add(.batch100, at: size, try await bed.batches(of: 100, count: large / 2))
      measured.add(.plain100, at: size, try await peers.plain(bed, count: Int64(large / 2), batch: 100))
    }
    if wanted.contains(.callers64) { measured.add(.callers64, at: size, try await bed.callers(64, count: large)) }
    if wanted.contains(.callers8) { measured.add(.callers8, at: size, try await bed.callers(8, count: large / 4)) }
    if wanted.contains(.callers1) {
      measured.add(.callers1, at: size, try await bed.callers(1, count: single))
      measured.add(.plain1, at: size, try await peers.plain(bed, count: Int64(single), batch: 1))
    }
    if wanted.contains(.save) { measured.add(.save, at: size, try await peers.save(bed, count: single)) }
    if wanted.contains(.recovery) { measured.add(.recovery, at: size, try await bed.recovery()) }
  }
}
