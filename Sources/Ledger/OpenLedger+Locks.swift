public import Base

/// What a process takes its turn for; each has a file of its own, so that one does not wait for another.
public enum Turn: String, CaseIterable, Sendable {
  /// Cycles, and all else that decides.
  case cycle
  /// The worker that delivers.
  case worker
  /// Telling the places outside of the log's checkpoints.
  case anchor
}

/// Taking turns.
extension OpenLedger {
  private static func path(_ turn: Turn, _ folder: String) -> String { "\(folder)/\(turn.rawValue).lock" }

  /// Takes a turn, or throws `FaultCode.lockBusy` at once when somebody else has it.
  public func lock(_ turn: Turn) throws -> ProcessLock {
    if let lock = try take(turn) { return lock }
    throw busy(turn)
  }

  private func busy(_ turn: Turn) -> Fault {
    let holder = lockHolder(of: turn).map { ": \($0.sentence)" } ?? ""
    return Fault(
      .lockBusy, "Another process holds the \(turn.rawValue) lock of \(folder)\(holder); wait until it is done.")
  }

  /// Takes a turn; nil when somebody else has it.
  public func take(_ turn: Turn) throws -> ProcessLock? {
    try requireWritable()
    return try ProcessLock.take(Self.path(turn, folder))
  }

  /// Waits for a turn; `waiting` hears who has it, and again when another process does, or that one is stopped or
  /// continued. A holder that dies lets go at once, and the turn is taken within moments. Throws `FaultCode.lockBusy` when
  /// it takes longer than `bound`.
  public func lock(
    _ turn: Turn, within bound: Duration? = nil, waiting: (LockHolder?) -> Void
  ) async throws -> ProcessLock {
    var told: LockHolder??
    let began = ContinuousClock.now
    while true {
      if let lock = try take(turn) { return lock }
      if let bound, ContinuousClock.now - began >= bound { throw busy(turn) }
      let holder = lockHolder(of: turn)
      if told == nil || holder != nil, told != .some(holder) {
        told = .some(holder)
        waiting(holder)
      }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Who has a turn; nil when nobody does.
  public func lockHolder(of turn: Turn) -> LockHolder? { ProcessLock.holder(Self.path(turn, folder)) }

  /// Who has a turn as worker or in a cycle of a ledger, which need not open.
  public static func lockHolders(in folder: String) -> [LockHolder] {
    [Turn.worker, .cycle].compactMap { ProcessLock.holder(path($0, folder)) }
  }
}
