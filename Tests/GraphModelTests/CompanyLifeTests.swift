import Base
import GraphModel
import JSON
import Testing

@Suite("Graph: a company that lives")
struct CompanyLifeTests {
  private static func lived(_ seed: UInt64, days: Int, step: Duration) -> (Tenant, [CompanyLife.Step]) {
    var life = CompanyLife(seed: seed, people: 80)
    var tenant = life.tenant(id: tenantId, now: start)
    var (steps, elapsed): ([CompanyLife.Step], Duration) = ([], .zero)
    while elapsed < .seconds(86_400 * days) {
      elapsed += step
      steps += life.advance(to: elapsed, in: &tenant, now: start)
    }
    return (tenant, steps)
  }

  @Test("equal seeds live equal lives, whether one looks by the hour or by the week")
  func repeats() {
    let (hourly, steps) = Self.lived(3, days: 70, step: .seconds(3600))
    let (weekly, same) = Self.lived(3, days: 70, step: .seconds(86_400 * 7))
    #expect(hourly == weekly && steps == same)
    #expect(Self.lived(4, days: 7, step: .seconds(86_400)).1 != Array(steps.prefix(30)))
  }

  @Test("in a year all that can happen happens, and the tenant stays in order")
  func year() throws {
    let (tenant, steps) = Self.lived(1, days: 365, step: .seconds(86_400))
    func count(_ isMeant: (CompanyLife.Step) -> Bool) -> Int { steps.filter(isMeant).count }
    #expect(count { if case .joined = $0 { true } else { false } } > 300)
    #expect(count { if case .changed = $0 { true } else { false } } > 300)
    #expect(count { if case .left = $0 { true } else { false } } > 300)
    #expect(count { if case .restored = $0 { true } else { false } } > 20)
    #expect(count { if case .purged = $0 { true } else { false } } > 100)
    #expect(count { if case .unassigned = $0 { true } else { false } } > 20)
    let names = tenant.all(.user).compactMap { $0.properties["userPrincipalName"]?.string?.lowercased() }
    #expect(names.count == Set(names).count && tenant.deletedUsers.count < 60)
    for user in tenant.all(.user) {
      let groups = tenant.all(.group).filter { tenant.members(of: $0.id).contains(user.id) }
      #expect(groups.count == 1 && groups.first?.properties["displayName"] == user.properties["department"])
    }
  }

  @Test("the first day has departments, a group of groups, assignments by both ways, managers and extensions")
  func firstDay() throws {
    let life = CompanyLife(seed: 1, people: 60)
    let tenant = life.tenant(id: tenantId, now: start)
    let staff = try #require(tenant.all(.group).first { $0.properties["displayName"] == "Staff" })
    #expect(tenant.members(of: staff.id).count == 6 && tenant.all(.user).count == 60)
    let assignments = tenant.assignments(to: tenant.servicePrincipals[0].id)
    #expect(assignments.count == 9 && assignments.prefix(3).allSatisfy { tenant.object($0.principal)?.kind == .group })
    #expect(tenant.all(.user).filter { tenant.manager(of: $0.id) != nil }.count == 54)
    let user = tenant.all(.user)[0]
    #expect(user.properties[Company.costCenter]?.string?.hasPrefix("CC-") == true)
    #expect(user.properties["onPremisesExtensionAttributes"]?["extensionAttribute1"] != nil)
    #expect(CompanyLife(seed: 1, people: -1).tenant(id: tenantId, now: start).all(.user).isEmpty)
  }

  @Test("an id that is given out is nobody's, although the company comes from the same seed")
  func ids() {
    for seed in 0..<20 as Range<UInt64> {
      let tenant = CompanyLife(seed: seed, people: 40).tenant(id: tenantId, now: start)
      var graph = SimulatedGraph(tenant: tenant, seed: seed)
      let ids = (0..<200).map { _ in graph.freshId() }
      #expect(Set(ids).count == 200 && ids.allSatisfy { tenant.object($0) == nil })
    }
  }
}
