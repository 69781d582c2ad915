import Base
import EventLog
import GRDB
import Provisioning
import Sealing
import Views

/// Taking over the log: some events are decoded while those before them are written.
extension AuditStore {
  /// Takes over everything that the log holds, and returns the position reached; `progress` hears of each transaction.
  ///
  /// Throws the faults of the log, `FaultCode.auditDamaged`, and `FaultCode.viewsAhead` for rows of events that the log does not
  /// hold.
  @discardableResult
  public func catchUp(_ progress: (Int64) -> Void = { _ in }) throws -> Int64 {
    try catchUp(to: log.lastPosition(), progress)
  }

  /// Takes over the log up to a position, where it is not past it.
  func catchUp(to last: Int64, _ progress: (Int64) -> Void = { _ in }) throws -> Int64 {
    if let end { return end }
    return try Self.faults(path) { try Self.takeOver(database, log, codec, upTo: last, progress) }
  }

  /// Takes over the log up to a position, where it is not past it, and returns the position reached.
  static func takeOver(
    _ database: any DatabaseWriter, _ log: Log, _ codec: EventCodec, upTo last: Int64, batch: Int = batch,
    _ progress: (Int64) -> Void = { _ in }
  ) throws -> Int64 {
    let source = AuditSource(log: log, codec: codec, last: last, size: batch)
    while true {
      var run = try AuditRun(database, source)
      if try run.finish(progress) { return run.reached }
      // Another process went on from where this one began, or somebody was erased meanwhile: what was decoded does not count.
    }
  }
}

/// One pass over the log, from where the rows end.
private struct AuditRun {
  private let database: any DatabaseWriter
  private let source: AuditSource
  /// No erasure up to this position is unknown to the codec.
  private let erasures: Int64
  private let projection = AuditProjection()
  private(set) var reached: Int64

  init(_ database: any DatabaseWriter, _ source: AuditSource) throws {
    (self.database, self.source) = (database, source)
    erasures = try source.log.lastPosition()
    try source.codec.forgetErased(in: source.log)
    reached = try database.read(AuditStore.position)
    guard reached <= erasures else { throw AuditStore.ahead(reached, of: erasures) }
  }

  /// True when all is taken over, false when it has to begin anew.
  mutating func finish(_ progress: (Int64) -> Void) throws -> Bool {
    var batch = try source.decoded(after: reached)
    while let next = batch.last?.last?.position {
      let (present, source) = (batch, source)
      var isTaken = false
      batch = try Beside.run {
        try source.decoded(after: next)
      } while: {
        isTaken = try write(present, reaching: next)
      }
      guard isTaken else { return false }
      progress(next)
    }
    return true
  }

  private mutating func write(_ batch: [[LoggedEvent]], reaching next: Int64) throws -> Bool {
    var isTaken = false
    try database.writeWithoutTransaction { connection in
      try connection.inTransaction(.immediate) {
        guard try AuditStore.position(connection) == reached, try nobodyErased() else { return .rollback }
        try projection.apply(batch, reaching: next, in: connection, source.log, source.codec)
        isTaken = true
        return .commit
      }
    }
    if isTaken { reached = next }
    return isTaken
  }

  /// Looked at inside the transaction: whoever erases comes after it, or before this.
  private func nobodyErased() throws -> Bool {
    try source.log.read(types: [SubjectErased.type], from: erasures + 1, limit: 1).isEmpty
  }
}

/// Where events come from, and how far.
private struct AuditSource: Sendable {
  let log: Log
  let codec: EventCodec
  let last: Int64
  let size: Int

  /// The next events, in parts that follow each other.
  func decoded(after position: Int64) throws -> [[LoggedEvent]] {
    let wanted = min(Int64(size), last - position)
    return try codec.decodeBeside(wanted > 0 ? log.read(from: position + 1, limit: Int(wanted)) : [])
  }
}
