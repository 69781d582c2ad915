import Base
import Cycles
import GraphModel
import JSON
import Ledger
import Operations
import Provisioning
import TestSupport
import Testing
import Views

/// The members of assigned groups are read as they change, and what the log knows of them is enough.
@Suite("Cycles over the members of groups", .timeLimit(.minutes(2)))
struct GroupCycleTests {
  private static let assigned = [("people: everybody", "people: assigned")]

  /// Everybody up to `u20` is assigned through the group `g`; `h` holds `u21` to `u25` and is not assigned.
  private static func assign(_ tenant: inout Tenant) {
    let now = SystemClock.now()
    for group in ["g", "h"] { _ = tenant.add(.group, group, JSONObject(present: [("displayName", "G")]), now: now) }
    for number in 1...20 { _ = tenant.addMember("u\(number)", to: "g", now: now) }
    for number in 21...25 { _ = tenant.addMember("u\(number)", to: "h", now: now) }
    _ = tenant.assign("g", to: "sp", now: now)
  }

  /// How often groups were asked for since the last time: from the beginning, and what has changed.
  private static func reads(_ stage: TenantStage) -> Int { stage.requests().count { $0.hasSuffix("/groups/delta") } }

  private static func assignedGroups(of id: String, _ stage: TenantStage) throws -> DirectoryValue? {
    let ledger = try stage.place.open()
    defer { try? ledger.close() }
    return try ledger.views.people().people.first { $0.user?.id == id }?.user?.attributes[.assignedGroups]
  }

  @Test(
    "who leaves and who comes is found among the changes, and nobody else is read; an unchanged cycle looks at nobody")
  func changes() async throws {
    try await TenantStage.serving(25, configure: Self.assigned, Self.assign) { stage in
      #expect(try await stage.cycle().actions == [.create: 20, .skip: 5])
      #expect(try Self.assignedGroups(of: "u1", stage) == .list(["g"]))
      #expect(try Self.assignedGroups(of: "u21", stage) == nil)
      for _ in 0..<2 { _ = try await stage.cycle() }
      _ = stage.requests()
      #expect(try await !stage.cycle().hasDecided)
      #expect(Self.reads(stage) == 1)
      stage.change { tenant in
        let now = SystemClock.now()
        _ = tenant.removeMember("u1", from: "g", now: now)
        _ = tenant.addMember("u21", to: "g", now: now)
      }
      let changed = try await stage.cycle()
      #expect(changed.actions == [.create: 1, .disable: 1] && changed.summary.counts.read == 2)
      #expect(Self.reads(stage) == 1 && !stage.requests().contains { $0.hasSuffix("/members") })
      #expect(try await stage.cycle().actions == [:])
    }
  }

  @Test("a group that is assigned later, one that is no longer, and one that is once more")
  func groups() async throws {
    try await TenantStage.serving(25, configure: Self.assigned, Self.assign) { stage in
      _ = try await stage.cycle()
      stage.change { _ = $0.assign("h", to: "sp", now: SystemClock.now()) }
      #expect(try await stage.cycle().actions == [.create: 5])
      stage.change { _ = $0.unassign("h", from: "sp") }
      #expect(try await stage.cycle().actions == [.disable: 5])
      #expect(try Self.assignedGroups(of: "u21", stage) == nil)
      stage.change { tenant in
        _ = tenant.removeMember("u21", from: "h", now: SystemClock.now())
        _ = tenant.assign("h", to: "sp", now: SystemClock.now())
      }
      #expect(try await stage.cycle().actions == [.enable: 4])
    }
  }

  @Test("whoever is new, or back from the recycle bin, is a member although no change of the group tells it")
  func newcomers() async throws {
    try await TenantStage.serving(25, configure: Self.assigned, Self.assign) { stage in
      stage.change { _ = $0.remove("u2", now: SystemClock.now()) }
      let first = try await stage.cycle()
      #expect(first.actions == [.create: 19, .skip: 5])
      stage.change { tenant in
        let now = SystemClock.now()
        _ = tenant.restore("u2", now: now)
        _ = tenant.add(.user, "u26", TenantStage.properties(26), now: now)
        _ = tenant.addMember("u26", to: "g", now: now)
      }
      #expect(try await stage.cycle().actions == [.create: 2])
      stage.change { _ = $0.remove("u2", now: SystemClock.now()) }
      #expect(try await stage.cycle().actions == [.disable: 1])
      stage.change { _ = $0.restore("u2", now: SystemClock.now()) }
      #expect(try await stage.cycle().actions == [.enable: 1])
    }
  }

  @Test(
    "where the link has ended, all members are read, and who left meanwhile is found",
    arguments: [GraphFault.Kind.expiredGone, .expiredUnsupported, .expiredSyncState, .expiredPage])
  func expiry(kind: GraphFault.Kind) async throws {
    try await TenantStage.serving(25, configure: Self.assigned, Self.assign) { stage in
      _ = try await stage.cycle()
      stage.change { _ = $0.removeMember("u3", from: "g", now: SystemClock.now()) }
      stage.spoil("/groups/delta", kind)
      _ = stage.requests()
      #expect(try await stage.cycle().actions == [.disable: 1])
      #expect(Self.reads(stage) == 2)
      stage.change { tenant in
        for number in 4...20 { _ = tenant.removeMember("u\(number)", from: "g", now: SystemClock.now()) }
      }
      stage.spoil("/groups/delta", kind)
      #expect(try await stage.cycle().summary.held?.count == 17)
    }
  }

  @Test(
    "an answer that was cut off is no answer: nobody leaves by it",
    arguments: [GraphFault.Kind.cutJSON, .otherHost, .pageTwice])
  func cut(kind: GraphFault.Kind) async throws {
    try await TenantStage.serving(25, configure: Self.assigned, Self.assign) { stage in
      _ = try await stage.cycle()
      for isFull in [false, true] {
        stage.spoil("/groups/delta", kind)
        if kind == .cutJSON {
          let fault = await #expect(throws: Fault.self) { try await stage.cycle(full: isFull) }
          #expect(fault?.code == .graphAnswer)
        } else {
          // A deltaLink to another host is not followed the next time: the members are read anew then.
          #expect(try await stage.cycle(full: isFull).actions[.disable] == nil)
        }
      }
      #expect(try await stage.cycle().actions == [:])
    }
  }

  @Test("a look for leavers keeps the marks")
  func leavers() async throws {
    try await TenantStage.serving(25, configure: Self.assigned, Self.assign) { stage in
      _ = try await stage.cycle()
      stage.change { tenant in
        _ = tenant.change("u5", JSONObject(present: [("accountEnabled", false)]), now: SystemClock.now())
        _ = tenant.removeMember("u6", from: "g", now: SystemClock.now())
      }
      #expect(try await stage.leavers()?.counts.decided == [.disable: 1])
      _ = stage.requests()
      #expect(try await stage.cycle().actions[.disable] == 1)
      #expect(Self.reads(stage) == 1)
    }
  }
}
