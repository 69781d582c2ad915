import Base
import EventLog
import Ledger
import Provisioning
import Sealing
import TestSupport
import Testing
import Views

@testable import Operations

@Suite("Looks at one person")
struct SingleLookTests: AdasLife {
  let stage: ErasureStage

  init() throws { stage = try ErasureStage() }

  private func looks() throws -> [DataViewed] {
    try ledger.log.read(types: [DataViewed.type]).compactMap { recorded in
      guard case .dataViewed(let viewed) = try ledger.codec.decode(recorded).payload else { return nil }
      return viewed
    }
  }

  @Test("what was asked for goes with the person, in every file; that somebody looked stays")
  func erased() async throws {
    let alias = try await liveAndLeave()
    let records = Records(in: ledger, actor: .operator("olga"))
    try await records.viewOne("why", of: alias, asked: Self.ada[0])
    try await records.view(DataViewed(name: "user list", count: 1, position: 9, filter: Self.ada[1]), of: alias)
    let searched = DataViewed(name: "audit", count: 3, position: 9, filter: "search \(Self.ada[3])")
    try await records.export("audit", format: "csv", count: 3, viewed: searched, of: alias)
    #expect(try looks().map(\.filter) == [Self.ada[0], Self.ada[1], "search \(Self.ada[3])"])
    _ = try await erasure.run(alias, reason: reason, force: false)
    #expect(try looks().map(\.filter) == [nil, nil, nil] && looks().map(\.name) == ["why", "user list", "audit"])
    #expect(try Remnants.of(Self.ada, in: place.folder) == [])
    try await records.viewOne("why", of: alias, asked: alias)
    #expect(try looks().last?.filter == alias)
    #expect(try ledger.views.check().isEqual && ledger.log.verify(ledger.evidence()).isSound)
    #expect(try ledger.sealFindings(through: ledger.log.lastPosition()).isEmpty)
  }

  @Test("switched off they leave no event, once the configuration that says so is one; looks at many still do")
  func switchedOff() async throws {
    let place = try TestLedger()
    try place.reconfigure("looks: all", with: "looks: many")
    let ledger = try place.open()
    let records = Records(in: ledger, actor: .operator("olga"))
    for _ in 0..<2 { try await records.viewOne("why", of: "somebody", asked: "ada") }
    #expect(try ledger.types() == [ConfigurationApplied.type])
    try await records.view(DataViewed(name: "user list", count: 2, position: 1))
    #expect(try ledger.types() == [ConfigurationApplied.type, DataViewed.type])
  }
}
