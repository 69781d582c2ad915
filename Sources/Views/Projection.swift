import Base
import EventLog
import GRDB
import JSON
import Provisioning
import Sealing

/// An event as the log has it, and what it says.
struct DecodedEvent: Sendable {
  let recorded: RecordedEvent
  let event: Event
}

extension EventCodec {
  /// Decodes events in order, with the keys of all their people fetched at once.
  func decode(_ events: [RecordedEvent]) throws -> [DecodedEvent] {
    try prepare(events)
    return try events.map { DecodedEvent(recorded: $0, event: try decode($0)) }
  }
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
  private var people: [String: KeptPerson] = [:]
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
      guard let kept = people[alias] else { continue }
      try ViewsSQL.save(kept.person, database)
      try kept.saveDelivery(database)
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
    let (recorded, event) = (decoded.recorded, decoded.event)
    switch event.stream {
    case .user(let alias), .account(let alias):
      let kept = try kept(alias)
      guard kept.person.erasure != nil else { return try apply(event, to: kept, recorded) }
      // What comes late about an erased person brings no value back, whoever still holds the key.
      try apply(codec.decode(recorded, asErased: true), to: kept, recorded)
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

  private mutating func kept(_ alias: String) throws -> KeptPerson {
    if let kept = people[alias] { return kept }
    let kept =
      if let person = try ViewsSQL.person(alias, database) {
        KeptPerson(person)
      } else {
        KeptPerson(Person(alias: alias), delivery: .some(nil))
      }
    people[alias] = kept
    return kept
  }

  /// Forgets a person: what is left is derived anew from what the events say in clear, so that it is the same whether the
  /// key was still there when the events before were read or not.
  private mutating func forget(_ kept: KeptPerson, _ recorded: RecordedEvent) throws {
    let alias = kept.person.alias
    try run("DELETE FROM delivery WHERE alias = ?", [alias])
    kept.delivery = .some(nil)
    for earlier in try log.events(about: alias, before: recorded.position) {
      try apply(codec.decode(earlier, asErased: true), to: kept, earlier, isAgain: true)
    }
    try end(kept, as: .erased, recorded)
  }

  /// `isAgain` says that the event was counted before.
  private mutating func apply(
    _ event: Event, to kept: KeptPerson, _ recorded: RecordedEvent, isAgain: Bool = false
  ) throws {
    let (alias, lastDesired, wasErased) = (kept.person.alias, kept.person.lastDesired, kept.person.erasure != nil)
    kept.person.evolve(event.payload, at: recorded.position, recorded: recorded.time)
    switch event.payload {
    case .decided(let decision):
      let isNew = kept.person.account.wanted == recorded.position
      let isPending = isNew && (kept.person.erasure == nil ? decision.desired != nil : decision.action != .skip)
      if isNew { try end(kept, as: .superseded, recorded) }
      let row = delivery(of: decision, since: lastDesired, isPending ? kept.standing : nil, alias, event, recorded)
      if isPending { kept.delivery = .some(row) } else { try row.save(database) }
    case .callFinished(let finished):
      if finished.isUnsent { return }
      if finished.purpose.isWrite {
        try kept.changeDelivery(database) { delivery in
          delivery.calls += 1
          delivery.milliseconds += finished.milliseconds
          (delivery.httpStatus, delivery.error, delivery.detail) = (finished.status, finished.error, finished.detail)
          if finished.outcome != .done {
            delivery.fail(finished.error ?? finished.outcome.rawValue, recorded.time)
          }
        }
      }
      if !isAgain { count(finished, recorded) }
    case .subjectErased where !wasErased: try forget(kept, recorded)
    case .deliveryCompleted(let completed):
      guard let open = try kept.openDelivery(database), open.decision <= completed.decision else { return }
      try end(kept, as: .delivered, recorded, how: completed.how)
    case .deliveryParked, .deliveryAbandoned, .deliveryHeld, .deliverySkipped, .deliveryRetried:
      let standing = kept.standing
      try kept.changeDelivery(database) { $0.setAside(event.payload, standing, recorded.time) }
    case .driftDetected(let drift) where drift.isRepaired && (isAgain || kept.person.erasure == nil):
      try reopen(kept, drift, recorded)
    default: break
    }
  }

  /// What was delivered is undone in TeamViewer, and is to be brought there again.
  private func reopen(_ kept: KeptPerson, _ drift: DriftDetected, _ recorded: RecordedEvent) throws {
    guard try kept.openDelivery(database) == nil, kept.person.account.completed < kept.person.account.wanted,
      var row = try DeliveryRow.of(kept.person.account.wanted, database), row.status == .delivered
    else { return }
    let word = DeliveryWord.drift(drift.kind)
    (row.status, row.isOpen, row.how, row.ended) = (kept.standing, true, nil, nil)
    (row.since, row.error, row.httpStatus) = (recorded.time.milliseconds, word, nil)
    row.fail(word, recorded.time)
    kept.delivery = .some(row)
  }

  /// The person's open delivery, if there is one, is over.
  private func end(
    _ kept: KeptPerson, as status: DeliveryStatus, _ recorded: RecordedEvent, how: DeliveryCompleted.How? = nil
  ) throws {
    try kept.changeDelivery(database) { delivery in
      (delivery.status, delivery.isOpen) = (status, false)
      delivery.how = how?.rawValue
      delivery.ended = recorded.time.milliseconds
      delivery.retry = nil
      if status == .delivered { (delivery.error, delivery.detail) = (nil, nil) }
    }
    try kept.saveDelivery(database)
    kept.delivery = .some(nil)
  }

  private func delivery(
    of decision: Decision, since lastDesired: DesiredAccount?, _ standing: DeliveryStatus?, _ alias: String,
    _ event: Event, _ recorded: RecordedEvent
  ) -> DeliveryRow {
    let settled: DeliveryStatus =
      switch decision.action {
      case .skip: .skipped
      case .held: .held
      default: .unchanged
      }
    return DeliveryRow(
      decision: recorded.position, alias: alias, cycle: event.correlation, decided: recorded.time.milliseconds,
      action: decision.action.rawValue, reason: decision.reason.rawValue, status: standing ?? settled,
      changes: ModifiedProperty.between(lastDesired, decision.desired).json.text,
      since: recorded.time.milliseconds, isOpen: standing != nil)
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
    let before = condition
    condition.evolve(payload)
    try run("UPDATE target SET condition = ?", [condition.json.text])
    let time = recorded.time.milliseconds
    switch payload {
    case .deliveryPaused:
      try run(
        "UPDATE target SET paused = ?, paused_by = ?, resumed = NULL", [time, try recorded.envelope().actor])
    case .deliveryResumed: try run("UPDATE target SET paused = NULL, paused_by = NULL, resumed = ?", [time])
    case .circuitOpened where before.circuit == nil: try run("UPDATE target SET circuit = ?", [time])
    case .circuitClosed: try run("UPDATE target SET circuit = NULL", [])
    case .quarantineEntered: try run("UPDATE target SET quarantined = ?", [time])
    case .quarantineLeft: try run("UPDATE target SET quarantined = NULL", [])
    default: break
    }
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
