import Base
import EventLog
import Foundation
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing

@testable import Audit
@testable import Operations

@Suite("Erasing a person from the audit rows")
struct ErasureAuditTests: AdasLife {
  let stage: ErasureStage

  init() throws { stage = try ErasureStage() }

  private func hers(_ audit: AuditStore, _ alias: String) throws -> [AuditEntry] {
    var query = AuditQuery()
    query.subjects = [alias]
    return try audit.page(query, AuditPaging(limit: 1000, isOldestFirst: true)).entries
  }

  @Test(
    "no byte of the person is left in any file, after an index that grew in more than 100 pieces",
    arguments: [0, 5, 100])
  func gone(behind: Int) async throws {
    let audit = try ledger.audit()
    let alias = try await liveAndLeave()
    let last = try ledger.log.lastPosition() - Int64(behind)
    // Each piece is a transaction of its own.
    for end in stride(from: last % 8, through: last, by: 8) { _ = try audit.catchUp(to: end) }
    #expect(last / 8 > 100)
    let before = try hers(audit, alias)
    let words = ["Byron", "countess", "adagiven", "u77001815", "said that"]
    for word in words where behind == 0 { #expect(try audit.count(search(word)) > 0, "\(word)") }
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(try hers(audit, alias).map(\.row.position) == before.map(\.row.position))
    try audit.catchUp()
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    for word in words { #expect(try audit.count(search(word)) == 0, "\(word)") }
    for name in Self.ada { #expect(try audit.subjects(named: name) == []) }

    let rows = try hers(audit, alias)
    #expect(rows.count > 20 && rows.allSatisfy { $0.person == nil && $0.row.text == nil && $0.row.changes.isEmpty })
    #expect(rows.prefix(before.count).map(\.row.outcome) == before.map(\.row.outcome))
    #expect(rows.last?.row.outcome.action == "erase" && rows.map(\.row.cycle).contains { $0 != nil })
    #expect(try audit.check().isEqual)
    #expect(try audit.rebuild().isEqual)
    try audit.close()
    try ledger.close()
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
  }

  private func search(_ text: String) -> AuditQuery {
    var query = AuditQuery()
    query.search = text
    return query
  }

  @Test("a process that read the person's events before the erasure writes nothing of them after it")
  func racing() async throws {
    let audit = try ledger.audit()
    let alias = try await liveAndLeave()
    let other = try place.open()
    let slow = try other.audit()
    // It has her keys in memory.
    _ = try other.codec.decode(try other.log.events(about: alias))
    _ = try await erasure.run(alias, reason: reason, force: false)
    try slow.catchUp()
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    #expect(try audit.check().isEqual)
  }

  @Test("a rebuild that was killed leaves nothing either")
  func leftover() async throws {
    let audit = try ledger.audit()
    let alias = try await liveAndLeave()
    try audit.catchUp()
    let path = "\(place.folder)/audit.sqlite"
    try FileManager.default.copyItem(atPath: path, toPath: path + ".rebuild")
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
  }
}
