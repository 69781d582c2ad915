import Base
import JSON

/// Enterprise applications, assignments, app registrations, the organization.
extension SimulatedGraph {
  func servicePrincipal(_ key: Route.Key) throws(Refusal) -> ServicePrincipal {
    let found = tenant.servicePrincipals.first { Self.fits(key, id: $0.id, appId: $0.appId) }
    guard let found else { throw .notFound(key.text) }
    return found
  }

  func application(_ key: Route.Key) throws(Refusal) -> AppRegistration {
    let found = tenant.applications.first { Self.fits(key, id: $0.id, appId: $0.appId) }
    guard let found else { throw .notFound(key.text) }
    return found
  }

  private static func fits(_ key: Route.Key, id: String, appId: String) -> Bool {
    switch key {
    case .id(let text): text.lowercased() == id.lowercased()
    case .appId(let text): text.lowercased() == appId.lowercased()
    }
  }

  mutating func servicePrincipals(_ call: Call) throws(Refusal) -> Response {
    let all = tenant.servicePrincipals.map(\.json)
    return try few(all, "servicePrincipals", call)
  }

  mutating func applications(_ call: Call) throws(Refusal) -> Response {
    try few(tenant.applications.map(\.json), "applications", call)
  }

  /// A list that is one page.
  private mutating func few(_ all: [JSONObject], _ collection: String, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select", "$filter", "$top"])
    let filter = try call.items["$filter"].map { text throws(Refusal) in try FilterTerms(text) }
    let found = all.filter { object in filter?.hold { object[$0] } != false }
    let names = try call.selection()
    return page(collection, found.map { .object(Selection.picked($0, names)) }, next: nil, call)
  }

  mutating func assignments(_ key: Route.Key, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select", "$top", "$skiptoken"])
    let target = try servicePrincipal(key)
    let (size, start) = (try call.top(or: 100), try start(call))
    let found = tenant.assignments(to: target.id, after: start, limit: size + 1)
    let names = try call.selection()
    let entries = found.prefix(size).map { one in
      JSONValue.object(Selection.picked(one.json(target, tenant.objects[one.principal]), names))
    }
    return page("appRoleAssignments", entries, next: found.count > size ? found[size - 1].number : nil, call)
  }

  mutating func organization(_ call: Call) -> Response {
    let domain: JSONValue = [
      "name": .string(tenant.domain), "isDefault": true, "isInitial": true, "type": "Managed",
      "capabilities": "Email, OfficeCommunicationsOnline",
    ]
    return page(
      "organization",
      [
        [
          "id": .string(tenant.id), "displayName": .string(tenant.displayName), "verifiedDomains": [domain],
          "tenantType": "AAD",
        ]
      ], next: nil, call)
  }
}

extension Route.Key {
  fileprivate var text: String {
    switch self {
    case .id(let text), .appId(let text): text
    }
  }
}

extension ServicePrincipal {
  var json: JSONObject {
    JSONObject(present: [
      ("id", .string(id)), ("accountEnabled", true), ("appId", .string(appId)), ("displayName", .string(displayName)),
      ("appRoleAssignmentRequired", true), ("servicePrincipalType", "Application"),
      ("appRoles", .array(roles.map(\.json))), ("passwordCredentials", []), ("keyCredentials", []),
    ])
  }
}

extension AppRole {
  fileprivate var json: JSONValue {
    [
      "id": .string(id), "value": .string(value), "displayName": .string(displayName), "isEnabled": .bool(isEnabled),
      "description": .string(displayName), "allowedMemberTypes": ["User"], "origin": "Application",
    ]
  }
}

extension AppRegistration {
  var json: JSONObject {
    JSONObject(present: [
      ("id", .string(id)), ("appId", .string(appId)), ("displayName", .string(displayName)),
      ("passwordCredentials", .array(secrets.map(\.json))), ("keyCredentials", .array(certificates.map(\.json))),
    ])
  }
}

extension ClientSecret {
  /// The secret itself is told once, when it is made.
  fileprivate var json: JSONValue {
    [
      "customKeyIdentifier": .null, "displayName": .string(displayName), "endDateTime": .string(end.description),
      "hint": .string(String(value.prefix(3))), "keyId": .string(keyId), "secretText": .null,
      "startDateTime": .string(start.description),
    ]
  }
}

extension ClientCertificate {
  fileprivate var json: JSONValue {
    [
      "customKeyIdentifier": .string(Hex.text(sha1).uppercased()), "displayName": .string(displayName),
      "endDateTime": .string(end.description), "key": .null, "keyId": .string(keyId),
      "startDateTime": .string(start.description), "type": "AsymmetricX509Cert", "usage": "Verify",
    ]
  }
}

extension AppRoleAssignment {
  fileprivate func json(_ target: ServicePrincipal, _ object: TenantObject?) -> JSONObject {
    var random = CompanyRandom(seed: UInt64(number))
    return JSONObject(present: [
      ("id", .string(random.guid())), ("deletedDateTime", .null), ("appRoleId", .string(role)),
      ("createdDateTime", .string(created.description)),
      ("principalDisplayName", object?.properties["displayName"] ?? .null), ("principalId", .string(principal)),
      ("principalType", object?.kind == .group ? "Group" : "User"),
      ("resourceDisplayName", .string(target.displayName)), ("resourceId", .string(target.id)),
    ])
  }
}
