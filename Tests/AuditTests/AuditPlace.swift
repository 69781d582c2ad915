import Base
import EventLog
import Ledger
import Provisioning
import TestSupport

@testable import Audit

/// A ledger with a life from a seed, and the rows of it.
struct AuditPlace {
  let place: TestLedger
  let ledger: OpenLedger
  let audit: AuditStore

  init(seed: UInt64? = nil, rounds: Int = 6, erasing: Bool = false) async throws {
    place = try TestLedger()
    ledger = try place.open()
    audit = try ledger.audit()
    if let seed {
      var history = History(place, ledger, seed: seed)
      try await history.live(rounds: rounds, erasing: erasing)
    }
  }

  /// Every row, the oldest first.
  func all() throws -> [AuditEntry] {
    try audit.page(AuditQuery(), AuditPaging(limit: 1_000_000, isOldestFirst: true)).entries
  }

  func positions(_ change: (inout AuditQuery) -> Void) throws -> [Int64] {
    var query = AuditQuery()
    change(&query)
    let page = try audit.page(query, AuditPaging(limit: 1_000_000, isOldestFirst: true))
    return page.entries.map(\.row.position)
  }
}
