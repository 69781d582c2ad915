import Base
import GraphModel
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

/// Whoever is to have no account any more is decided about by the cause, and comes back when it is gone.
@Suite("Cycles: why somebody leaves", .timeLimit(.minutes(2)))
struct LeaverCauseTests {
  private static let configuration = [
    ("people: everybody", "people: assigned"),
    (
      "filters: []",
      "filters: [{name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}]"
    ),
  ]

  private static func prepare(_ tenant: inout Tenant) {
    let now = SystemClock.now()
    for number in 1...60 {
      _ = tenant.change("u\(number)", JSONObject(present: [("department", "Sales")]), now: now)
      _ = tenant.assign("u\(number)", to: "sp", now: now)
    }
  }

  private static let causes: [(id: String, reason: Decision.Reason)] = [
    ("u1", .notEffectivelyEntitled), ("u2", .outOfScope), ("u3", .disabledInSource), ("u4", .softDeletedInSource),
    ("u5", .deletedInSource),
  ]

  private static func leave(_ tenant: inout Tenant, from first: Int) {
    let now = SystemClock.now()
    _ = tenant.unassign("u\(first)", from: "sp")
    _ = tenant.change("u\(first + 1)", JSONObject(present: [("department", "IT")]), now: now)
    _ = tenant.change("u\(first + 2)", JSONObject(present: [("accountEnabled", false)]), now: now)
    _ = tenant.remove("u\(first + 3)", now: now)
    _ = tenant.purge("u\(first + 4)", now: now)
  }

  private func decision(of id: String, _ stage: TenantStage) throws -> Decision? {
    let ledger = try stage.place.open()
    defer { try? ledger.close() }
    return try ledger.views.people().people.first { $0.user?.id == id }?.decision
  }

  @Test("each cause has its own reason; whoever is back is enabled, and whoever is gone for good is not")
  func causes() async throws {
    try await TenantStage.serving(60, configure: Self.configuration, Self.prepare) { stage in
      #expect(try await stage.cycle().actions == [.create: 60])
      stage.change { Self.leave(&$0, from: 1) }
      #expect(try await stage.cycle().actions == [.disable: 5])
      for (id, reason) in Self.causes {
        let decision = try decision(of: id, stage)
        #expect(decision?.reason == reason && decision?.action == .disable, "\(id)")
        #expect(decision?.desired?.active == false, "\(id)")
      }
      stage.change { tenant in
        let now = SystemClock.now()
        _ = tenant.assign("u1", to: "sp", now: now)
        _ = tenant.change("u2", JSONObject(present: [("department", "Sales")]), now: now)
        _ = tenant.change("u3", JSONObject(present: [("accountEnabled", true)]), now: now)
        _ = tenant.restore("u4", now: now)
      }
      #expect(try await stage.cycle().actions == [.enable: 4])
      for (id, _) in Self.causes.dropLast() { #expect(try decision(of: id, stage)?.reason == .activeAgain, "\(id)") }
      #expect(try decision(of: "u5", stage)?.desired?.active == false)
    }
  }

  @Test("whoever is left out of a read of everybody, and is there when asked for, is no leaver")
  func leftOut() async throws {
    try await TenantStage.serving(20) { stage in
      _ = try await stage.cycle()
      stage.hide("u7")
      let fault = await #expect(throws: Fault.self) { try await stage.cycle(full: true) }
      let before = try decision(of: "u7", stage)
      #expect(fault?.code == .graphAnswer && before?.action == .create)
      stage.hide(nil)
      stage.change { _ = $0.purge("u7", now: SystemClock.now()) }
      let disabled = try await stage.cycle(full: true).actions[.disable]
      let after = try decision(of: "u7", stage)
      #expect(disabled == 1 && after?.desired?.active == false)
    }
  }

  @Test("the safeguard counts all causes together")
  func safeguard() async throws {
    try await TenantStage.serving(60, configure: Self.configuration, Self.prepare) { stage in
      _ = try await stage.cycle()
      stage.change { tenant in
        Self.leave(&tenant, from: 1)
        Self.leave(&tenant, from: 11)
      }
      let held = try await stage.cycle()
      #expect(held.actions == [.held: 10] && held.summary.held?.count == 10)
    }
  }

  @Test("a manager is read where the mapping wants one, and a change of it is seen; who has none any more has none")
  func manager() async throws {
    let expression = "Join(\"/\", [displayName], [manager])"
    let mapping = [("attributes: []", "attributes: [{target: displayName, expression: '\(expression)'}]")]
    try await TenantStage.serving(4, configure: mapping) { tenant in
      _ = tenant.setManager(of: "u1", to: "u2", now: SystemClock.now())
    } _: { stage in
      _ = try await stage.cycle()
      #expect(try decision(of: "u1", stage)?.desired?.displayName == "Person 1/u2")
      stage.change { _ = $0.setManager(of: "u1", to: "u3", now: SystemClock.now()) }
      _ = try await stage.cycle()
      #expect(try decision(of: "u1", stage)?.desired?.displayName == "Person 1/u3")
      stage.change { _ = $0.setManager(of: "u1", to: nil, now: SystemClock.now()) }
      _ = try await stage.cycle(full: true)
      #expect(try decision(of: "u1", stage)?.desired?.displayName.hasSuffix("u3") == false)
    }
  }
}
