import EventLog
import Ledger
import Provisioning
import Sealing
import Views

/// How a cycle is appended: tests take small pieces, and let a process die between two.
package struct CyclePieces: Sendable {
  /// How many events one transaction of the log takes: some tens of milliseconds.
  package var size = 2000
  /// Hears before each piece how many events are to come; what it throws ends the cycle there.
  package var before: @Sendable (Int) throws -> Void = { _ in }

  package init() {}
}

/// Appending a whole cycle, however large, without keeping other writers waiting.
extension Transaction {
  /// Appends a cycle in pieces, its first event first and its last one last; one piece is sealed while the one before is
  /// written; `progress` hears how many are in the log, or on their way there. Nothing of it counts before its last event is
  /// there: a crash leaves a cycle that the next one closes.
  func appendCycle(
    _ events: consuming [Event], in pieces: CyclePieces = CyclePieces(), progress: (Int) -> Void = { _ in }
  ) async throws -> Receipt? {
    let all = events.count
    // Said by itself, so that the first event of the first piece is the cycle's; `append` would say it once more.
    try await identify()
    var receipt: Receipt?
    var written: Task<[Int64], any Error>?
    // From the end, so that what is appended is let go.
    events.reverse()
    while let piece = Self.piece(from: &events, size: pieces.size) {
      let appends = try ledger.codec.encode(piece, actor: actor)
      progress(all - events.count)
      if let positions = try await written?.value { receipt = Receipt(positions).map { receipt?.adding($0) ?? $0 } }
      try pieces.before(piece.count + events.count)
      written = Task { try await ledger.log.append(appends) }
    }
    if let positions = try await written?.value { receipt = Receipt(positions).map { receipt?.adding($0) ?? $0 } }
    return receipt
  }

  /// The next events of a list that stands the other way round; an observation stays beside the decision that it leads to.
  static func piece(from events: inout [Event], size: Int) -> [Event]? {
    if events.isEmpty { return nil }
    var count = min(size, events.count)
    if count < events.count, case .userObserved = events[events.count - count].payload { count += 1 }
    defer { events.removeLast(count) }
    return events.suffix(count).reversed()
  }
}
