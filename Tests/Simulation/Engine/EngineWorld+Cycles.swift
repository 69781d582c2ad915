import Base
import Cycles
import EventLog
import Ledger
import Operations
import Provisioning
import Sealing

/// Cycles of the real engine, and operators who look after them.
extension EngineWorld {
  /// What is to be read.
  enum Extent {
    case usual
    case whole
    case leavers
  }

  /// The process dies.
  private struct Death: Error {}

  /// One cycle, or look; false when it failed.
  func cycle(_ extent: Extent) async throws -> Bool {
    try await flush()
    var isDone = false
    do {
      let summary = try await engine(extent)
      isDone = true
      story.append("\(side.now) \(extent): \(summary.map { "\($0.counts)" } ?? "nothing")")
      try mirror()
      if let held = summary?.held { try await approve(held) }
    } catch is Death {
      deaths += 1
      story.append("\(side.now) \(extent): the process dies")
      try mirror()
      if world.machine != nil { world.crash() }
      ledger = try place.open()
    } catch let fault as Fault {
      failures += 1
      story.append("\(side.now) \(extent): \(fault)")
      try mirror()
    }
    // The worker lived meanwhile.
    if side.now > world.now { try world.live(until: side.now) }
    return isDone
  }

  private func engine(_ extent: Extent) async throws -> CycleSummary? {
    let source = try side.source(reading: ledger.configuration.policy.sourceAttributes)
    let pieces = pieces()
    if let mutation {
      let spoilt = SpoiltCycle(source: source, ledger: ledger, mutation: mutation, memory: memory, pieces: pieces)
      return extent == .leavers ? try await spoilt.leavers() : try await spoilt.run(full: extent == .whole)
    }
    var cycle = GraphCycle(over: source, into: ledger, actor: .schedule("cycles"))
    cycle.pieces = pieces
    return extent == .leavers ? try await cycle.leavers() : try await cycle.run(full: extent == .whole)
  }

  /// The appends of the next cycle, and at which of them the process dies.
  private func pieces() -> CyclePieces {
    var pieces = CyclePieces()
    if world.isCalm { return pieces }
    pieces.size = life.piece
    // The first cycle of all is whole: an account of somebody who left before any had finished is nobody's to disable.
    guard hasFinished, random.chance(life.crashes) else { return pieces }
    let rest = random.number(in: 0...60)
    pieces.before = { count in if count <= rest { throw Death() } }
    return pieces
  }

  /// An operator lets those go whom the safeguard holds, at once or never.
  private func approve(_ held: HeldPeople) async throws {
    guard world.isCalm || random.chance(0.5) else { return }
    try await flush()
    do {
      _ = try await SafeguardApproval.approve(held.id, in: ledger, actor: .operator("olga"))
    } catch let fault as Fault where fault.code == .safeguardUnknown {}
    try mirror()
  }
}
