import Base
import JSON

/// Microsoft Graph, version 1.0.
extension SimulatedGraph {
  mutating func graph(_ request: Request, _ now: Timestamp) -> Response {
    var response: Response
    do throws(Refusal) {
      response = try carryOut(request, now)
    } catch { response = refuse(error, request, now) }
    response.headers["request-id"] = response.headers["request-id"] ?? random.guid()
    response.headers["client-request-id"] = request.headers["client-request-id"]
    return response
  }

  /// An error in Graph's shape (Microsoft Graph, "Microsoft Graph error responses and resource types").
  mutating func refuse(_ refusal: Refusal, _ request: Request, _ now: Timestamp) -> Response {
    let id = random.guid()
    let own = request.headers["client-request-id"] ?? id
    let inner: JSONValue = [
      "date": .string(String(now.description.prefix(19))), "request-id": .string(id), "client-request-id": .string(own),
    ]
    var headers = refusal.headers
    headers["request-id"] = id
    return Response(
      status: refusal.status, headers: headers,
      ["error": ["code": .string(refusal.code), "message": .string(refusal.message), "innerError": inner]])
  }

  private mutating func carryOut(_ request: Request, _ now: Timestamp) throws(Refusal) -> Response {
    let grant = try grant(of: request, now)
    guard let route = Route(request.path) else {
      throw Refusal(
        400, "BadRequest", "Resource not found for the segment '\(Route.segments(request.path).last ?? "")'.")
    }
    guard request.method == "GET" else {
      throw Refusal(405, "Request_BadRequest", "The simulator answers GET only; change the tenant on its control side.")
    }
    let call = Call(request: request, route: route, grant: grant, now: now, items: FormItems(request.query))
    let headers = try pace(call)
    guard !grant.roles.isDisjoint(with: Permission.sufficient(for: route)) else { throw .denied }
    var response = try answer(call)
    response.headers.merge(headers) { mine, _ in mine }
    return response
  }

  private func grant(of request: Request, _ now: Timestamp) throws(Refusal) -> Grant {
    guard let header = request.headers["authorization"], header.lowercased().hasPrefix("bearer ") else {
      throw .invalidToken("Access token is empty.")
    }
    guard let grant = grants[header.dropFirst("bearer ".count).trimmingSpaces] else {
      throw .invalidToken("IDX14100: JWT is not well formed, or its signature is not valid.")
    }
    guard grant.end > now else { throw .invalidToken("Lifetime validation failed, the token is expired.") }
    return grant
  }

  private mutating func answer(_ call: Call) throws(Refusal) -> Response {
    switch call.route {
    case .list(let kind): try list(kind, call)
    case .delta(let kind): try delta(kind, call)
    case .object(let kind, let id): try object(kind, id, call)
    case .manager(let id): try manager(id, call)
    case .members(let id, let kind): try members(id, kind, call)
    case .deletedUsers: try deletedUsers(call)
    case .servicePrincipals: try servicePrincipals(call)
    case .servicePrincipal(let key): try one(servicePrincipal(key).json, "servicePrincipals", call)
    case .assignments(let key): try assignments(key, call)
    case .applications: try applications(call)
    case .application(let key): try one(application(key).json, "applications", call)
    case .organization: organization(call)
    }
  }

  // MARK: Shapes

  private static let type =
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

  static func ok(_ json: JSONValue) -> Response { Response(status: 200, type: type, json) }

  private func one(_ object: JSONObject, _ collection: String, _ call: Call) throws(Refusal) -> Response {
    try call.refuseOptions(but: ["$select"])
    return Self.entity(Selection.picked(object, try call.selection()), collection, call)
  }

  static func entity(_ object: JSONObject, _ collection: String, _ call: Call) -> Response {
    var whole = JSONObject()
    whole["@odata.context"] = call.context("\(collection)/$entity")
    for member in object.members { whole[member.name] = member.value }
    return ok(.object(whole))
  }

  /// A page of a list; `next` is where the following one begins.
  mutating func page(
    _ collection: String, _ entries: [JSONValue], next: Int?, count: Int? = nil, _ call: Call
  ) -> Response {
    var page = JSONObject()
    page["@odata.context"] = call.context(collection)
    page["@odata.count"] = count.map { .integer(Int64($0)) }
    if let next {
      let token: JSONValue = [.integer(Int64(next)), .integer(call.now.milliseconds)]
      let text = OpaqueText.seal(Array(token.text.utf8), nonce: random.next())
      page["@odata.nextLink"] = .string(call.nextLink(text))
    }
    page["value"] = .array(entries)
    return Self.ok(.object(page))
  }

  /// Where a page of a list begins, from 0.
  func start(_ call: Call) throws(Refusal) -> Int {
    guard let token = call.items["$skiptoken"] else { return 0 }
    guard let bytes = OpaqueText.open(token), let parts = try? JSONParser.parse(bytes).array, parts.count == 2,
      let next = parts[0].integer, let issued = parts[1].integer
    else { throw Refusal(400, "Request_BadRequest", "The skip token is malformed.") }
    guard call.now.milliseconds - Int64(issued) < settings.pageTokenSeconds * 1000 else { throw .expiredPage }
    return next
  }
}
