import Base
import JSON

/// Users, groups, members, managers, the recycle bin.
extension SimulatedGraph {
  private static let listOptions: Set<String> = ["$select", "$filter", "$top", "$count", "$skiptoken"]

  mutating func list(_ kind: TenantObject.Kind, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: Self.listOptions)
    let names = try selected(kind, call)
    let filter = try call.items["$filter"].map { text throws(Refusal) in try FilterTerms(text) }
    let size = try call.top(or: Int(settings.pageSize))
    let start = try start(call)
    let count = try call.wantsCount() && start == 0 ? tenant.all(kind).count : nil
    let order = tenant.order[kind, default: []]
    var (entries, place): ([JSONValue], Int) = ([], start)
    while place < order.count, entries.count < size {
      if let object = tenant.object(order[place]), filter?.hold({ object[$0] }) != false {
        entries.append(.object(Selection.object(object, names, withNulls: true)))
      }
      place += 1
    }
    return page(collection(kind, call), entries, next: place < order.count ? place : nil, count: count, call)
  }

  private func collection(_ kind: TenantObject.Kind, _ call: Call) -> String {
    "\(kind.rawValue)s" + (call.items["$select"].map { "(\($0))" } ?? "")
  }

  /// The selected properties; what lives outside the directory cannot be listed.
  private func selected(_ kind: TenantObject.Kind, _ call: Call) throws(Refusal) -> [String] {
    let names = try call.selection(of: kind)
    if let name = names.first(where: Selection.outside.contains) {
      throw Refusal(501, "NotImplemented", "The property '\(name)' is not supported in this request.")
    }
    return names.isEmpty ? Selection.standard(kind) : names.filter { $0 != "manager" && $0 != "members" }
  }

  mutating func object(_ kind: TenantObject.Kind, _ key: String, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select"])
    let id = tenant.signInNames[key.lowercased()] ?? key
    guard let object = tenant.object(id), object.kind == kind else { throw .notFound(key) }
    let answer = Selection.object(object, try selected(kind, call), withNulls: true)
    return Self.entity(answer, collection(kind, call), call)
  }

  mutating func manager(_ user: String, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select"])
    let id = tenant.signInNames[user.lowercased()] ?? user
    guard tenant.object(id)?.kind == .user else { throw .notFound(user) }
    guard let manager = tenant.manager(of: id).flatMap({ tenant.object($0) }) else { throw .notFound("manager") }
    var answer = Self.typed(manager)
    for member in Selection.object(manager, try selected(.user, call), withNulls: true).members {
      answer[member.name] = member.value
    }
    return Self.entity(answer, "directoryObjects", call)
  }

  mutating func members(_ group: String, _ kind: TenantObject.Kind?, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: Self.listOptions.subtracting(["$filter"]))
    guard tenant.object(group)?.kind == .group else { throw .notFound(group) }
    let wantsCount = try call.wantsCount()
    guard kind == nil || wantsCount else {
      throw .unsupported("A cast needs $count=true and the header ConsistencyLevel: eventual.")
    }
    let (size, start) = (try call.top(or: Int(settings.pageSize)), try start(call))
    let all = tenant.memberships(of: group, after: start - 1)
      .filter { kind == nil || tenant.objects[$0.id]?.kind == kind }
    var entries: [JSONValue] = []
    for member in all.prefix(size) { entries.append(try entry(member.id, call)) }
    return page(
      "directoryObjects", entries, next: all.count > size ? all[size].since : nil,
      count: wantsCount && start == 0 ? all.count : nil, call)
  }

  /// A member; whoever may not read users sees its id and its type (Microsoft Graph, "Permissions reference", limited
  /// information returned for inaccessible member objects).
  private func entry(_ id: String, _ call: Call) throws(Refusal) -> JSONValue {
    guard var object = tenant.object(id) else { return .null }
    let names = try call.selection().isEmpty ? Selection.standard(object.kind) : try call.selection()
    if object.kind == .user && call.grant.roles.isDisjoint(with: Permission.users) { object.properties = JSONObject() }
    var entry = Self.typed(object)
    for member in Selection.object(object, names, withNulls: true).members { entry[member.name] = member.value }
    return .object(entry)
  }

  private static func typed(_ object: TenantObject) -> JSONObject {
    JSONObject(present: [("@odata.type", .string(object.kind.typeName))])
  }

  mutating func deletedUsers(_ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select", "$top", "$skiptoken", "$count"])
    let names = try selected(.user, call) + ["deletedDateTime"]
    let (size, start) = (try call.top(or: Int(settings.pageSize)), try start(call))
    let order = tenant.order[.user, default: []]
    var (entries, place): ([JSONValue], Int) = ([], start)
    while place < order.count, entries.count < size {
      if let user = tenant.objects[order[place]], user.deleted != nil {
        entries.append(.object(Selection.object(user.inRecycleBin, names, withNulls: true)))
      }
      place += 1
    }
    return page("directoryObjects", entries, next: place < order.count ? place : nil, call)
  }
}

extension TenantObject {
  subscript(name: String) -> JSONValue? { name == "id" ? .string(id) : properties[name] }

  /// As the recycle bin shows it: the sign-in name is free again, so that the id stands before it.
  fileprivate var inRecycleBin: TenantObject {
    var object = self
    object.properties["deletedDateTime"] = deleted.map { .string("\($0.description.prefix(19))Z") }
    if let name = properties["userPrincipalName"]?.string {
      object.properties["userPrincipalName"] = .string(id.filter { $0 != "-" } + name)
    }
    return object
  }
}
