import Base
import EventLog
import GRDB
import Provisioning

/// A person in memory while events are applied, with the delivery that is not over yet. Changed in place: copying a
/// person costs more than most changes do.
final class KeptPerson {
  /// What is known of the open delivery, of which a person has one at most, since a new decision supersedes the one
  /// before.
  enum Open {
    /// The database was not asked.
    case unknown
    /// There is none.
    case none
    /// It is this one.
    case some(DeliveryRow)
  }

  var person: Person
  var delivery: Open
  /// True where the database had no row of theirs.
  let isNew: Bool

  init(_ person: Person, delivery: Open = .unknown, isNew: Bool = false) {
    (self.person, self.delivery, self.isNew) = (person, delivery, isNew)
  }

  /// The open delivery; nil when there is none.
  func openDelivery(_ database: Database) throws -> DeliveryRow? {
    switch delivery {
    case .none: return nil
    case .some(let row): return row
    case .unknown:
      let found = try DeliveryRow.open(of: person.alias, database)
      delivery = found.map(Open.some) ?? .none
      return found
    }
  }

  /// Changes the open delivery, if there is one.
  func changeDelivery(_ database: Database, _ change: (inout DeliveryRow) -> Void) throws {
    guard var open = try openDelivery(database) else { return }
    change(&open)
    delivery = .some(open)
  }

  /// How the open delivery stands, as far as the person tells.
  var status: DeliveryStatus {
    let account = person.account
    if account.skipped != nil { return .skipped }
    if account.frozen != nil { return .frozen }
    if account.isAbandoned { return .abandoned }
    return account.parked == nil ? .pending : .parked
  }

  /// Writes the open delivery.
  func saveDelivery(_ database: Database) throws {
    guard case .some(var row) = delivery else { return }
    try row.save(database)
    delivery = .some(row)
  }
}

/// A row of the table `delivery`.
struct DeliveryRow {
  var decision: Int64
  var alias: String
  var cycle: String?
  var decided: Int64
  var action: String
  var reason: String
  var status: DeliveryStatus
  var how: String?
  var ended: Int64?
  var calls = 0
  var milliseconds = 0
  var httpStatus: Int?
  var error: String?
  var detail: String?
  var retry: Int64?
  var changes: String
  var since: Int64
  var isOpen: Bool
  var failures = 0
  var failure: String?
  var failed: Int64?
  /// True where the table has it.
  var isStored = false

  /// Counts a failure.
  mutating func fail(_ word: String, _ time: Timestamp) {
    failures += 1
    (failure, failed) = (word, time.milliseconds)
  }

  /// Counts what parks it, or has it given up; after a write that failed it is the same attempt.
  private mutating func fail(_ reason: ParkReason, _ time: Timestamp) {
    if isOfWrite { failures -= 1 }
    fail(reason.rawValue, time)
  }

  /// Whether the last failure was a write's: what parks a delivery, and what a comparison found, have words of their own.
  private var isOfWrite: Bool {
    guard let failure else { return false }
    return ParkReason(rawValue: failure) == nil
      && !DriftDetected.Kind.allCases.contains { DeliveryWord.drift($0) == failure }
  }

  /// Takes over what sets the delivery aside, or lets it go.
  mutating func setAside(_ payload: EventPayload, _ next: DeliveryStatus, _ time: Timestamp) {
    switch payload {
    case .deliveryParked(let parked):
      error = parked.reason.rawValue
      // Parked for what a read showed: the last answer is that of the write before it.
      if parked.status != nil || parked.detail != nil { (httpStatus, detail) = (parked.status, parked.detail) }
      retry = parked.retry.milliseconds
      fail(parked.reason, time)
    case .deliveryAbandoned(let abandoned):
      (error, retry) = (abandoned.reason.rawValue, nil)
      fail(abandoned.reason, time)
    case .deliverySkipped(let skipped): (error, detail, retry) = (DeliveryWord.operatorSkip, skipped.reason, nil)
    case .deliveryRetried:
      if error == DeliveryWord.operatorSkip { (error, detail) = (nil, nil) }
      retry = nil
      if next != status { since = time.milliseconds }
    default: break
    }
    status = next
  }

  private static let insert = """
    INSERT OR REPLACE INTO delivery (decision, alias, cycle, decided, action, reason, status, how, ended, calls,
      milliseconds, http_status, error, detail, retry, changes, since, open, failures, failure, failed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static let update = """
    UPDATE delivery SET decided = ?4, action = ?5, reason = ?6, status = ?7, how = ?8, ended = ?9,
      calls = ?10, milliseconds = ?11, http_status = ?12, error = ?13, detail = ?14, retry = ?15, changes = ?16,
      since = ?17, open = ?18, failures = ?19, failure = ?20, failed = ?21
    WHERE decision = ?1
    """

  /// Writes the row over the one of the same decision; in place where the table has it, which few indexes notice.
  mutating func save(_ database: Database) throws {
    let values: [(any RawBindable)?] = [
      decision, alias, cycle, decided, action, reason, status.rawValue, how, ended, calls, milliseconds, httpStatus,
      error, detail, retry, changes, since, isOpen, failures, failure, failed,
    ]
    try RawStatement(database, isStored ? Self.update : Self.insert).run(values)
    isStored = true
  }

  /// The delivery of a person that is not over yet.
  static func open(of alias: String, _ database: Database) throws -> DeliveryRow? {
    let statement = try database.cachedStatement(
      sql: "SELECT * FROM delivery WHERE alias = ? AND open = 1")
    return try Row.fetchOne(statement, arguments: [alias]).map(DeliveryRow.init)
  }

  /// The delivery of one decision.
  static func of(_ decision: Int64, _ database: Database) throws -> DeliveryRow? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM delivery WHERE decision = ?")
    return try Row.fetchOne(statement, arguments: [decision]).map(DeliveryRow.init)
  }
}

extension DeliveryRow {
  fileprivate init(_ row: Row) throws {
    guard let status = DeliveryStatus(rawValue: row["status"]) else { throw ViewsSQL.unreadable }
    self.init(
      decision: row["decision"], alias: row["alias"], cycle: row["cycle"], decided: row["decided"],
      action: row["action"], reason: row["reason"], status: status, how: row["how"], ended: row["ended"],
      calls: row["calls"], milliseconds: row["milliseconds"], httpStatus: row["http_status"], error: row["error"],
      detail: row["detail"], retry: row["retry"], changes: row["changes"], since: row["since"], isOpen: row["open"],
      failures: row["failures"], failure: row["failure"], failed: row["failed"], isStored: true)
  }
}
