public import Base
import JSON

/// A company that lives in its tenant: people join, move, are renamed, leave, return, and are assigned anew.
///
/// A pure value: whoever drives it says how much time has passed. Equal seeds give equal lives.
public struct CompanyLife: Sendable {
  /// The people, as the company sees them.
  public private(set) var company: Company
  /// Which group belongs to which department, and the one of all departments.
  private let departments: [(name: String, group: String)]
  private let staff: String
  private let servicePrincipal: ServicePrincipal
  private var random: CompanyRandom
  /// What is to come, the latest first.
  private var agenda: [(at: Duration, step: Step)] = []
  private var planned: Int64 = 0
  private var leavers: [(id: String, day: Int64)] = []

  /// A company on its first day; a negative number of people is none.
  public init(seed: UInt64, people: Int) {
    company = Company(seed: seed, people: people)
    var random = CompanyRandom(seed: seed ^ 0x6C69_6665)
    departments = Company.departments.map { ($0, random.guid()) }
    staff = random.guid()
    servicePrincipal = ServicePrincipal(
      id: random.guid(), appId: random.guid(), displayName: "TeamViewer",
      roles: [
        AppRole(id: random.guid(), value: "User", displayName: "User"),
        AppRole(id: random.guid(), value: "Supporter", displayName: "Supporter"),
      ])
    self.random = random
  }

  /// What can happen to somebody.
  public enum Step: Equatable, Sendable {
    /// Somebody is new; a person who comes back has another object id and the old sign-in name.
    case joined(Company.Person)
    /// Somebody's name, department or right to sign in is another.
    case changed(Company.Person)
    /// Somebody goes to the recycle bin.
    case left(String)
    /// Somebody is taken out of it again, unless the sign-in name was given away.
    case restored(String)
    /// Somebody is deleted for good 30 days later, unless restored.
    case purged(String)
    /// Somebody is assigned without a group; in which role.
    case assigned(String, role: String)
    /// Somebody's own assignment is taken away.
    case unassigned(String)
  }

  // MARK: The first day

  /// The tenant on the first day: everybody, a group for each department, and one that holds these groups. Every second
  /// department is assigned to TeamViewer as a group, and one person in ten for himself.
  public func tenant(id: String, now: Timestamp) -> Tenant {
    var tenant = Tenant(id: id)
    tenant.servicePrincipals = [servicePrincipal]
    for (name, group) in departments + [("Staff", staff)] {
      _ = tenant.add(.group, group, Self.group(name, now), now: now)
    }
    for person in company.people { join(person, &tenant, now) }
    for (_, group) in departments { _ = tenant.addMember(group, to: staff, now: now) }
    for place in stride(from: 0, to: departments.count, by: 2) {
      _ = tenant.assign(departments[place].group, to: servicePrincipal.id, now: now)
    }
    for place in stride(from: 0, to: company.people.count, by: 10) {
      let role = servicePrincipal.roles[place / 10 % servicePrincipal.roles.count].id
      _ = tenant.assign(company.people[place].id, to: servicePrincipal.id, role: role, now: now)
    }
    return tenant
  }

  private static func group(_ name: String, _ now: Timestamp) -> JSONObject {
    JSONObject(present: [
      ("displayName", .string(name)), ("description", .string("Everybody of \(name)")), ("groupTypes", []),
      ("mailEnabled", false), ("mailNickname", .string(name.filter(\.isLetter).lowercased())),
      ("securityEnabled", true), ("createdDateTime", .string(now.description)),
    ])
  }

  private func join(_ person: Company.Person, _ tenant: inout Tenant, _ now: Timestamp) {
    guard tenant.add(.user, person.id, company.properties(person), now: now), let group = group(of: person) else {
      return
    }
    // Whoever is in the department longest leads it.
    if let manager = tenant.firstMember(of: group) { _ = tenant.setManager(of: person.id, to: manager, now: now) }
    _ = tenant.addMember(person.id, to: group, now: now)
  }

  private func group(of person: Company.Person) -> String? {
    departments.first { $0.name == person.department }?.group
  }

  // MARK: Days

  /// Lets everything happen that is due once `elapsed` has passed since the first day, and says what did.
  public mutating func advance(to elapsed: Duration, in tenant: inout Tenant, now: Timestamp) -> [Step] {
    var steps: [Step] = []
    while true {
      if let due = agenda.last, due.at <= elapsed {
        agenda.removeLast()
        carryOut(due.step, &tenant, now)
        steps.append(due.step)
      } else if agenda.isEmpty && Duration.seconds(planned * 86_400) <= elapsed {
        plan(tenant)
      } else {
        return steps
      }
    }
  }

  /// Plans a day; things happen between eight and six.
  private mutating func plan(_ tenant: Tenant) {
    let changes = company.nextDay()
    var steps = (changes.joined + changes.rehired).map(Step.joined)
    steps += (changes.moved + changes.renamed + changes.disabled).map(Step.changed)
    steps += changes.removed.map { .left($0.id) } + restored() + purged() + reassigned(tenant)
    leavers += changes.removed.map { ($0.id, planned) }
    let midnight = Duration.seconds(planned * 86_400)
    agenda = steps.map { (midnight + .milliseconds(28_800_000 + random.below(36_000_000)), $0) }
    agenda.sort { $0.at > $1.at }
    planned += 1
  }

  private mutating func restored() -> [Step] {
    guard !leavers.isEmpty, random.once(in: 4) else { return [] }
    return [.restored(random.pick(leavers.map(\.id)))]
  }

  /// The recycle bin keeps for 30 days.
  private mutating func purged() -> [Step] {
    let old = leavers.filter { $0.day + 30 <= planned }.map(\.id)
    leavers.removeAll { $0.day + 30 <= planned }
    return old.map(Step.purged)
  }

  private mutating func reassigned(_ tenant: Tenant) -> [Step] {
    guard !company.people.isEmpty else { return [] }
    let own = tenant.assignments(to: servicePrincipal.id).map(\.principal)
    var steps: [Step] = [.assigned(random.pick(company.people).id, role: random.pick(servicePrincipal.roles).id)]
    let users = own.filter { tenant.object($0)?.kind == .user }
    if !users.isEmpty, random.once(in: 2) { steps.append(.unassigned(random.pick(users))) }
    return steps
  }

  private func carryOut(_ step: Step, _ tenant: inout Tenant, _ now: Timestamp) {
    switch step {
    case .joined(let person): join(person, &tenant, now)
    case .changed(let person): change(person, &tenant, now)
    case .left(let id): _ = tenant.remove(id, now: now)
    case .restored(let id): _ = tenant.restore(id, now: now)
    case .purged(let id): if !tenant.isThere(id) { _ = tenant.purge(id, now: now) }
    case .assigned(let id, let role):
      _ = tenant.assign(id, to: servicePrincipal.id, role: role, now: now)
    case .unassigned(let id): _ = tenant.unassign(id, from: servicePrincipal.id)
    }
  }

  private func change(_ person: Company.Person, _ tenant: inout Tenant, _ now: Timestamp) {
    guard tenant.change(person.id, company.properties(person), now: now), let group = group(of: person) else { return }
    for (_, other) in departments where other != group { _ = tenant.removeMember(person.id, from: other, now: now) }
    _ = tenant.addMember(person.id, to: group, now: now)
  }
}

extension Tenant {
  fileprivate func firstMember(of group: String) -> String? { memberships(of: group, limit: 1).first?.id }
}
