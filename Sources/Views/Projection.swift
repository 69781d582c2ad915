import EventLog
import GRDB
import JSON
import Provisioning

/// An event as the log has it, and what it says; nil when this program does not know its kind.
struct DecodedEvent: Sendable {
  let recorded: RecordedEvent
  let event: Event?
}

extension EventCodec {
  /// Decodes events in order, with the keys of all their people fetched at once.
  func decode(_ events: [RecordedEvent]) throws -> [DecodedEvent] {
    try prepare(events)
    return try events.map { DecodedEvent(recorded: $0, event: try decode($0)) }
  }
}

/// A person who is changed in place: copying one costs more than most changes.
private final class Kept {
  var person: Person

  init(_ person: Person) { self.person = person }
}

/// Derives the views' rows from events, inside one transaction of the views' database.
///
/// People and the counts of calls are kept in memory until `flush`, so that each of them is read and written once.
struct Projection {
  /// The most people that should be kept before a `flush`: about 100 MB.
  static let mostPeople = 50_000

  private let database: Database
  private let log: EventLog
  private let codec: EventCodec
  private var people: [String: Kept] = [:]
  private var calls = Calls()
  /// The position of the newest event that was taken over.
  private(set) var position: Int64

  private struct Calls {
    var count = 0
    var lastGood: Int64?
    var lastFault: Int64?
  }

  init(_ database: Database, log: EventLog, codec: EventCodec) throws {
    self.database = database
    self.log = log
    self.codec = codec
    position = try ViewsSQL.position(database)
  }

  /// Takes over some events, in order.
  mutating func apply(_ batch: [DecodedEvent]) throws {
    for decoded in batch {
      try apply(decoded)
      position = decoded.recorded.position
    }
  }

  /// Whether so many people are kept that a `flush` is due.
  var isLarge: Bool { people.count > Self.mostPeople }

  /// Writes what is kept in memory, and moves the checkpoint.
  mutating func flush() throws {
    // In the order of the table, so that neighbours share pages.
    for alias in people.keys.sorted() {
      if let kept = people[alias] { try ViewsSQL.save(kept.person, database) }
    }
    people = [:]
    if calls.count > 0 {
      try run(
        """
        UPDATE target SET calls = calls + ?, last_good_call = coalesce(?, last_good_call),
          last_fault = coalesce(?, last_fault)
        """, [calls.count, calls.lastGood, calls.lastFault])
      calls = Calls()
    }
    try run("UPDATE checkpoint SET position = ?", [position])
  }

  private mutating func apply(_ decoded: DecodedEvent) throws {
    guard let event = decoded.event else { return }
    let recorded = decoded.recorded
    switch event.stream {
    case .user(let alias), .account(let alias):
      let kept = try kept(alias)
      guard kept.person.erasure != nil else { return try apply(event, to: kept, recorded) }
      // What comes late about an erased person brings no value back, whoever still holds the key.
      try apply(try codec.decode(recorded, asErased: true), to: kept, recorded)
    default: try apply(event, recorded)
    }
  }

  private mutating func apply(_ event: Event, _ recorded: RecordedEvent) throws {
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

  private mutating func kept(_ alias: String) throws -> Kept {
    if let kept = people[alias] { return kept }
    let kept = Kept(try ViewsSQL.person(alias, database) ?? Person(alias: alias))
    people[alias] = kept
    return kept
  }

  /// Forgets a person: what is left is derived anew from what the events say in clear, so that it is the same whether the
  /// key was still there when the events before were read or not.
  private mutating func forget(_ kept: Kept, _ recorded: RecordedEvent) throws {
    let alias = kept.person.alias
    try run("DELETE FROM delivery WHERE alias = ?", [alias])
    for earlier in try log.events(about: alias, before: recorded.position) {
      try apply(try codec.decode(earlier, asErased: true), to: kept, earlier, isAgain: true)
    }
    try run(
      "UPDATE delivery SET status = 'erased', ended = ?, retry = NULL WHERE \(Self.open)",
      [recorded.time.milliseconds, alias])
  }

  // Made once: the statement cache is asked with the text.
  private static let open = "alias = ? AND status IN ('pending', 'parked', 'abandoned')"
  private static let supersede = "UPDATE delivery SET status = 'superseded', ended = ?, retry = NULL WHERE \(open)"
  private static let called = """
    UPDATE delivery SET calls = calls + 1, milliseconds = milliseconds + ?, http_status = ?, error = ?, detail = ?
    WHERE \(open)
    """
  private static let delivered = """
    UPDATE delivery SET status = 'delivered', how = ?, ended = ?, retry = NULL WHERE \(open) AND decision <= ?
    """
  private static let parked = """
    UPDATE delivery SET status = 'parked', error = ?, http_status = ?, detail = ?, retry = ? WHERE \(open)
    """
  private static let abandoned = "UPDATE delivery SET status = 'abandoned', error = ?, retry = NULL WHERE \(open)"

  /// `isAgain` says that the event was counted before.
  private mutating func apply(
    _ event: Event, to kept: Kept, _ recorded: RecordedEvent, isAgain: Bool = false
  ) throws {
    let (alias, lastDesired, wasErased) = (kept.person.alias, kept.person.lastDesired, kept.person.erasure != nil)
    kept.person.evolve(event.payload, at: recorded.position, recorded: recorded.time)
    let now = recorded.time.milliseconds
    switch event.payload {
    case .decided(let decision):
      let isNew = kept.person.account.wanted == recorded.position
      let isPending = isNew && (kept.person.erasure == nil ? decision.desired != nil : decision.action != .skip)
      if isNew {
        try run(Self.supersede, [now, alias])
      }
      try insert(decision, since: lastDesired, isPending, alias, event, recorded)
    case .callFinished(let finished):
      if finished.purpose.isWrite {
        try run(
          Self.called, [finished.milliseconds, finished.status, finished.error, finished.detail, alias])
      }
      if !isAgain { count(finished, recorded) }
    case .subjectErased where !wasErased: try forget(kept, recorded)
    case .deliveryCompleted(let completed):
      try run(Self.delivered, [completed.how.rawValue, now, alias, completed.decision])
    case .deliveryParked(let parked):
      try run(
        Self.parked, [parked.reason.rawValue, parked.status, parked.detail, parked.retry.milliseconds, alias])
    case .deliveryAbandoned(let abandoned):
      try run(Self.abandoned, [abandoned.reason.rawValue, alias])
    default: break
    }
  }

  private func insert(
    _ decision: Decision, since lastDesired: DesiredAccount?, _ isPending: Bool, _ alias: String, _ event: Event,
    _ recorded: RecordedEvent
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
        recorded.position, alias, event.correlation, recorded.time.milliseconds, decision.action.rawValue,
        decision.reason.rawValue, status.rawValue,
        ModifiedProperty.between(lastDesired, decision.desired).json.text,
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

  private mutating func apply(target payload: EventPayload, _ recorded: RecordedEvent) throws {
    if case .callFinished(let finished) = payload { return count(finished, recorded) }
    var condition = try ViewsSQL.condition(database)
    condition.evolve(payload)
    try run("UPDATE target SET condition = ?", [condition.json.text])
  }

  private mutating func count(_ finished: CallFinished, _ recorded: RecordedEvent) {
    calls.count += 1
    if finished.outcome == .done || finished.outcome == .notFound {
      calls.lastGood = recorded.time.milliseconds
    } else {
      calls.lastFault = recorded.time.milliseconds
    }
  }
}
