import EventLog
import GRDB
import JSON
import Provisioning

/// Derives the views' rows from events, inside one transaction of the views' database.
///
/// People are kept in memory until `flush`, so that a batch reads and writes each of them once.
struct Projection {
  private let database: Database
  private let log: EventLog
  private let codec: EventCodec
  private var people: [String: Person] = [:]
  private var position: Int64

  init(_ database: Database, log: EventLog, codec: EventCodec) throws {
    self.database = database
    self.log = log
    self.codec = codec
    position = try ViewsSQL.position(database)
  }

  /// Takes over the events of one batch, in order, and moves the checkpoint.
  mutating func apply(_ batch: [RecordedEvent]) throws {
    for recorded in batch {
      try apply(recorded)
      position = recorded.position
    }
    try flush()
  }

  private mutating func flush() throws {
    for person in people.values { try ViewsSQL.save(person, database) }
    people = [:]
    try database.cachedStatement(sql: "UPDATE checkpoint SET position = ?").execute(arguments: [position])
  }

  private mutating func apply(_ recorded: RecordedEvent) throws {
    switch Stream(recorded.stream) {
    case .user(let alias), .account(let alias):
      let person = try person(alias)
      // What comes late about an erased person brings no value back, whoever still holds the key.
      try apply(codec.decode(recorded, asErased: person.erasure != nil), to: person, recorded)
    default: try apply(codec.decode(recorded), recorded)
    }
  }

  private func apply(_ event: Event, _ recorded: RecordedEvent) throws {
    switch event.stream {
    case .user, .account: break
    case .cycle(let id): try apply(event.payload, cycle: id, recorded)
    case .safeguard(let id): try apply(event.payload, safeguard: id, recorded)
    case .target: try apply(target: event.payload, recorded)
    case .configuration:
      guard case .configurationApplied(let applied) = event.payload else { return }
      try run(
        "INSERT INTO configuration VALUES (?, ?, ?)", [recorded.position, recorded.time.milliseconds, applied.text])
    case .operators, .ledger: break
    }
  }

