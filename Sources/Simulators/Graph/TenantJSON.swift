import Base
import GraphModel
import JSON

/// Users, groups and assignments on the control side.
enum TenantJSON {
  /// Adds objects `[{"id", "userPrincipalName", …}]`, all or none; one without an id gets one. The answer names the ids.
  static func add(
    _ kind: TenantObject.Kind, _ json: JSONValue?, to graph: inout SimulatedGraph, _ now: Timestamp
  ) throws(ControlError) -> JSONValue {
    guard let entries = json?.array else { throw ControlError(400, "The body is no array of objects.") }
    var changed = graph
    var ids: [JSONValue] = []
    for entry in entries {
      guard var properties = entry.object else { throw ControlError(400, "An entry is no object.") }
      let id = properties["id"]?.string ?? changed.freshId()
      properties["id"] = nil
      guard changed.tenant.add(kind, id, properties, now: now) else {
        throw ControlError(409, "An id or a sign-in name is taken.")
      }
      ids.append(.string(id))
    }
    graph = changed
    return ["ids": .array(ids)]
  }

  /// Changes an object: `restore`, `remove`, `purge` by true, `manager` by an id or null, `add` and `drop` of members by
  /// ids, anything else is a property's value.
  static func change(
    _ id: String, _ json: JSONValue?, in tenant: inout Tenant, _ now: Timestamp
  ) throws(ControlError) -> JSONValue {
    guard let members = json?.object?.members else { throw ControlError(400, "The body is no object.") }
    // One change is done or not: a copy of a large tenant, to go back to, takes longer than the change itself.
    if let only = members.first, members.count == 1, only.value.array == nil {
      try carryOut(only, on: id, in: &tenant, now)
      return [:]
    }
    var changed = tenant
    for member in members { try carryOut(member, on: id, in: &changed, now) }
    tenant = changed
    return [:]
  }

  private static func carryOut(
    _ member: JSONObject.Member, on id: String, in tenant: inout Tenant, _ now: Timestamp
  ) throws(ControlError) {
    guard apply(member, to: id, in: &tenant, now) else {
      throw ControlError(409, "\(member.name) cannot be done: an object is not there, or a name is taken.")
    }
  }

  private static func apply(
    _ member: JSONObject.Member, to id: String, in tenant: inout Tenant, _ now: Timestamp
  ) -> Bool {
    let ids = member.value.array?.compactMap(\.string) ?? []
    switch member.name {
    case "restore": return tenant.restore(id, now: now)
    case "remove": return tenant.remove(id, now: now)
    case "purge": return tenant.purge(id, now: now)
    case "manager": return tenant.setManager(of: id, to: member.value.string, now: now)
    case "add": return ids.allSatisfy { tenant.addMember($0, to: id, now: now) }
    case "drop": return ids.allSatisfy { tenant.removeMember($0, from: id, now: now) }
    default: return tenant.change(id, JSONObject(present: [(member.name, member.value)]), now: now)
    }
  }

  /// Assigns `{"principal", "role"}` to the enterprise application, or to another by `servicePrincipal`; takes all of the
  /// principal's assignments away by `"remove": true`.
  static func assign(_ json: JSONValue?, in tenant: inout Tenant, _ now: Timestamp) throws(ControlError) -> JSONValue {
    guard let principal = json?["principal"]?.string else { throw .wrong("principal", "an object id") }
    guard let target = json?["servicePrincipal"]?.string ?? tenant.servicePrincipals.first?.id else {
      throw ControlError(409, "There is no enterprise application.")
    }
    let role = json?["role"]?.string ?? AppRole.defaultAccess
    let isDone =
      json?["remove"] == true
      ? tenant.unassign(principal, from: target) : tenant.assign(principal, to: target, role: role, now: now)
    guard isDone else { throw ControlError(409, "The principal is not there, or its assignment is so already.") }
    return [:]
  }
}

/// App registrations on the control side.
enum ApplicationJSON {
  /// Changes `permissions` (an array of names), `secrets` (`[{"value", "start", "end"}]`) and `federated` (`[{"issuer",
  /// "subject", "audience"}]`) of an application; times are RFC 3339 with three decimals, UTC.
  static func change(_ appId: String, _ json: JSONValue?, in tenant: inout Tenant) throws(ControlError) -> JSONValue {
    guard let place = tenant.applications.firstIndex(where: { $0.appId == appId }) else {
      throw ControlError(404, "There is no such application.")
    }
    guard let members = json?.object?.members else { throw ControlError(400, "The body is no object.") }
    var application = tenant.applications[place]
    for member in members {
      switch member.name {
      case "permissions": application.permissions = Set(try texts(member))
      case "secrets": application.secrets = try FaultsJSON.list(member.value, member.name, secret)
      case "federated": application.federated = try FaultsJSON.list(member.value, member.name, federated)
      default: throw ControlError(400, "There is no setting \(member.name) of an application.")
      }
    }
    tenant.applications[place] = application
    return [:]
  }

  private static func texts(_ member: JSONObject.Member) throws(ControlError) -> [String] {
    guard let array = member.value.array, array.allSatisfy({ $0.string != nil }) else {
      throw .wrong(member.name, "an array of names")
    }
    return array.compactMap(\.string)
  }

  private static func secret(_ json: JSONValue) throws(ControlError) -> ClientSecret {
    guard let value = json["value"]?.string, let end = json["end"]?.string.flatMap({ Timestamp($0) }) else {
      throw .wrong("secrets", "secrets with value and end, such as 2027-01-02T03:04:05.678Z")
    }
    let start = json["start"]?.string.flatMap { Timestamp($0) } ?? Timestamp(milliseconds: 0)
    return ClientSecret(
      keyId: json["keyId"]?.string ?? "secret", displayName: "secret", value: value, start: start, end: end)
  }

  private static func federated(_ json: JSONValue) throws(ControlError) -> FederatedCredential {
    guard let issuer = json["issuer"]?.string, let subject = json["subject"]?.string else {
      throw .wrong("federated", "credentials with issuer and subject")
    }
    guard let audience = json["audience"]?.string else { return FederatedCredential(issuer: issuer, subject: subject) }
    return FederatedCredential(issuer: issuer, subject: subject, audience: audience)
  }
}
