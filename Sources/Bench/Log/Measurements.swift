/// What was measured: figures by name, several of each.
struct Measurements {
  /// What is measured at one size.
  enum Name: String, CaseIterable {
    case encode, seal
    case batch1000, batch100, callers64, callers8, callers1
    case plain1000, plain100, plain1
    case save, select
    case read
    case hash1, hash2, verify, openssl
    case rebuild, failedReads
    case proof
    case recovery
    case disk

    /// The unit in words.
    var unit: String {
      switch self {
      case .hash1, .hash2, .verify, .openssl: "bytes/s"
      case .failedReads: "reads"
      case .proof, .recovery, .encode, .seal: "s"
      case .disk: "x"
      default: "events/s"
      }
    }

    /// What it is, in a line of the table.
    var title: String {
      switch self {
      case .encode: "encode an event, 1 thread"
      case .seal: "sealing's part of it"
      case .batch1000: "append, batches of 1,000, two in turn"
      case .batch100: "append, batches of 100, two in turn"
      case .callers64: "append, 64 callers"
      case .callers8: "append, 8 callers"
      case .callers1: "append, 1 caller"
      case .plain1000: "plain C, batches of 1,000"
      case .plain100: "plain C, batches of 100"
      case .plain1: "plain C, one at a time"
      case .save: "eventsourcing: Application.save"
      case .select: "eventsourcing: select_notifications"
      case .read: "read, three fields parsed"
      case .hash1: "verify, hash pass, 1 thread"
      case .hash2: "verify, hash pass, 2 threads"
      case .verify: "verify, all of it, 1 thread"
      case .openssl: "openssl speed, SHA-256, 1 core"
      case .rebuild: "views rebuild"
      case .failedReads: "reads of the views that failed meanwhile"
      case .proof: "proof of an event, slowest of 100"
      case .recovery: "kill -9 to the first append"
      case .disk: "bytes on disk / bytes of entries"
      }
    }
  }

  private var figures: [Int64: [Name: [Double]]] = [:]

  /// The sizes measured, smallest first.
  var sizes: [Int64] { figures.keys.sorted() }

  mutating func add(_ name: Name, at size: Int64, _ figure: Double?) {
    if let figure { figures[size, default: [:]][name, default: []].append(figure) }
  }

  func all(_ name: Name, at size: Int64) -> [Double] { figures[size]?[name] ?? [] }

  /// The median of the runs.
  func median(_ name: Name, at size: Int64) -> Double? { all(name, at: size).median }

  /// The median of one by that of another.
  func ratio(_ name: Name, to other: Name, at size: Int64) -> Double? {
    guard let one = median(name, at: size), let other = median(other, at: size), other > 0 else { return nil }
    return one / other
  }
}

extension Bar {
  /// The bars at the largest size measured.
  static func all(_ measured: Measurements) -> [Bar] {
    guard let size = measured.sizes.last, let smallest = measured.sizes.first else { return [] }
    func ratio(_ name: Measurements.Name, _ other: Measurements.Name) -> Double? {
      measured.ratio(name, to: other, at: size)
    }
    var growth: Double?
    if smallest != size, let small = measured.median(.batch1000, at: smallest),
      let large = measured.median(.batch1000, at: size)
    {
      growth = small / large
    }
    return [
      Bar(
        title: "sealing an event, µs", limit: 5, isCeiling: true,
        figure: measured.median(.seal, at: size).map { $0 * 1e6 }),
      Bar(title: "batches of 1,000 / plain C", limit: 0.8, figure: ratio(.batch1000, .plain1000)),
      Bar(title: "64 callers / 1 caller", limit: 10, figure: ratio(.callers64, .callers1)),
      Bar(title: "64 callers / batches of 1,000", limit: 0.5, figure: ratio(.callers64, .batch1000)),
      Bar(title: "64 callers / eventsourcing save", limit: 8, figure: ratio(.callers64, .save)),
      Bar(title: "read, 3 fields / select_notifications", limit: 2.5, figure: ratio(.read, .select)),
      Bar(title: "hash pass, 1 thread / openssl speed", limit: 0.45, figure: ratio(.hash1, .openssl)),
      Bar(title: "hash pass, 2 threads / 1 thread", limit: 1.5, figure: ratio(.hash2, .hash1)),
      Bar(title: "whole verify, 1 thread / openssl speed", limit: 0.25, figure: ratio(.verify, .openssl)),
      Bar(title: "proof of an event, s", limit: 0.001, isCeiling: true, figure: measured.median(.proof, at: size)),
      Bar(
        title: "cost of an append, largest / smallest log", limit: 1.2, isCeiling: true, figure: growth),
      Bar(
        title: "kill -9 to the first append, s", limit: 1, isCeiling: true, figure: measured.median(.recovery, at: size)
      ),
      Bar(title: "bytes on disk / of entries", limit: 1.75, isCeiling: true, figure: measured.median(.disk, at: size)),
      Bar(title: "views rebuild, events/s", limit: 100_000, figure: measured.median(.rebuild, at: size)),
      Bar(
        title: "failed reads meanwhile", limit: 0, isCeiling: true, figure: measured.all(.failedReads, at: size).max()),
    ]
  }
}
