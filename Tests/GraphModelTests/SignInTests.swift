import Base
import Foundation
import GraphModel
import JSON
import Testing

@Suite("Graph: sign-in")
struct SignInTests {
  static let type = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")

  /// What is wrong with a request, and how it is refused.
  struct Wrong: CustomTestStringConvertible, Sendable {
    var name: String
    var form: [(String, String)] = Form.secret()
    var tenant = tenantId
    var status: Int
    var error: String
    var code: Int
    var testDescription: String { name }
  }

  static let wrong = [
    Wrong(name: "tenant", tenant: "fabrikam.example", status: 400, error: "invalid_request", code: 90002),
    Wrong(
      name: "client", form: Form.replacing("client_id", "x"), status: 400, error: "unauthorized_client", code: 700_016),
    Wrong(name: "secret", form: Form.secret("other"), status: 401, error: "invalid_client", code: 7_000_215),
    Wrong(name: "expired", form: Form.secret("old"), status: 401, error: "invalid_client", code: 7_000_222),
    Wrong(name: "no credential", form: Form.base, status: 401, error: "invalid_client", code: 7_000_216),
    Wrong(
      name: "grant type", form: Form.replacing("grant_type", "password"), status: 400, error: "unsupported_grant_type",
      code: 70003),
    Wrong(
      name: "no client", form: Form.replacing("client_id", nil), status: 400, error: "invalid_request", code: 900_144),
    Wrong(name: "no scope", form: Form.replacing("scope", nil), status: 400, error: "invalid_request", code: 900_144),
    Wrong(
      name: "scope", form: Form.replacing("scope", "https://graph.microsoft.com/User.Read"), status: 400,
      error: "invalid_scope", code: 1_002_012),
    Wrong(
      name: "two scopes", form: Form.replacing("scope", "a/.default b/.default"), status: 400, error: "invalid_scope",
      code: 70011),
    Wrong(
      name: "resource", form: Form.replacing("scope", "https://vault.example/.default"), status: 400,
      error: "invalid_resource", code: 500_011),
    Wrong(
      name: "assertion", form: Form.base + [type, ("client_assertion", "no.jwt")], status: 400,
      error: "invalid_request",
      code: 50027),
  ]

  @Test("what is wrong is told by an AADSTS code in the documented shape", arguments: wrong)
  func refusals(wrong: Wrong) throws {
    var tenant = emptyTenant()
    tenant.applications[0].secrets.append(
      ClientSecret(keyId: "k0", displayName: "old", value: "old", start: start, end: start))
    var reader = try Reader(tenant)
    let answer = reader.post(wrong.form, tenant: wrong.tenant, headers: ["client-request-id": "own"])
    let json = try #require(answer.json)
    #expect(answer.status == wrong.status && json["error"]?.string == wrong.error)
    #expect(json["error_codes"] == [.integer(Int64(wrong.code))] && json["correlation_id"] == "own")
    #expect(json["timestamp"] == "2026-01-01 00:00:00Z" && json["trace_id"]?.string?.count == 36)
    let text = try #require(json["error_description"]?.string)
    #expect(text.hasPrefix("AADSTS\(wrong.code): ") && text.contains("Correlation ID: own Timestamp: 2026-01-01"))
    #expect(json["error_uri"]?.string?.hasSuffix("/error?code=\(wrong.code)") == true)
  }

  @Test("a secret gives a token, in the form or in the header; the tenant's domain will do")
  func secrets() throws {
    var reader = try Reader(emptyTenant()) { $0.accessTokenSeconds = 60 }
    let answer = reader.post(Form.secret(), tenant: "Contoso.example")
    #expect(answer.status == 200 && answer.json?["token_type"] == "Bearer" && answer.json?["expires_in"] == 60)
    #expect(answer.headers["cache-control"] == "no-store, no-cache")
    let basic = Data("\(clientId):\(secret)".utf8).base64EncodedString()
    let form = Form.base.filter { $0.0 != "client_id" }
    #expect(reader.post(form, headers: ["authorization": "Basic \(basic)"]).status == 200)
  }

  @Test("discovery names the endpoints of this tenant, and no other's")
  func discovery() throws {
    let graph = try Reader(emptyTenant()).graph
    func ask(_ name: String) -> SimulatedGraph.Response {
      var graph = graph
      return graph.answer(.init("GET", "/\(name)/v2.0/.well-known/openid-configuration"), now: start)
    }
    let json = try #require(ask(tenantId).json)
    #expect(json["token_endpoint"]?.string == "http://127.0.0.1/\(tenantId)/oauth2/v2.0/token")
    #expect(json["issuer"]?.string == "http://127.0.0.1/\(tenantId)/v2.0")
    #expect(ask("other").json?["error_codes"] == [90002])
  }

  // MARK: Assertions

