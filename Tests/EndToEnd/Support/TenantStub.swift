import NetworkSupport
import Synchronization

/// As much of Microsoft's sign-in and Graph as cycles read: users with deltas whose links end, one assigned group.
final class TenantStub: Sendable {
  static let secret = "graph-5c2e-secret"
  private static let page = 5

  private struct State {
    var people: [Export.Person] = []
    /// What changed, in order: an object, or how somebody was removed.
    var changes: [String] = []
    /// DeltaLinks before this one have ended.
    var ended = 0
    var refused: [String: ScriptedServer.Answer] = [:]
  }

  private let state: Mutex<State>

  private init(_ people: [Export.Person]) { state = Mutex(State(people: people)) }

  /// A tenant of some people as long as `body` runs, which is given it and its address.
  static func serving<Result: Sendable>(
    _ people: [Export.Person], _ body: @Sendable @escaping (TenantStub, String) async throws -> Result
  ) async throws -> Result {
    let tenant = TenantStub(people)
    return try await ScriptedServer.serving {
      tenant.answer($0)
    } _: { _, port in
      try await body(tenant, "http://127.0.0.1:\(port)")
    }
  }

  /// Puts somebody in, or changes them.
  func put(_ person: Export.Person) {
    state.withLock { state in
      state.people.removeAll { $0.id == person.id }
      state.people.append(person)
      state.changes.append(Self.object(person))
    }
  }

  /// Removes somebody; `isListed` tells whether the delta says so.
  func remove(_ id: String, isListed: Bool = true) {
    state.withLock { state in
      state.people.removeAll { $0.id == id }
      if isListed { state.changes.append(#"{"id":"\#(id)","@removed":{"reason":"changed"}}"#) }
    }
  }

  /// Ends all deltaLinks that were given out.
  func expire() {
    state.withLock { state in
      // The next round begins behind all that has ended.
      if let person = state.people.first { state.changes.append(Self.object(person)) }
      state.ended = state.changes.count
    }
  }

  /// Answers a path in another way.
  func refuse(_ path: String, with answer: ScriptedServer.Answer?) { state.withLock { $0.refused[path] = answer } }

  // MARK: Answers

  private func answer(_ request: ScriptedServer.Request) -> ScriptedServer.Answer {
    let path = String(request.target.prefix { $0 != "?" })
    let query = String(request.target.dropFirst(path.count + 1))
    if let refused = state.withLock({ $0.refused[path] }) { return refused }
    if path == "/contoso/oauth2/v2.0/token" { return Self.token(request.body) }
    guard request.headers["authorization"] == "Bearer graph-token" else {
      return Self.error(401, "InvalidAuthenticationToken")
    }
    let origin = "http://\(request.headers["host"] ?? "")"
    switch path {
    case "/v1.0/users/delta": return state.withLock { Self.users($0, query, "\(origin)\(path)") }
    case "/v1.0/organization": return list([#"{"displayName":"Contoso"}"#])
    case "/v1.0/servicePrincipals(appId='app')": return .init(200, #"{"id":"sp","appRoles":[]}"#)
    case "/v1.0/servicePrincipals(appId='app')/appRoleAssignedTo":
      return list([
        #"{"principalType":"Group","principalId":"g","appRoleId":"00000000-0000-0000-0000-000000000000"}"#
      ])
    case "/v1.0/groups/delta":
      let group = query.contains("$deltatoken") ? "" : #"{"id":"g","members@delta":[{"id":"m"}]}"#
      return Self.page([group], "deltaLink", "\(origin)\(path)?$deltatoken=1")
    case "/v1.0/applications(appId='app')":
      return .init(200, #"{"passwordCredentials":[{"endDateTime":"2099-01-01T00:00:00Z"}]}"#)
    default: return Self.error(404, "Request_ResourceNotFound")
    }
  }

  private static func token(_ body: String) -> ScriptedServer.Answer {
    guard body.contains("client_secret=\(secret)") || body.contains("client_assertion=") else {
      return .init(401, #"{"error":"invalid_client","error_codes":[7000215]}"#)
    }
    return .init(200, #"{"token_type":"Bearer","expires_in":3599,"access_token":"graph-token"}"#)
  }

  /// `$deltatoken=N`: what changed from there on; `$skiptoken=N-M`: everybody from a place on, as of M changes.
  private static func users(_ state: State, _ query: String, _ path: String) -> ScriptedServer.Answer {
    let numbers = query.drop { $0 != "=" }.dropFirst().split(separator: "-").compactMap { Int($0) }
    if query.hasPrefix("$deltatoken=") {
      guard let mark = numbers.first, mark >= state.ended else {
        return error(400, "Request_UnsupportedQuery", "DeltaLink older than 30 days is not supported")
      }
      return page(state.changes.dropFirst(mark), "deltaLink", "\(path)?$deltatoken=\(state.changes.count)")
    }
    let (start, mark) = numbers.count == 2 ? (numbers[0], numbers[1]) : (0, state.changes.count)
    let part = state.people.dropFirst(start).prefix(Self.page).map(object)
    let end = start + Self.page
    return end < state.people.count
      ? page(part[...], "nextLink", "\(path)?$skiptoken=\(end)-\(mark)")
      : page(part[...], "deltaLink", "\(path)?$deltatoken=\(mark)")
  }

  private static func object(_ person: Export.Person) -> String {
    #"{"id":"\#(person.id)","userPrincipalName":"\#(person.address)","displayName":"\#(person.name)","mail":"\#(person.address)","accountEnabled":\#(person.isEnabled)}"#
  }

  private static func page(_ objects: ArraySlice<String>, _ name: String, _ link: String) -> ScriptedServer.Answer {
    .init(200, #"{"@odata.\#(name)":"\#(link)","value":[\#(objects.joined(separator: ","))]}"#)
  }

  private func list(_ objects: [String]) -> ScriptedServer.Answer {
    .init(200, #"{"value":[\#(objects.joined(separator: ","))]}"#)
  }

  private static func error(_ status: Int, _ code: String, _ message: String = "x") -> ScriptedServer.Answer {
    .init(status, #"{"error":{"code":"\#(code)","message":"\#(message)"}}"#)
  }
}

extension Stage {
  /// Points the ledger at a tenant, with its secret in a file.
  func connect(to tenant: String) throws {
    try write("graph.secret", "\(TenantStub.secret)\n")
    try configure("tenant: \"\"", "tenant: contoso")
    try configure("client: \"\"", "client: app")
    try configure("secret:\n      environment: \"\"\n      file: \"\"", "secret:\n      file: \(folder)/graph.secret")
    try configure("https://login.microsoftonline.com", tenant)
    try configure("https://graph.microsoft.com", tenant)
  }
}
