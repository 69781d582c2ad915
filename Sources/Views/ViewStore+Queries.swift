public import Base
import EventLog
import GRDB
import JSON
public import Provisioning

/// One tripped safeguard as the views show it.
public struct SafeguardRow: Equatable, Sendable {
  /// The safeguard's id.
  public var id: String
  /// The cycle that tripped it, or the plan.
  public var cycle: String
  /// When.
  public var tripped: Timestamp
  /// How many people it held.
  public var people: Int
  /// The number above which it trips.
  public var limit: Int
  /// How many people were meant to be active before.
  public var active: Int
  /// When it was approved.
  public var approved: Timestamp?
  /// Who approved it.
  public var approvedBy: String?
  /// How many people it holds now.
  public var holding: Int
}

/// TeamViewer as the views show it.
public struct TargetRow: Equatable, Sendable {
  /// Pause and quarantine.
  public var condition: TargetCondition
  /// The last call that TeamViewer answered well.
  public var lastGoodCall: Timestamp?
  /// The last call that it did not.
  public var lastFault: Timestamp?
  /// The number of calls so far.
  public var calls: Int
  /// When an operator paused deliveries and who; nil when nobody did, or the pause was ended.
  public var pausedBy: (operator: String, time: Timestamp)? {
    pauser.flatMap { pauser in paused.map { (pauser, $0) } }
  }
  /// When an operator last ended a pause.
  public var resumed: Timestamp?
  /// When the circuit opened; nil while it is closed.
  public var circuitOpened: Timestamp?
  /// When the quarantine was entered; nil when there is none.
  public var quarantined: Timestamp?
  var paused: Timestamp?
  var pauser: String?
}

