import Base
import GRDB
import JSON
import Provisioning

/// What became of each decision: the table `delivery`.
struct DeliveriesProjector {
  static let tables = ["delivery"]

  /// Takes over what an event changed.
  func apply(_ change: PersonChange, _ database: Database) throws {
    let (kept, time) = (change.kept, change.logged.time)
    switch change.logged.payload {
    case .decided(let decision): try decide(decision, change, database)
    case .callFinished(let finished) where finished.purpose.isWrite && !finished.isUnsent:
      try kept.changeDelivery(database) { $0.count(finished, time) }
    case .callFinished(let finished) where finished.isFailure && !finished.isUnsent:
      // Of a read only a failure is kept: what it shows says how the delivery stands, and what the write before it was
      // answered says why.
      try kept.changeDelivery(database) { $0.answer(finished) }
    case .deliveryCompleted(let completed):
      guard let open = try kept.openDelivery(database), open.decision <= completed.decision else { return }
      try end(kept, as: .delivered, at: time, how: completed.how, database)
    case .deliveryParked, .deliveryAbandoned, .deliveryHeld, .deliverySkipped, .deliveryRetried:
      let status = kept.status
      try kept.changeDelivery(database) { $0.setAside(change.logged.payload, status, time) }
    case .driftDetected(let drift) where drift.isRepaired && (change.isAgain || kept.person.erasure == nil):
      try reopen(kept, DeliveryWord.drift(drift.kind), time, database)
    case .unlinked(let unlinked) where unlinked.reason.reopens && (change.isAgain || kept.person.erasure == nil):
      try reopen(kept, nil, time, database)
    default: break
    }
  }

  private func decide(_ decision: Decision, _ change: PersonChange, _ database: Database) throws {
    let (kept, logged) = (change.kept, change.logged)
    let isNew = kept.person.account.wanted == logged.position
    let isPending = isNew && (kept.person.erasure == nil ? decision.desired != nil : decision.action != .skip)
    if isNew { try end(kept, as: .superseded, at: logged.time, database) }
    if let settled = change.settled { try release(settled, at: logged.time, database) }
    var row = DeliveryRow(decision, change, open: isPending ? kept.status : nil)
    if isPending { kept.delivery = .some(row) } else { try row.save(database) }
  }

  /// A newer decision has taken the place of one that held or skipped.
  private func release(_ decision: Int64, at time: Timestamp, _ database: Database) throws {
    try database.run(
      """
      UPDATE delivery SET status = 'superseded', ended = ?
        WHERE decision = ? AND open = 0 AND status IN ('held', 'skipped')
      """, [time.milliseconds, decision])
  }

  /// What was delivered is undone in TeamViewer, as a word says, or must be looked for, and is to be brought there again.
  private func reopen(_ kept: KeptPerson, _ word: String?, _ time: Timestamp, _ database: Database) throws {
    guard try kept.openDelivery(database) == nil, kept.person.account.completed < kept.person.account.wanted,
      var row = try DeliveryRow.of(kept.person.account.wanted, database), row.status == .delivered
    else { return }
    (row.status, row.isOpen, row.how, row.ended) = (kept.status, true, nil, nil)
    (row.since, row.error, row.httpStatus) = (time.milliseconds, word, nil)
    if let word { row.fail(word, time) }
    kept.delivery = .some(row)
  }

  /// The person's open delivery, if there is one, is over.
  func end(
    _ kept: KeptPerson, as status: DeliveryStatus, at time: Timestamp, how: DeliveryCompleted.How? = nil,
    _ database: Database
  ) throws {
    try kept.changeDelivery(database) { $0.end(status, how, time) }
    try kept.saveDelivery(database)
    kept.delivery = .none
  }

  /// Removes all deliveries of a person.
  func remove(_ kept: KeptPerson, _ database: Database) throws {
    try database.run("DELETE FROM delivery WHERE alias = ?", [kept.person.alias])
    kept.delivery = .none
  }
}

extension DeliveryRow {
  /// The row of a decision; `open` is how it stands when it is still to be delivered.
  fileprivate init(_ decision: Decision, _ change: PersonChange, open: DeliveryStatus?) {
    let settled: DeliveryStatus =
      switch decision.action {
      case .skip: .skipped
      case .held: .held
      default: .unchanged
      }
    let logged = change.logged
    self.init(
      decision: logged.position, alias: change.kept.person.alias, cycle: logged.correlation,
      decided: logged.time.milliseconds, action: decision.action.rawValue, reason: decision.reason.rawValue,
      status: open ?? settled, changes: ModifiedProperty.between(change.lastDesired, decision.desired).json.text,
      since: logged.time.milliseconds, isOpen: open != nil)
  }

  /// Counts a write that was answered, or failed.
  fileprivate mutating func count(_ finished: CallFinished, _ time: Timestamp) {
    calls += 1
    milliseconds += finished.milliseconds
    answer(finished)
    if finished.outcome != .done { fail(finished.error ?? finished.outcome.rawValue, time) }
  }

  /// Keeps an answer, or that there was none, as the last one.
  fileprivate mutating func answer(_ finished: CallFinished) {
    (httpStatus, error, detail) = (finished.status, finished.error, finished.detail)
  }

  fileprivate mutating func end(_ status: DeliveryStatus, _ how: DeliveryCompleted.How?, _ time: Timestamp) {
    (self.status, isOpen, self.how) = (status, false, how?.rawValue)
    (ended, retry) = (time.milliseconds, nil)
    if status == .delivered { (error, detail) = (nil, nil) }
  }
}

extension CallFinished {
  /// True unless it was answered, with what was asked for or with that there is none.
  fileprivate var isFailure: Bool { outcome != .done && outcome != .notFound }
}
