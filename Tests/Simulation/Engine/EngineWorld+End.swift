import Base
import GraphModel
import JSON
import Ledger
import Sealing
import Views

@testable import Provisioning

/// What must hold at the end: TeamViewer shows what scope and mapping say of the tenant as it stands.
extension EngineWorld {
  func checkEnd() throws {
    let policy = try rules.policy().policy
    let tenant = side.directory
    let roles = roles(in: tenant)
    var (present, kept): ([Wanted], Set<String>) = ([], [])
    for object in tenant.all(.user) {
      let alias = try ledger.keys.alias(of: object.id)
      var person = alias.flatMap { world.people[$0] } ?? Person(alias: alias ?? "nobody knows \(object.id)")
      person.user = user(object, policy, roles[object.id] ?? [])
      person.state = .present
      let decision = person.verdict(policy, isDuplicate: false, isChanged: true)
      guard let desired = decision.desired, desired.active else { continue }
      // What TeamViewer would not take, or may not be done, leaves the account as it is.
      if decision.action == .skip { kept.insert(person.alias) } else { present.append(wanted(person.alias, desired)) }
    }
    for (_, sharers) in Dictionary(grouping: present, by: { Address.folded($0.address) }) where sharers.count > 1 {
      throw Problem(.model, "\(sharers.count) people have one address in the tenant")
    }
    try world.checkEnd(present, kept: kept)
  }

  private func wanted(_ alias: String, _ desired: DesiredAccount) -> Wanted {
    Wanted(alias: alias, address: desired.userName, name: desired.displayName)
  }

  /// The names of the roles that people are assigned, in person or as members of a group.
  private func roles(in tenant: Tenant) -> [String: Set<String>] {
    guard let principal = tenant.servicePrincipals.first else { return [:] }
    let names = Dictionary(principal.roles.map { ($0.id, $0.value) }) { first, _ in first }
    var roles: [String: Set<String>] = [:]
    for assignment in tenant.assignments(to: principal.id) {
      let isGroup = tenant.object(assignment.principal)?.kind == .group
      let people = isGroup ? tenant.members(of: assignment.principal) : [assignment.principal]
      for id in people where tenant.object(id)?.kind == .user {
        roles[id, default: []].insert(names[assignment.role] ?? "Default Access")
      }
    }
    return roles
  }

  /// A user as the tenant holds it, read past Graph.
  private func user(_ object: TenantObject, _ policy: CyclePolicy, _ roles: Set<String>) -> DirectoryUser {
    var user = DirectoryUser(id: object.id)
    for attribute in DirectoryAttribute.standard + policy.sourceAttributes {
      let name = attribute.rawValue
      let extensions = object.properties[SourceAttribute.extensions]
      switch SourceAttribute.isExtension(name) ? extensions?[name] : object.properties[name] {
      case .string(let text)? where !text.isEmpty: user.attributes[attribute] = .text(text)
      case .bool(let flag)?: user.attributes[attribute] = .flag(flag)
      case .array(let values)?:
        let texts = values.compactMap(\.string)
        user.attributes[attribute] = texts.isEmpty ? nil : .list(texts)
      default: break
      }
    }
    if policy.sourceAttributes.contains(.appRoleAssignments), !roles.isEmpty {
      user.attributes[.appRoleAssignments] = .list(roles.sorted())
    }
    return user
  }
}
