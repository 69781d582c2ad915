import Base
import DeliveryMachine
import EventLog
import JSON
import Ledger
import Provisioning
import SCIM
import Sealing
import Synchronization
import TestSupport
import Testing

@testable import Delivery

/// What reaches the target beside the machine.
@Suite("The worker's way to the target")
struct TargetTests {
  @Test("where the views cannot be read nobody knows whether calls may leave, and none does")
  func failsClosed() async throws {
    let site = try Site()
    let calls = Mutex(0)
    let target = TargetConnection(send: site.connection.send) { _ in
      calls.withLock { $0 += 1 }
      return .response(SCIMResponse(status: 403))
    }
    try site.ledger.close()
    #expect(throws: (any Error).self) { try Worker.closed(for: site.ledger) }
    await #expect(throws: (any Error).self) {
      try await Worker.settings(for: site.ledger, target: target, untilIdle: true, logger: quiet)
    }
    #expect(calls.withLock { $0 } == 0)
  }

  @Test("who owns the token is asked on the record")
  func owner() async throws {
    let site = try Site()
    let target = TargetConnection(send: site.connection.send) { path in
      #expect(path == "/api/v1/account")
      return .response(SCIMResponse(status: 200, json: ["userid": "u77", "email": "Owner@example.com"]))
    }
    let settings = try await Worker.settings(for: site.ledger, target: target, untilIdle: true, logger: quiet)
    #expect(settings?.protectedIDs.contains("u77") == true && settings?.owner?.id == "u77")
    let read = try #require(try reads(of: site).first)
    #expect(read.purpose == .probe && read.operation == "GET /api/v1/account" && read.outcome == .done)
  }

  @Test("a list beside a running worker is on the record, also one that falls short")
  func list() async throws {
    let site = try Site()
    try await site.take(Site.people(1...3))
    _ = try await site.deliver()
    let whole = RecordedReads(ledger: site.ledger, target: site.connection, actor: "operator")
    #expect(try await whole.list()?.count == 3)
    let empty = TargetConnection { _ in
      .response(SCIMResponse(status: 200, json: ListResponse(totalResults: 3, resources: []).json))
    } get: { _ in
      .response(SCIMResponse(status: 403))
    }
    #expect(try await RecordedReads(ledger: site.ledger, target: empty, actor: "operator").list() == nil)
    let lists = try reads(of: site).filter { $0.purpose == .list }.suffix(2)
    #expect(lists.map(\.outcome) == [.done, .failed] && lists.map(\.count) == [3, 0])
    #expect(lists.last?.error == "short-list")
  }

  private func reads(of site: Site) throws -> [CallFinished] {
    try site.ledger.recorded().compactMap { recorded in
      guard case .callFinished(let finished) = try site.ledger.codec.decode(recorded).payload else { return nil }
      return finished
    }
  }
}
