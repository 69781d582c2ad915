import Base
import EventLog
import GRDB
import Ledger
import Operations
import Provisioning
import Synchronization
import TestSupport
import Testing

@testable import Views

/// Each statement of each question is traced as it is run, and its plan looked at.
@Suite("No question reads a whole table: views")
struct ViewPlanTests {
  /// A question, and the tables that it is about as a whole.
  private struct Question: Sendable {
    var name: String
    var whole: Set<String> = []
    var ask: @Sendable (ViewStore) throws -> Void

    init(_ name: String, whole: Set<String> = [], _ ask: @escaping @Sendable (ViewStore) throws -> Void) {
      (self.name, self.whole, self.ask) = (name, whole, ask)
    }
  }

  /// What has a row or two, and an index that holds no more than what is counted by it.
  private static let single: Set = [
    "CONSTANT ROW", "target", "checkpoint", "delivery USING COVERING INDEX delivery_pending",
  ]
  private static let source = DirectorySourceID.standard

  private static let questions: [Question] =
    [
      Question("everybody", whole: ["person"]) { _ = try $0.people() },
      Question("a name") { _ = try $0.find("ada@example.com") }, Question("an alias") { _ = try $0.person("a") },
      Question("legal holds") { _ = try $0.legalHolds() },
      // Counts of everybody, by an index that has no more in it than what is counted.
      Question("counts", whole: ["person"]) { _ = try $0.statusCounts() },
      Question("shared accounts", whole: ["person"]) { _ = try $0.sharedAccounts() },
      Question("leavers with an account") {
        _ = try $0.activeLeavers(withoutWorker: true, dueBefore: Timestamp(milliseconds: 1_767_312_000_000))
      },
      Question("nobody's accounts") { _ = try $0.detachedAccounts() },
      Question("the oldest") { _ = try $0.oldestPending() }, Question("backlog") { _ = try $0.backlog() },
      Question("deliveries") { _ = try $0.deliveries() },
      Question("of a person") { _ = try $0.deliveries(alias: "a", includingUnchanged: true) },
      Question("since") { _ = try $0.deliveries(since: Timestamp(milliseconds: 1_767_312_000_000)) },
      Question("cured") { _ = try $0.curedDeliveries() },
      // One row a cycle, and a safeguard: some thousands in a year.
      Question("cycles", whole: ["cycle"]) { _ = try $0.cycles() },
      Question("last cycle", whole: ["cycle"]) { _ = try $0.lastCycle(of: source) },
      Question("newest cycle", whole: ["cycle"]) { _ = try $0.isNewestCycleFinished(of: source) },
      Question("a deltaLink", whole: ["cycle"]) { _ = try $0.deltaLink("x", of: source) },
      Question("safeguards", whole: ["safeguard"]) { _ = try $0.safeguards() },
      Question("open cycles") { _ = try $0.openCycles() }, Question("unfinished") { _ = try $0.unfinishedCycles() },
      Question("target") { _ = try $0.target() }, Question("position") { _ = try $0.position() },
      Question("acts") { _ = try $0.acts() }, Question("acts of one") { _ = try $0.acts(by: .worker) },
      Question("an operator") { _ = try $0.operatorIdentity(of: .operator("olga")) },
      Question("operators") { _ = try $0.operators("olga") },
      Question("named by the directory") { _ = try $0.people(withObjectIDs: ["a"]) },
      Question("some aliases") { _ = try $0.people(withAliases: ["a"]) },
      Question("unsettled") { _ = try $0.unsettledPeople() }, Question("any") { _ = try $0.hasUnsettledPeople() },
      Question("held") { _ = try $0.hasHeldPeople() },
      Question("of an address") { _ = try $0.people(withAddresses: ["a@example.com"]) },
      Question("of a source") { _ = try $0.people(ownedBy: [source]) },
      Question("of no address") { _ = try $0.peopleWithoutAddress() },
      Question("populations", whole: ["person USING COVERING INDEX person_source"]) { _ = try $0.populations() },
      Question("assigned", whole: ["person"]) { try $0.eachAssigned(by: source) { _, _, _ in } },
      Question("loose cycles") { _ = try $0.hasLooseCycles() },
    ]
    + DeliveryStatus.allCases.map { status in
      Question("deliveries: \(status.rawValue)") { _ = try $0.deliveries(status: status, includingUnchanged: true) }
    }
    + ViewStore.openStatuses.flatMap { status in
      [true, false].map { isOpen in
        Question("open: \(status.rawValue)") { _ = try $0.openDeliveries(status, isOpen: isOpen) }
      }
    }

  /// The plans of all that a question has run.
  private static func plans(_ views: ViewStore, _ ask: (ViewStore) throws -> Void) throws -> [(
    sql: String, steps: [String]
  )] {
    let seen = Mutex<[String]>([])
    views.database.writeWithoutTransaction { database in
      database.trace { event in
        if case .statement = event { seen.withLock { $0.append(event.expandedDescription) } }
      }
    }
    try ask(views)
    let statements = seen.withLock { $0.filter { $0.contains("SELECT") } }
    return try views.database.writeWithoutTransaction { database in
      database.trace(nil)
      return try statements.map { sql in
        (sql, try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String })
      }
    }
  }

  /// Views over one connection, all of whose statements are seen.
  private func asked(_ body: (ViewStore) throws -> Void) async throws {
    let place = try TestLedger()
    let ledger = try place.open()
    var history = History(place, ledger, seed: 77)
    try await history.live(rounds: 3)
    try ledger.views.at(ledger.log.lastPosition(), body)
  }

  @Test("each walks no more than what it is about, by an index")
  func questions() async throws {
    try await asked { views in
      for question in Self.questions {
        let plans = try Self.plans(views, question.ask)
        #expect(!plans.isEmpty, "\(question.name) asks nothing")
        for (sql, steps) in plans {
          let scans = steps.filter { step in
            step.hasPrefix("SCAN") && !question.whole.union(Self.single).contains { step.hasPrefix("SCAN \($0)") }
              && !step.contains("subquery") && !step.contains("SUBQUERY")
          }
          #expect(scans == [], "\(question.name): \(sql)\n\(steps.joined(separator: "\n"))")
        }
      }
    }
  }

  @Test("deliveries of a status, a cycle or a person are found by that, and are in order as they are found")
  func filters() async throws {
    let asked: [(index: String, ask: (ViewStore) throws -> Void)] = [
      ("delivery_status", { _ = try $0.deliveries(after: 7, status: .parked) }),
      ("delivery_cycle", { _ = try $0.deliveries(cycle: "c", includingUnchanged: true, limit: 1) }),
      ("delivery_person", { _ = try $0.deliveries(alias: "a", includingUnchanged: true) }),
    ]
    try await self.asked { views in
      for (index, ask) in asked {
        let steps = try Self.plans(views, ask).flatMap(\.steps)
        #expect(steps.contains { $0.contains("SEARCH delivery") && $0.contains(index) }, "\(index): \(steps)")
        #expect(!steps.contains { $0.contains("ORDER BY") }, "\(index): \(steps)")
      }
    }
  }

  @Test("what a shell completes is found by the beginning of a name")
  func names() async throws {
    try await asked { views in
      let steps = try views.database.read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(ViewStore.namesSQL)", arguments: ["a", "b", 5])
          .map { $0["detail"] as String }
      }
      #expect(steps.allSatisfy { $0.hasPrefix("SEARCH person USING COVERING INDEX person_principal") }, "\(steps)")
    }
  }
}
