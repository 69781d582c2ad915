import Base
import GraphModel
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

/// Scope by assignment: who is assigned directly, and the direct members of assigned groups.
@Suite("Cycles over who is assigned", .timeLimit(.minutes(2)))
struct AssignedCycleTests {
  private static let assigned = [("people: everybody", "people: assigned")]

  /// `u1` to `u5` are assigned themselves, `u6` to `u10` through a group, in which lies another with `u11`.
  private static func assign(_ tenant: inout Tenant) {
    let now = SystemClock.now()
    for number in 1...5 { _ = tenant.assign("u\(number)", to: "sp", now: now) }
    for group in ["g", "nested"] {
      _ = tenant.add(.group, group, JSONObject(present: [("displayName", .string(group))]), now: now)
    }
    for number in 6...10 { _ = tenant.addMember("u\(number)", to: "g", now: now) }
    _ = tenant.addMember("nested", to: "g", now: now)
    _ = tenant.addMember("u11", to: "nested", now: now)
    _ = tenant.assign("g", to: "sp", now: now)
  }

  /// `u1` has an address that TeamViewer does not accept.
  private static func misname(_ tenant: inout Tenant) {
    let wrong = JSONObject(present: [("userPrincipalName", "u1@contoso")])
    _ = tenant.change("u1", wrong, now: SystemClock.now())
  }

  @Test("direct members count, members of nested groups do not; who comes and goes is decided about, and nobody else")
  func scope() async throws {
    try await TenantStage.serving(20, configure: Self.assigned, Self.assign) { stage in
      #expect(try await stage.cycle().actions == [.create: 10, .skip: 10])
      _ = stage.requests()
      stage.change { tenant in
        let now = SystemClock.now()
        _ = tenant.unassign("u1", from: "sp")
        _ = tenant.removeMember("u6", from: "g", now: now)
        _ = tenant.assign("u12", to: "sp", now: now)
        _ = tenant.addMember("u13", to: "g", now: now)
        _ = tenant.addMember("u14", to: "nested", now: now)
      }
      let second = try await stage.cycle()
      #expect(second.summary.counts.read == 4 && second.actions == [.create: 2, .disable: 2])
      // The users' changes, and no second read of everybody.
      #expect(stage.requests().count { $0.hasSuffix("/users/delta") } == 1)
    }
  }

  @Test("a tenant that was let go is read whole again, and who has lost an assignment meanwhile is decided about")
  func letGo() async throws {
    try await TenantStage.serving(20, configure: Self.assigned, Self.assign) { stage in
      _ = try await stage.cycle()
      _ = try await Sources(in: try stage.place.open(), actor: "test").detach(.standard)
      stage.change { _ = $0.unassign("u1", from: "sp") }
      let again = try await stage.cycle()
      #expect(again.summary.counts.read == 20 && again.summary.counts.observed == 20)
      #expect(try await stage.cycle().summary.counts.read == 0)
    }
  }

  @Test("an unchanged cycle appends its own two events and looks at nobody, whoever is out of scope")
  func unchanged() async throws {
    try await TenantStage.serving(20, configure: Self.assigned, Self.assign) { stage in
      _ = try await stage.cycle()
      for _ in 0..<2 {
        let still = try await stage.cycle()
        #expect(!still.hasDecided && still.events == 2 && still.summary.counts == CycleCounts())
      }
      stage.change { _ = $0.unassign("u2", from: "sp") }
      let changed = try await stage.cycle()
      #expect(changed.decidedAbout == 1 && changed.actions == [.disable: 1])
      #expect(try await !stage.cycle().hasDecided)
    }
  }

  @Test("who cannot be given an account is looked at until a cycle has found nothing new")
  func looking() async throws {
    try await TenantStage.serving(20) { stage in
      stage.change(Self.misname)
      #expect(try await stage.cycle().actions == [.create: 19, .skip: 1])
      let looking = try await stage.cycle()
      #expect(looking.decidedAbout == 1 && looking.events == 2 && looking.summary.counts.read == 0)
      #expect(try await !stage.cycle().hasDecided)
    }
  }

  @Test("where nobody waits for a cycle, the first that is unchanged looks at nobody")
  func still() async throws {
    try await TenantStage.serving(20) { stage in
      #expect(try await stage.cycle().actions == [.create: 20])
      let still = try await stage.cycle()
      #expect(!still.hasDecided && still.events == 2)
      #expect(try await stage.cycle(full: true).hasDecided)
    }
  }

  @Test("what an operator or the worker did to somebody since, and another configuration, are looked at")
  func looksAgain() async throws {
    try await TenantStage.serving(20, configure: Self.assigned, Self.assign) { stage in
      stage.change(Self.misname)
      for _ in 0..<2 { _ = try await stage.cycle() }
      #expect(try await !stage.cycle().hasDecided)
      let ledger = try stage.place.open()
      let alias = try #require(try ledger.views.people().people.first { $0.user?.id == "u3" }?.alias)
      try await DeliveryControl(in: ledger, actor: .operator("olga")).hold(alias, reason: "on leave")
      try ledger.close()
      #expect(try await stage.cycle().hasDecided)
      #expect(try await !stage.cycle().hasDecided)
      try stage.place.reconfigure("ssoCustomerId: \"\"", with: "ssoCustomerId: \"sso\"")
      let anew = try await stage.cycle()
      #expect(anew.hasDecided && anew.summary.counts.read == 20)
    }
  }

  @Test("held people are told of each time, however little changes")
  func held() async throws {
    try await TenantStage.serving(20) { stage in
      _ = try await stage.cycle()
      stage.change { tenant in
        for number in 1...12 {
          _ = tenant.change("u\(number)", JSONObject(present: [("accountEnabled", false)]), now: SystemClock.now())
        }
      }
      let first = try await stage.cycle()
      #expect(first.summary.held?.count == 12)
      for _ in 0..<2 { #expect(try await stage.cycle().summary.held == first.summary.held) }
    }
  }

  @Test("a role with another name is seen")
  func roles() async throws {
    try await TenantStage.serving(3, configure: Self.assigned) { tenant in
      _ = tenant.assign("u1", to: "sp", role: "r1", now: SystemClock.now())
    } _: { stage in
      #expect(try await stage.cycle().actions == [.create: 1, .skip: 2])
      for _ in 0..<2 { _ = try await stage.cycle() }
      #expect(try await !stage.cycle().hasDecided)
      stage.change { $0.servicePrincipals[0].roles[0].value = "Expert" }
      let renamed = try await stage.cycle()
      #expect(renamed.hasDecided && renamed.summary.counts.observed == 1 && renamed.actions == [.none: 1])
    }
  }
}
