import Base
import GRDB
import JSON
import Provisioning

/// TeamViewer as a whole: the table `target`.
struct TargetProjector: Projector {
  static let tables = ["target"]

  private var calls = 0
  private var lastGood: Int64?
  private var lastFault: Int64?

  mutating func apply(_ logged: LoggedEvent, _ database: Database) throws {
    if case .callFinished(let finished) = logged.payload { return count(finished, at: logged.time) }
    var condition = try ViewsSQL.condition(database)
    let before = condition
    condition.evolve(logged)
    try database.run("UPDATE target SET condition = ?", [condition.json.text])
    let time = logged.time.milliseconds
    switch logged.payload {
    case .deliveryPaused:
      try database.run(
        "UPDATE target SET paused = ?, paused_by = ?, resumed = NULL", [time, logged.actor.description])
    case .deliveryResumed: try database.run("UPDATE target SET paused = NULL, paused_by = NULL, resumed = ?", [time])
    case .circuitOpened where before.circuit == nil: try database.run("UPDATE target SET circuit = ?", [time])
    case .circuitClosed: try database.run("UPDATE target SET circuit = NULL")
    case .targetUnreachable(let faults):
      calls += faults.count
      lastFault = faults.last.milliseconds
    case .quarantineEntered: try database.run("UPDATE target SET quarantined = ?", [time])
    case .quarantineLeft: try database.run("UPDATE target SET quarantined = NULL")
    default: break
    }
  }

  /// Counts a call, of whatever stream; written by `flush`.
  mutating func count(_ finished: CallFinished, at time: Timestamp) {
    if finished.isUnsent { return }
    calls += 1
    if finished.outcome == .done || finished.outcome == .notFound {
      lastGood = time.milliseconds
    } else {
      lastFault = time.milliseconds
    }
  }

  mutating func flush(_ database: Database) throws {
    guard calls > 0 else { return }
    try database.run(
      """
      UPDATE target SET calls = calls + ?, last_good_call = coalesce(?, last_good_call),
        last_fault = coalesce(?, last_fault)
      """, [calls, lastGood, lastFault])
    self = TargetProjector()
  }
}