extension ViewStore {
  /// The position up to which the views have taken over the log.
  public func position() throws -> Int64 { try ask { try ViewsSQL.position($0) } }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.faults(path) { try database.read(body) }
  }

  /// As `read`, without a transaction: for a single statement, which sees one state by itself.
  func ask<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try Self.faults(path) { try database.unsafeRead(body) }
  }

  /// The people that a user may mean: by object id, sign-in name, address, TeamViewer id or alias, ASCII case ignored.
  public func find(_ name: String) throws -> [Person] {
    let name = Address.folded(name)
    return try read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT state FROM person
          WHERE alias = ?1 OR object_id = ?1 OR user_principal_name = ?1 OR user_name = ?1 OR lower(account_id) = ?1
          ORDER BY alias
          """, arguments: [name]
      ).map { try ViewsSQL.person($0) }
    }
  }

  /// The aliases of people who are linked to one account, an account at a time; empty, unless a log says what no worker
  /// writes.
  public func sharedAccounts(limit: Int = 10) throws -> [[String]] {
    try read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT group_concat(alias) FROM person WHERE account_id IS NOT NULL
          GROUP BY account_id HAVING count(*) > 1 ORDER BY min(alias) LIMIT ?
          """, arguments: [limit]
      ).map { $0.split(separator: ",").map(String.init).sorted() }
    }
  }

  /// The ids of the accounts that somebody is linked to, without those of leavers: a list may leave those out.
  public func linkedAccounts() throws -> Set<String> {
    try read { database in
      try Set(
        String.fetchAll(
          database,
          sql: "SELECT account_id FROM person WHERE account_id IS NOT NULL AND status <> ?",
          arguments: [PersonStatus.disabled.rawValue]))
    }
  }

  /// The person with an alias; nil when there is none.
  public func person(_ alias: String) throws -> Person? { try ask { try ViewsSQL.person(alias, $0) } }

  /// The people under a legal hold, the oldest hold first.
  public func legalHolds() throws -> [Person] {
    try read { database in
      try String.fetchAll(database, sql: "SELECT state FROM person WHERE held IS NOT NULL ORDER BY held, alias")
        .map { try ViewsSQL.person($0) }
    }
  }

  /// The number of people by status.
  public func statusCounts() throws -> [PersonStatus: Int] {
    try read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT status, count(*) FROM person GROUP BY status")
      return Dictionary(
        uniqueKeysWithValues: rows.compactMap { row in PersonStatus(rawValue: row[0]).map { ($0, row[1]) } })
    }
  }

  /// When the oldest delivery that is still pending became due.
  public func oldestPending() throws -> Timestamp? {
    try read { database in
      try Int64.fetchOne(
        database,
        sql: """
          SELECT min(oldest) FROM (SELECT min(since) AS oldest FROM delivery WHERE status = 'pending' GROUP BY action)
          """
      ).map(Timestamp.init(milliseconds:))
    }
  }

  /// Deliveries in the order of their decisions, a page at a time; `after` is the last decision seen.
  public func deliveries(
    after: Int64 = 0, cycle: String? = nil, status: DeliveryStatus? = nil, alias: String? = nil,
    since: Timestamp? = nil, includingUnchanged: Bool = false, limit: Int = 1000
  ) throws -> [DeliveryRecord] {
    // Only what is asked for stands in the statement: an index is of no use to a condition that may be void.
    var terms = ["decision > ?"]
    var arguments: StatementArguments = [try max(after, position(before: since))]
    func require(_ term: String, _ value: String?) {
      guard let value else { return }
      terms.append("\(term) = ?")
      arguments += [value]
    }
    require("delivery.status", status?.rawValue)
    require("delivery.cycle", cycle)
    require("delivery.alias", alias)
    if !includingUnchanged { terms.append("delivery.status <> 'unchanged'") }
    arguments += [limit]
    return try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT delivery.*, person.object_id, person.display_name, person.user_principal_name, person.account_id,
            person.state FROM delivery JOIN person USING (alias)
          WHERE \(terms.joined(separator: " AND ")) ORDER BY decision LIMIT ?
          """, arguments: arguments)
      return try rows.map(DeliveryRecord.init)
    }
  }

  /// The last position that was recorded before a moment: a decision is of the time at which the log has it.
  private func position(before moment: Timestamp?) throws -> Int64 {
    guard let moment else { return 0 }
    return try log.positions(recorded: moment..<moment + .milliseconds(1)).lowerBound - 1
  }

  /// Cycles, newest first.
  public func cycles(limit: Int = 100) throws -> [CycleRow] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM cycle ORDER BY first_position DESC LIMIT ?", arguments: [limit])
        .map { row in
          CycleRow(
            id: row["id"], source: try ViewsSQL.word(row["source"]),
            isInitial: row["initial"], started: Timestamp(milliseconds: row["started"]),
            firstPosition: row["first_position"],
            counts: try JSONParser.parse((row["counts"] as String? ?? "{}").utf8), deltaLink: row["delta_link"],
            directory: DirectorySourceID(row["directory"]),
            state: row["last_position"] != nil ? .finished : row["interrupted"] != nil ? .interrupted : .running)
        }
    }
  }

  /// The positions of the first and the last event of the newest cycle of a source that has finished; nil when none has.
  public func lastCycle(of source: DirectorySourceID) throws -> ClosedRange<Int64>? {
    try ask { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT first_position, last_position FROM cycle WHERE last_position IS NOT NULL AND directory = ?
          ORDER BY first_position DESC LIMIT 1
          """, arguments: [source.name]
      ).map { $0["first_position"]...$0["last_position"] }
    }
  }

  /// Whether the newest cycle of a source has finished.
  public func isNewestCycleFinished(of source: DirectorySourceID) throws -> Bool {
    try ask { database in
      try Bool.fetchOne(
        database,
        sql: "SELECT last_position IS NOT NULL FROM cycle WHERE directory = ? ORDER BY first_position DESC LIMIT 1",
        arguments: [source.name]) ?? false
    }
  }

  /// Whether a decision about anybody stands behind a position.
  public func hasDecisions(after position: Int64) throws -> Bool {
    try ask { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE decision > ?)", arguments: [position]) ?? false
    }
  }

  /// Whether a deltaLink of a source was read before, and whether it is the newest one.
  public func deltaLink(_ link: String, of source: DirectorySourceID) throws -> (isKnown: Bool, isNewest: Bool) {
    try read { database in
      let links = try String.fetchAll(
        database,
        sql: """
          SELECT delta_link FROM cycle WHERE delta_link IS NOT NULL AND directory = ? ORDER BY first_position DESC
          """, arguments: [source.name])
      return (links.contains { $0.hasSameBytes(as: link) }, links.first?.hasSameBytes(as: link) ?? false)
    }
  }

  /// Tripped safeguards, newest first.
  public func safeguards() throws -> [SafeguardRow] {
    try read { database in
      var holding: [String: Int] = [:]
      let states = try String.fetchCursor(database, sql: "SELECT state FROM person WHERE status = 'held'")
      while let state = try states.next() {
        if let id = try ViewsSQL.person(state).decision?.safeguard { holding[id, default: 0] += 1 }
      }
      return try Row.fetchAll(database, sql: "SELECT * FROM safeguard ORDER BY tripped DESC, id DESC").map { row in
        SafeguardRow(
          id: row["id"], cycle: row["cycle"], tripped: Timestamp(milliseconds: row["tripped"]), people: row["people"],
          limit: row["trips_above"], active: row["active"],
          approved: (row["approved"] as Int64?).map(Timestamp.init(milliseconds:)), approvedBy: row["approved_by"],
          holding: holding[row["id"], default: 0])
      }
    }
  }

  /// TeamViewer as a whole.
  public func target() throws -> TargetRow {
    try read { database in
      let row = try Row.fetchOne(database, sql: "SELECT * FROM target")
      func instant(_ column: String) -> Timestamp? { (row?[column] as Int64?).map(Timestamp.init(milliseconds:)) }
      return TargetRow(
        condition: try ViewsSQL.condition(database), lastGoodCall: instant("last_good_call"),
        lastFault: instant("last_fault"), calls: row?["calls"] ?? 0, resumed: instant("resumed"),
        circuitOpened: instant("circuit"), quarantined: instant("quarantined"), paused: instant("paused"),
        pauser: row?["paused_by"])
    }
  }
}

extension DeliveryRecord {
  init(_ row: Row) throws {
    let changes = try JSONParser.parse((row["changes"] as String).utf8).array ?? []
    let person = try ViewsSQL.person(row["state"])
    self.init(
      decision: row["decision"], alias: row["alias"], objectID: row["object_id"], displayName: row["display_name"],
      userPrincipalName: person.user?[.userPrincipalName], accountID: row["account_id"],
      cycle: row["cycle"], decided: Timestamp(milliseconds: row["decided"]),
      action: try ViewsSQL.word(row["action"]), reason: try ViewsSQL.word(row["reason"]),
      status: try ViewsSQL.word(row["status"]),
      how: try (row["how"] as String?).map { try ViewsSQL.word($0) },
      ended: (row["ended"] as Int64?).map(Timestamp.init(milliseconds:)), calls: row["calls"],
      milliseconds: row["milliseconds"], httpStatus: row["http_status"],
      since: Timestamp(milliseconds: row["since"]), error: row["error"], detail: row["detail"],
      retry: (row["retry"] as Int64?).map(Timestamp.init(milliseconds:)), failures: row["failures"],
      word: row["failure"], failed: (row["failed"] as Int64?).map(Timestamp.init(milliseconds:)),
      changes: changes.compactMap(ModifiedProperty.init), erasure: person.erasure)
  }
}
