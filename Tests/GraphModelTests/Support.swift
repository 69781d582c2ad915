import Base
import GraphModel
import JSON
import Testing

let start = Timestamp(milliseconds: 1_767_225_600_000)
let tenantId = "11111111-2222-4333-8444-555555555555"
let clientId = "aaaaaaaa-2222-4333-8444-555555555555"
let secret = "simulated-secret"

/// A tenant with an application that may read everything.
func emptyTenant() -> Tenant {
  var tenant = Tenant(id: tenantId)
  var application = AppRegistration(id: "app-object", appId: clientId, displayName: "Ledger")
  application.permissions = AppRegistration.readingPermissions
  application.secrets = [
    ClientSecret(keyId: "k1", displayName: "first", value: secret, start: start, end: start + .seconds(86_400 * 365))
  ]
  tenant.applications = [application]
  tenant.servicePrincipals = [
    ServicePrincipal(
      id: "sp1", appId: "sp-app", displayName: "TeamViewer",
      roles: [AppRole(id: "role1", value: "Supporter", displayName: "Supporter")])
  ]
  return tenant
}

/// A user's properties.
func properties(_ name: String, _ more: [(String, JSONValue)] = []) -> JSONObject {
  JSONObject(
    present: [
      ("userPrincipalName", .string("\(name)@contoso.example")), ("displayName", .string(name)),
      ("accountEnabled", true),
    ] + more)
}

/// Whoever reads a simulated Graph, with a token.
struct Reader {
  var graph: SimulatedGraph
  var token = ""
  var now = start

  init(_ tenant: Tenant, _ change: (inout SimulatedGraph.Settings) -> Void = { _ in }) throws {
    var settings = SimulatedGraph.Settings()
    (settings.replays, settings.emptyPages) = (0, 0)
    change(&settings)
    graph = SimulatedGraph(tenant: tenant, settings: settings)
    try renew()
  }

  /// Asks for another token.
  mutating func renew() throws {
    let answer = post(Form.secret())
    token = try #require(answer.json?["access_token"]?.string)
  }

  mutating func post(
    _ form: [(String, String)], tenant: String = tenantId, headers: [String: String] = [:],
    verify: SimulatedGraph.SignatureCheck = { _, _, _, _ in true }
  ) -> SimulatedGraph.Response {
    let body = form.map { "\(PercentEncoding.encode($0.0))=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
    let request = SimulatedGraph.Request(
      "POST", "/\(tenant)/oauth2/v2.0/token", headers: headers, body: Array(body.utf8))
    return graph.answer(request, now: now, verify: verify)
  }

  func request(_ link: String, _ headers: [String: String] = [:]) -> SimulatedGraph.Request {
    let path = link.hasPrefix("http://127.0.0.1") ? String(link.dropFirst("http://127.0.0.1".count)) : "/v1.0" + link
    let parts = path.split(separator: "?", maxSplits: 1).map(String.init)
    return SimulatedGraph.Request(
      "GET", parts[0], query: parts.count > 1 ? parts[1] : "",
      headers: headers.merging(["authorization": "Bearer \(token)"]) { mine, _ in mine })
  }

  mutating func get(_ link: String, _ headers: [String: String] = [:]) -> SimulatedGraph.Response {
    graph.answer(request(link, headers), now: now)
  }

  /// The answer's error code.
  mutating func code(_ link: String, _ headers: [String: String] = [:]) -> String? {
    get(link, headers).json?["error"]?["code"]?.string
  }

  /// All entries from a link on, and the deltaLink at the end.
  mutating func pages(_ link: String, _ headers: [String: String] = [:]) throws -> (all: [[JSONValue]], end: String?) {
    var (pages, next): ([[JSONValue]], String?) = ([], link)
    while let link = next {
      let answer = get(link, headers)
      try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
      pages.append(try #require(answer.json?["value"]?.array))
      next = answer.json?["@odata.nextLink"]?.string
      if let end = answer.json?["@odata.deltaLink"]?.string { return (pages, end) }
    }
    return (pages, nil)
  }

  mutating func entries(_ link: String, _ headers: [String: String] = [:]) throws -> [JSONValue] {
    try pages(link, headers).all.flatMap(\.self)
  }
}

/// Forms of the token endpoint.
enum Form {
  static let base = [
    ("grant_type", "client_credentials"), ("client_id", clientId), ("scope", "https://graph.microsoft.com/.default"),
  ]

  static func secret(_ value: String = GraphModelTests.secret) -> [(String, String)] {
    base + [("client_secret", value)]
  }

  static func replacing(_ name: String, _ value: String?) -> [(String, String)] {
    secret().filter { $0.0 != name } + (value.map { [(name, $0)] } ?? [])
  }
}

extension [JSONValue] {
  var ids: [String] { compactMap { $0["id"]?.string } }
}