  private static func encode(_ json: JSONValue) -> String {
    let text = Data(json.text.utf8).base64EncodedString()
    return text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  static func assertion(_ change: (inout JSONObject, inout JSONObject) -> Void = { _, _ in }) -> [(String, String)] {
    var head = JSONObject(present: [("alg", "PS256"), ("typ", "JWT"), ("x5t#S256", "AQID")])
    let seconds = start.milliseconds / 1000
    var claims = JSONObject(present: [
      ("iss", .string(clientId)), ("sub", .string(clientId)), ("jti", "1"), ("nbf", .integer(seconds)),
      ("exp", .integer(seconds + 600)),
      ("aud", .string("https://login.microsoftonline.com/\(tenantId)/oauth2/v2.0/token")),
    ])
    change(&head, &claims)
    let text = "\(encode(.object(head))).\(encode(.object(claims))).AQID"
    return Form.base + [type, ("client_assertion", text)]
  }

  static func certified(end: Timestamp = start + .seconds(60)) -> Tenant {
    var tenant = emptyTenant()
    tenant.applications[0].certificates = [
      ClientCertificate(
        keyId: "c1", displayName: "cert", sha1: [9, 9], sha256: [1, 2, 3], publicKey: [4], start: start, end: end)
    ]
    tenant.applications[0].federated = [FederatedCredential(issuer: "https://issuer.example", subject: "sub")]
    return tenant
  }

  @Test("an assertion is taken when certificate, claims and signature are right")
  func assertions() throws {
    var reader = try Reader(Self.certified())
    let answer = reader.post(Self.assertion()) { certificate, algorithm, message, signature in
      certificate.keyId == "c1" && algorithm == "PS256" && message.contains(UInt8(ascii: "."))
        && signature == [1, 2, 3]
    }
    #expect(answer.status == 200)
    #expect(reader.post(Self.assertion { head, _ in (head["x5t"], head["x5t#S256"]) = ("CQk", nil) }).status == 200)
    #expect(
      reader.post(Self.assertion { _, claims in claims["aud"] = .string("http://127.0.0.1/\(tenantId)/v2.0") }).status
        == 200)
    let fraction = JSONValue.decimal("\(start.milliseconds / 1000 + 600).25")
    #expect(reader.post(Self.assertion { _, claims in claims["exp"] = fraction }).status == 200)
  }

  static let refused: [(String, Int, [(String, String)])] = [
    ("unknown key", 700_027, assertion { head, _ in head["x5t#S256"] = "AQIE" }),
    ("lifetime", 700_024, assertion { _, claims in claims["exp"] = .integer(start.milliseconds / 1000 - 301) }),
    ("not yet", 700_024, assertion { _, claims in claims["nbf"] = .integer(start.milliseconds / 1000 + 301) }),
    ("no end", 700_024, assertion { _, claims in claims["exp"] = nil }),
    ("audience", 700_023, assertion { _, claims in claims["aud"] = "https://other.example" }),
    ("subject", 700_021, assertion { _, claims in claims["sub"] = "somebody" }),
    ("issuer", 700_211, assertion { _, claims in claims["iss"] = "https://evil.example" }),
    ("federated subject", 700_213, assertion { _, claims in claims["iss"] = "https://issuer.example" }),
    (
      "federated audience", 700_212,
      assertion { _, claims in (claims["iss"], claims["sub"]) = ("https://issuer.example", "sub") }
    ),
  ]

  @Test("an assertion that is wrong is refused by the code of what is wrong", arguments: refused.indices)
  func wrongAssertions(index: Int) throws {
    let (name, code, form) = Self.refused[index]
    var reader = try Reader(Self.certified())
    #expect(reader.post(form).json?["error_codes"] == [.integer(Int64(code))], "\(name)")
  }

  @Test("a wrong signature and an expired certificate are told apart")
  func certificates() throws {
    var reader = try Reader(Self.certified())
    let forged = reader.post(Self.assertion()) { _, _, _, _ in false }
    #expect(forged.json?["error_description"]?.string?.contains("failed signature validation") == true)
    reader.now = start + .seconds(60)
    let expired = reader.post(Self.assertion())
    #expect(expired.json?["error_description"]?.string?.contains("The key used is expired") == true)
    #expect(expired.json?["error_codes"] == [700_027] && expired.status == 401)
  }

  @Test("a trusted authority's token is the application's own")
  func federated() throws {
    var reader = try Reader(Self.certified())
    let form = Self.assertion { _, claims in
      (claims["iss"], claims["sub"], claims["aud"]) = ("https://issuer.example", "sub", "api://AzureADTokenExchange")
    }
    #expect(reader.post(form) { _, _, _, _ in false }.status == 200)
  }

  // MARK: Managed identity

  @Test("a managed identity gets a token by the header of its platform")
  func identity() throws {
    var reader = try Reader(emptyTenant()) { $0.managedIdentity = .init(appId: clientId, header: "h") }
    func ask(_ path: String, _ headers: [String: String], _ more: String = "") -> SimulatedGraph.Response {
      let query = "api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com\(more)"
      return reader.graph.answer(.init("GET", path, query: query, headers: headers), now: start)
    }
    let imds = "/metadata/identity/oauth2/token"
    let answer = ask(imds, ["metadata": "true"])
    #expect(answer.json?["expires_on"]?.string == "\(start.milliseconds / 1000 + 86_400)")
    reader.token = try #require(answer.json?["access_token"]?.string)
    #expect(reader.get("/users").status == 200)
    #expect(
      ask(imds, [:]).status == 400
        && ask(imds, ["metadata": "true"], "&client_id=x").json?["error_description"] == "Identity not found")
    #expect(ask("/msi/token", ["x-identity-header": "h"]).status == 200)
    #expect(ask("/msi/token", ["x-identity-header": "i"]).status == 401)
  }
}
