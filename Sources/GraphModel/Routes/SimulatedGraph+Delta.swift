import Base
import JSON

/// `/users/delta` and `/groups/delta` (Microsoft Graph, "Use delta query to track changes in Microsoft Graph data").
extension SimulatedGraph {
  /// As many ids a filter may name.
  private static let idLimit = 50

  mutating func delta(_ kind: TenantObject.Kind, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select", "$filter", "$skiptoken", "$deltatoken"])
    let end = tenant.history.end(at: call.now + .seconds(-settings.replicationSeconds))
    var cursor = try self.cursor(kind, call, to: end)
    if call.items["$deltatoken"] == "latest" {
      cursor.isLink = true
      cursor.from = cursor.to
      return answer(DeltaPage(next: cursor), cursor, call)
    }
    if CompanyRandom.holds(settings.emptyPages, &random) { return answer(DeltaPage(next: cursor), cursor, call) }
    let round = DeltaRound(
      tenant: tenant, cursor: cursor, size: call.preferredSize ?? max(1, Int(settings.pageSize)),
      slice: max(1, Int(settings.memberSlice)), showsRemoved: settings.showsRemoved)
    var page = round.page()
    if !page.entries.isEmpty, CompanyRandom.holds(settings.replays, &random) {
      page.entries.append(random.pick(page.entries))
    }
    return answer(page, cursor, call)
  }

  /// Where this page begins.
  private func cursor(_ kind: TenantObject.Kind, _ call: Call, to end: Int) throws(Refusal) -> DeltaCursor {
    let link = call.items["$deltatoken"].flatMap { $0.isEmpty || $0 == "latest" ? nil : $0 }
    guard let token = call.items["$skiptoken"] ?? link else {
      var query = DeltaCursor.Query(kind: kind, select: try call.selection(of: kind))
      query.ids = try ids(call)
      return DeltaCursor(query: query, to: end, issued: call.now)
    }
    guard let cursor = DeltaCursor(token: token), cursor.query.kind == kind, cursor.isLink == (link != nil) else {
      throw Refusal(400, "Request_BadRequest", "Badly formed token.")
    }
    let age = call.now - cursor.issued
    guard cursor.isLink else {
      guard age < .seconds(settings.pageTokenSeconds) else { throw .expiredPage }
      return cursor
    }
    guard age < .seconds(settings.deltaTokenSeconds), cursor.to >= tenant.history.start else {
      throw .expired(settings.expiry, Self.beginning(cursor.query, call))
    }
    return cursor.round(to: end, isMinimal: call.isMinimal)
  }

  private func ids(_ call: Call) throws(Refusal) -> [String] {
    guard let filter = call.items["$filter"] else { return [] }
    guard let ids = try FilterTerms(filter).values(of: "id"), ids.count <= Self.idLimit else {
      throw .unsupported("A delta query is filtered by at most \(Self.idLimit) ids, joined by or.")
    }
    return ids
  }

  /// The address at which a reader begins anew, with an empty token.
  static func beginning(_ query: DeltaCursor.Query, _ call: Call) -> String {
    let select = query.select.isEmpty ? "" : "$select=\(query.select.joined(separator: ","))&"
    let ids = query.ids.map { "id%20eq%20'\($0)'" }.joined(separator: "%20or%20")
    let filter = ids.isEmpty ? "" : "$filter=\(ids)&"
    return "\(call.request.origin)/v1.0\(call.route.template)?\(select)\(filter)$deltatoken="
  }

  private mutating func answer(_ page: DeltaPage, _ cursor: DeltaCursor, _ call: Call) -> Response {
    var next = page.next
    next.issued = call.now
    let select = cursor.query.select.isEmpty ? "" : "(\(cursor.query.select.joined(separator: ",")))"
    let (name, option) = next.isLink ? ("@odata.deltaLink", "$deltatoken") : ("@odata.nextLink", "$skiptoken")
    var answer = JSONObject()
    answer["@odata.context"] = call.context("\(cursor.query.kind.rawValue)s\(select)")
    answer[name] = .string(
      "\(call.request.origin)/v1.0\(call.route.template)?\(option)=\(next.token(random.next()))")
    answer["value"] = .array(page.entries)
    return Self.ok(.object(answer))
  }
}

extension CompanyRandom {
  /// True with a probability of 0 to 1; below 1 always false now and then, so that no round is endless.
  static func holds(_ probability: Double, _ random: inout CompanyRandom) -> Bool {
    probability > 0 && Double(random.next() >> 11) * 0x1p-53 < min(probability, 0.9)
  }
}
