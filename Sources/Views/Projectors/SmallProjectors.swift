import Base
import GRDB
import JSON
import Provisioning

/// Cycles, and how they ended: the table `cycle`.
struct CyclesProjector: Projector {
  static let tables = ["cycle"]

  func apply(_ logged: LoggedEvent, _ database: Database) throws {
    guard case .cycle(let id) = logged.stream else { return }
    switch logged.payload {
    case .cycleStarted(let started):
      try database.run(
        "INSERT INTO cycle (id, source, initial, started, first_position, directory) VALUES (?, ?, ?, ?, ?, ?)",
        [
          id, started.source.rawValue, started.isInitial, logged.time.milliseconds, logged.position,
          started.directory.name,
        ])
    case .cycleFinished(let finished):
      try database.run(
        "UPDATE cycle SET last_position = ?, counts = ?, delta_link = ? WHERE id = ?",
        [logged.position, JSONValue.object(finished.counts.fields).text, finished.deltaLink, id])
    case .cycleInterrupted:
      try database.run("UPDATE cycle SET interrupted = ? WHERE id = ?", [logged.time.milliseconds, id])
    default: break
    }
  }
}

/// Mass disables that wait, or waited, for an operator: the table `safeguard`.
struct SafeguardsProjector: Projector {
  static let tables = ["safeguard"]

  func apply(_ logged: LoggedEvent, _ database: Database) throws {
    guard case .safeguard(let id) = logged.stream else { return }
    switch logged.payload {
    case .safeguardTripped(let tripped):
      try database.run(
        "INSERT INTO safeguard (id, cycle, tripped, people, trips_above, active) VALUES (?, ?, ?, ?, ?, ?)",
        [id, tripped.cycle, logged.time.milliseconds, tripped.count, tripped.limit, tripped.active])
    case .safeguardApproved:
      try database.run(
        "UPDATE safeguard SET approved = ?, approved_by = ? WHERE id = ?",
        [logged.time.milliseconds, logged.actor.description, id])
    default: break
    }
  }
}

/// What operators did, and what became of the ledger itself: the table `act`.
struct ActsProjector: Projector {
  static let tables = ["act"]

  func apply(_ logged: LoggedEvent, _ database: Database) throws {
    switch logged.stream {
    case .operators, .export, .ledger, .configuration: break
    default: return
    }
    let content = JSONValue.object(logged.payload.value.fields.clear).text
    try database.run(
      "INSERT INTO act VALUES (?, ?, ?, ?, ?)",
      [logged.position, logged.time.milliseconds, logged.actor.description, logged.payload.type, content])
  }
}

/// The humans behind operators, as far as they are known: the table `operator`.
struct OperatorsProjector: Projector {
  static let tables = ["operator"]

  func apply(_ logged: LoggedEvent, _ database: Database) throws {
    guard case .operator(let alias) = logged.stream else { return }
    switch logged.payload {
    case .operatorSeen(let seen):
      // What comes after an erasure brings nothing back.
      try database.run(
        """
        INSERT INTO operator (alias, actor, seen, details) VALUES (?, ?, ?, ?)
          ON CONFLICT (alias) DO UPDATE SET seen = excluded.seen,
            details = CASE WHEN erased IS NULL THEN excluded.details END
        """, [alias, seen.actor, logged.time.milliseconds, seen.identity.map { JSONValue.object($0.json).text }])
    case .subjectErased:
      try database.run(
        "UPDATE operator SET details = NULL, erased = coalesce(erased, ?) WHERE alias = ?",
        [logged.time.milliseconds, alias])
    default: break
    }
  }
}