  private func run(_ sql: String, _ arguments: StatementArguments) throws {
    try database.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  // MARK: People and their deliveries

  private func person(_ alias: String) throws -> Person {
    try people[alias] ?? ViewsSQL.person(alias, database) ?? Person(alias: alias)
  }

  /// Forgets a person: what is left is derived anew from what the events say in clear, so that it is the same whether the
  /// key was still there when the events before were read or not.
  private mutating func forget(_ person: Person, _ recorded: RecordedEvent) throws {
    try run("DELETE FROM delivery WHERE alias = ?", [person.alias])
    people[person.alias] = person
    for earlier in try log.events(about: person.alias, before: recorded.position) {
      let event = try codec.decode(earlier, asErased: true)
      try apply(event, to: self.person(person.alias), earlier, isAgain: true)
    }
    try run(
      """
      UPDATE delivery SET status = 'erased', ended = ?, retry = NULL
      WHERE alias = ? AND status IN ('pending', 'parked', 'abandoned')
      """, [recorded.time.milliseconds, person.alias])
  }

  /// `isAgain` says that the event was counted before.
  private mutating func apply(
    _ event: Event, to before: Person, _ recorded: RecordedEvent, isAgain: Bool = false
  ) throws {
    let alias = before.alias
    var person = before
    person.evolve(event.payload, at: recorded.position, recorded: recorded.time)
    people[alias] = person
    let now = recorded.time.milliseconds
    let open = "alias = ? AND status IN ('pending', 'parked', 'abandoned')"
    switch event.payload {
    case .decided(let decision):
      let isNew = person.account.wanted == recorded.position
      let isPending = isNew && (person.erasure == nil ? decision.desired != nil : decision.action != .skip)
      if isNew {
        try run("UPDATE delivery SET status = 'superseded', ended = ?, retry = NULL WHERE \(open)", [now, alias])
      }
      try insert(decision, isPending, before, event, recorded)
    case .callFinished(let finished):
      if finished.purpose.isWrite {
        try run(
          """
          UPDATE delivery SET calls = calls + 1, milliseconds = milliseconds + ?, http_status = ?, error = ?,
            detail = ? WHERE \(open)
          """, [finished.milliseconds, finished.status, finished.error, finished.detail, alias])
      }
      if !isAgain { try count(finished, recorded) }
    case .subjectErased where before.erasure == nil: try forget(person, recorded)
    case .deliveryCompleted(let completed):
      try run(
        """
        UPDATE delivery SET status = 'delivered', how = ?, ended = ?, retry = NULL
        WHERE \(open) AND decision <= ?
        """, [completed.how.rawValue, now, alias, completed.decision])
    case .deliveryParked(let parked):
      try run(
        "UPDATE delivery SET status = 'parked', error = ?, http_status = ?, detail = ?, retry = ? WHERE \(open)",
        [parked.reason.rawValue, parked.status, parked.detail, parked.retry.milliseconds, alias])
    case .deliveryAbandoned(let abandoned):
      try run(
        "UPDATE delivery SET status = 'abandoned', error = ?, retry = NULL WHERE \(open)",
        [abandoned.reason.rawValue, alias])
    default: break
    }
  }

  private func insert(
    _ decision: Decision, _ isPending: Bool, _ before: Person, _ event: Event, _ recorded: RecordedEvent
  ) throws {
    let status: DeliveryStatus =
      switch decision.action {
      case _ where isPending: .pending
      case .skip: .skipped
      case .held: .held
      default: .unchanged
      }
    try run(
      """
      INSERT INTO delivery (decision, alias, cycle, decided, action, reason, status, changes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        recorded.position, before.alias, event.correlation, recorded.time.milliseconds, decision.action.rawValue,
        decision.reason.rawValue, status.rawValue,
        ModifiedProperty.between(before.lastDesired, decision.desired).json.text,
      ])
  }

  // MARK: The rest

  private func apply(_ payload: EventPayload, cycle id: String, _ recorded: RecordedEvent) throws {
    switch payload {
    case .cycleStarted(let started):
      try run(
        "INSERT INTO cycle (id, source, initial, started, first_position) VALUES (?, ?, ?, ?, ?)",
        [id, started.source.rawValue, started.isInitial, recorded.time.milliseconds, recorded.position])
    case .cycleFinished(let finished):
      try run(
        "UPDATE cycle SET last_position = ?, counts = ?, delta_link = ? WHERE id = ?",
        [recorded.position, JSONValue.object(finished.fields.clear).text, finished.deltaLink, id])
    default: break
    }
  }

  private func apply(_ payload: EventPayload, safeguard id: String, _ recorded: RecordedEvent) throws {
    switch payload {
    case .safeguardTripped(let tripped):
      try run(
        "INSERT INTO safeguard (id, cycle, tripped, people, trips_above, active) VALUES (?, ?, ?, ?, ?, ?)",
        [id, tripped.cycle, recorded.time.milliseconds, tripped.count, tripped.limit, tripped.active])
    case .safeguardApproved:
      try run(
        "UPDATE safeguard SET approved = ?, approved_by = ? WHERE id = ?",
        [recorded.time.milliseconds, try recorded.envelope().actor, id])
    default: break
    }
  }

  private func apply(target payload: EventPayload, _ recorded: RecordedEvent) throws {
    if case .callFinished(let finished) = payload { return try count(finished, recorded) }
    var condition = try ViewsSQL.condition(database)
    condition.evolve(payload)
    try run("UPDATE target SET condition = ?", [condition.json.text])
  }

  private func count(_ finished: CallFinished, _ recorded: RecordedEvent) throws {
    let isGood = finished.outcome == .done || finished.outcome == .notFound
    try run(
      """
      UPDATE target SET calls = calls + 1, last_good_call = iif(?, ?, last_good_call),
        last_fault = iif(?, last_fault, ?)
      """, [isGood, recorded.time.milliseconds, isGood, recorded.time.milliseconds])
  }
}
