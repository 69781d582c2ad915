public import Base
import GRDB
public import Provisioning

/// Accounts that somebody can use who is not meant to.
extension ViewStore {
  /// How many people are to be inactive whose account was active when it was last seen, and nobody brings that about, by how
  /// they stand: whose delivery is set aside, and of those who are pending whoever waits in vain. Of three things two make it
  /// that: no worker is at work, the delivery is due since before a moment, a comparison found the account active again.
  public func activeLeavers(withoutWorker: Bool, dueBefore moment: Timestamp) throws -> [PersonStatus: Int] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT status, count(*) FROM person
          WHERE status IN ('drifted', 'parked', 'abandoned', 'skipped', 'onHold', 'pending')
            AND account_id IS NOT NULL AND active = 0
            AND json_extract(state, '$.account.believed.active')
            AND json_extract(state, '$.account.drift') IS NOT 'missing'
            AND NOT json_extract(state, '$.decision.sealed.desired.active')
            AND (status <> 'pending' OR ?1 + (json_extract(state, '$.account.drift') IS NOT NULL) + coalesce(
              (SELECT since < ?2 FROM delivery WHERE delivery.alias = person.alias AND open = 1), 0) > 1)
          GROUP BY status
          """, arguments: [withoutWorker ? 1 : 0, moment.milliseconds])
      return Dictionary(
        uniqueKeysWithValues: rows.compactMap { row in PersonStatus(rawValue: row[0]).map { ($0, row[1]) } })
    }
  }

  /// How many people no source owns whose account was active when it was last seen: nothing is sent to it any more.
  public func detachedAccounts() throws -> Int {
    try read { database in
      try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM person WHERE status IN ('skipped', 'onHold', 'pending') AND source IS NULL
            AND json_extract(state, '$.account.believed.active')
            AND json_extract(state, '$.account.drift') IS NOT 'missing'
          """) ?? 0
    }
  }
}
