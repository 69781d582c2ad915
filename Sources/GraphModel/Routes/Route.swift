import Base

/// What a path under `/v1.0` names.
enum Route: Equatable {
  case list(TenantObject.Kind)
  case delta(TenantObject.Kind)
  case object(TenantObject.Kind, String)
  case manager(String)
  case members(String, TenantObject.Kind?)
  case deletedUsers
  case servicePrincipals
  case servicePrincipal(Key)
  case assignments(Key)
  case applications
  case application(Key)
  case organization

  /// How an application is named: by its object id, or by its client id.
  enum Key: Equatable {
    case id(String)
    case appId(String)
  }

  init?(_ path: String) {
    let segments = Self.segments(path).dropFirst()
    switch (segments.count, segments.first ?? "") {
    case (1, "users"): self = .list(.user)
    case (1, "groups"): self = .list(.group)
    case (1, "organization"): self = .organization
    case (2..., "users"): self.init(segments.dropFirst().map(\.self), of: .user)
    case (2..., "groups"): self.init(segments.dropFirst().map(\.self), of: .group)
    case (3, "directory"):
      guard Array(segments.dropFirst()) == ["deletedItems", "microsoft.graph.user"] else { return nil }
      self = .deletedUsers
    default: self.init(applications: Array(segments))
    }
  }

  private init?(_ rest: [String], of kind: TenantObject.Kind) {
    switch (kind, rest.count, rest[rest.count - 1]) {
    case (_, 1, "delta"), (_, 1, "delta()"), (_, 1, "microsoft.graph.delta()"): self = .delta(kind)
    case (_, 1, let id): self = .object(kind, id)
    case (.user, 2, "manager"): self = .manager(rest[0])
    case (.group, 2, "members"): self = .members(rest[0], nil)
    case (.group, 3, "microsoft.graph.user"): self = .members(rest[0], .user)
    case (.group, 3, "microsoft.graph.group"): self = .members(rest[0], .group)
    default: return nil
    }
    if rest.count == 3 && rest[1] != "members" { return nil }
  }

  private init?(applications segments: [String]) {
    guard let head = segments.first else { return nil }
    let appId = head.split(separator: "(", maxSplits: 1).last.flatMap { text -> String? in
      text.hasPrefix("appId='") && text.hasSuffix("')") ? String(text.dropFirst(7).dropLast(2)) : nil
    }
    let rest = Array(segments.dropFirst())
    let key = appId.map(Key.appId) ?? rest.first.map(Key.id)
    let tail = appId == nil ? Array(rest.dropFirst()) : rest
    switch (head.prefix { $0 != "(" }, key, tail) {
    case ("servicePrincipals", nil, []): self = .servicePrincipals
    case ("servicePrincipals", let key?, []): self = .servicePrincipal(key)
    case ("servicePrincipals", let key?, ["appRoleAssignedTo"]): self = .assignments(key)
    case ("applications", nil, []): self = .applications
    case ("applications", let key?, []): self = .application(key)
    default: return nil
    }
  }

  /// The path without what differs from object to object, as scripts and logs name it.
  var template: String {
    switch self {
    case .list(let kind): "/\(kind.rawValue)s"
    case .delta(let kind): "/\(kind.rawValue)s/delta"
    case .object(let kind, _): "/\(kind.rawValue)s/{id}"
    case .manager: "/users/{id}/manager"
    case .members: "/groups/{id}/members"
    case .deletedUsers: "/directory/deletedItems"
    case .servicePrincipals: "/servicePrincipals"
    case .servicePrincipal: "/servicePrincipals/{id}"
    case .assignments: "/servicePrincipals/{id}/appRoleAssignedTo"
    case .applications: "/applications"
    case .application: "/applications/{id}"
    case .organization: "/organization"
    }
  }

  /// The template of any path that the simulator knows; its own for one that it does not know.
  static func template(_ path: String) -> String {
    if let route = segments(path).first == "v1.0" ? Route(path) : nil { return route.template }
    if path.hasSuffix("/token") { return "/token" }
    return path.hasSuffix("/.well-known/openid-configuration") ? "/openid-configuration" : path
  }

  static func segments(_ path: String) -> [String] {
    path.split(separator: "/").map { PercentEncoding.decode($0) ?? String($0) }
  }
}
