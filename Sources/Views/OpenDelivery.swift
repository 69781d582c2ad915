import GRDB
public import Provisioning

/// A person with something that is not over, and the delivery concerned.
public struct OpenDelivery: Equatable, Sendable {
  /// The person.
  public var person: Person
  /// The delivery; nil for somebody on hold for whom nothing was ever to be delivered.
  public var delivery: DeliveryRecord?

  /// How the person stands.
  public var status: PersonStatus { PersonStatus(person) }
  /// The lane in which it waits, or would.
  public var lane: Lane? { delivery.flatMap { Lane($0.action) } == nil ? nil : Lane(person) }
}

extension ViewStore {
  /// The words of people with something that is not over, the usual ones first.
  public static let openStatuses: [PersonStatus] = [.pending, .parked, .abandoned, .held, .frozen, .skipped]

  /// People who stand one way, in the order of their aliases, a page at a time; `after` is the last alias seen. With
  /// `isOpen` only those of whom a delivery is open: of the skipped ones those whom an operator skips.
  public func openDeliveries(
    _ status: PersonStatus, isOpen: Bool = false, after alias: String = "", limit: Int = 1000
  ) throws -> [OpenDelivery] {
    // Where nothing is open the newest decision says what it is about; whom the safeguard holds may have both.
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT person.object_id, person.display_name, person.account_id, person.state, delivery.*
          FROM person LEFT JOIN delivery ON delivery.decision = coalesce(
            (SELECT decision FROM delivery WHERE delivery.alias = person.alias AND open = 1 AND ?1 <> 'held'),
            (SELECT max(decision) FROM delivery WHERE delivery.alias = person.alias))
          WHERE person.status = ?1 AND person.alias > ?2
            AND (NOT ?4 OR EXISTS (SELECT 1 FROM delivery WHERE delivery.alias = person.alias AND open = 1))
          ORDER BY person.alias LIMIT ?3
          """, arguments: [status.rawValue, alias, limit, isOpen]
      ).map { row in
        let isThere = row["decision"] != nil
        return OpenDelivery(
          person: try ViewsSQL.person(row["state"]), delivery: isThere ? try DeliveryRecord(row) : nil)
      }
    }
  }

  /// Deliveries that failed once and are done now, in the order of their decisions, a page at a time; `after` is the last
  /// decision seen.
  public func curedDeliveries(after decision: Int64 = 0, limit: Int = 1000) throws -> [DeliveryRecord] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT delivery.*, person.object_id, person.display_name, person.account_id, person.state
          FROM delivery JOIN person USING (alias)
          WHERE delivery.status = 'delivered' AND failure IS NOT NULL AND decision > ? ORDER BY decision LIMIT ?
          """, arguments: [decision, limit]
      ).map(DeliveryRecord.init)
    }
  }
}
