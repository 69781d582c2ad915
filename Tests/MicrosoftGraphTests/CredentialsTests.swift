import Base
import Crypto
import CryptoExtras
import Foundation
import JSON
import MicrosoftGraph
import NetworkSupport
import SCIM
import Synchronization
import Testing

@Suite("How an application signs in", .timeLimit(.minutes(2)))
struct GraphCredentialsTests {
  /// Reads once, and gives the request for the token.
  private func request(
    _ time: TestTime = TestTime(), _ credentials: @escaping @Sendable (Int) -> Credentials
  ) async throws -> (request: ScriptedServer.Request, origin: String) {
    let script = Script { request, _ in page([user(1)], delta: "http://\(request.headers["host"] ?? "")/v1.0/d") }
    return try await withSource(script, time: time, credentials: credentials) { source, server, origin in
      _ = try await source.everybody()
      return (server.requests[0], origin)
    }
  }

  private func fields(_ request: ScriptedServer.Request) -> [String: String] {
    let pairs = request.body.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
    return Dictionary(
      uniqueKeysWithValues: pairs.map { (String($0[0]), PercentEncoding.decode($0[1], plusIsSpace: true) ?? "") })
  }

  @Test("by a secret, encoded as a form")
  func bySecret() async throws {
    let (request, origin) = try await request { _ in .secret { secret } }
    #expect(request.method == "POST" && request.target == Script.tokenPath)
    #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
    #expect(
      fields(request) == [
        "client_id": "app-1", "client_secret": secret, "grant_type": "client_credentials",
        "scope": "\(origin)/.default",
      ])
  }

  private static let key = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

  @Test("by a certificate: an assertion that its key signed with PS256, for ten minutes, never the same twice")
  func byCertificate() async throws {
    let key = try Self.key.get()
    let authority = try TestAuthority()
    let pem = authority.pem + key.pemRepresentation
    let time = TestTime()
    let first = try await request(time) { _ in .certificate { try ClientCertificate(pem: pem) } }
    let fields = fields(first.request)
    #expect(fields["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
    #expect(fields["client_secret"] == nil)
    let parts = fields["client_assertion", default: ""].split(separator: ".").map(String.init)
    try #require(parts.count == 3)
    let signature = _RSA.Signing.RSASignature(rawRepresentation: Data(bytes(parts[2])))
    let digest = SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8))
    #expect(key.publicKey.isValidSignature(signature, for: digest, padding: .PSS))
    let header = try JSONParser.parse(bytes(parts[0]))
    let der = authority.pem.split(separator: "\n").dropFirst().dropLast().joined()
    #expect(header["alg"]?.string == "PS256")
    #expect(bytes(header["x5t#S256"]?.string ?? "") == Array(SHA256.hash(data: Data(base64Encoded: der) ?? Data())))
    let claims = try JSONParser.parse(bytes(parts[1]))
    #expect(claims["aud"]?.string == first.origin + Script.tokenPath)
    #expect(claims["iss"]?.string == "app-1" && claims["sub"]?.string == "app-1")
    let now = Int(time.now.milliseconds / 1000)
    #expect(claims["nbf"]?.integer == now && claims["exp"]?.integer == now + 600)
    let second = try await request { _ in .certificate { try ClientCertificate(pem: pem) } }
    let other = self.fields(second.request)["client_assertion", default: ".."].split(separator: ".")
    #expect(try JSONParser.parse(bytes(String(other[1])))["jti"] != claims["jti"])
  }

  /// Base64url back to bytes.
  private func bytes(_ text: String) -> [UInt8] {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    return Array(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)) ?? Data())
  }

  @Test("by a federated token, read again at each request for a token")
  func byFederation() async throws {
    let reads = Mutex(0)
    let credentials = Credentials.federated {
      reads.withLock {
        $0 += 1
        return "federated-\($0)"
      }
    }
    let time = TestTime()
    let script = Script { request, _ in page([user(1)], delta: "http://\(request.headers["host"] ?? "")/v1.0/d") }
    try await withSource(script, time: time, credentials: { _ in credentials }) { source, server, _ in
      _ = try await source.everybody()
      time.pass(.seconds(3600))
      _ = try await source.everybody()
      let asked = server.requests.filter { $0.method == "POST" }
      #expect(asked.map { fields($0)["client_assertion"] } == ["federated-1", "federated-2"])
    }
  }

  @Test("by a managed identity: of a virtual machine, and of App Service")
  func byIdentity() async throws {
    let machine = try await request { port in
      .managed(ManagedIdentity(endpoint: "http://127.0.0.1:\(port)/metadata/identity/oauth2/token"))
    }
    let resource = PercentEncoding.encode(machine.origin)
    #expect(machine.request.method == "GET" && machine.request.headers["metadata"] == "true")
    #expect(
      machine.request.target == "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=\(resource)")
    let service = try await request { port in
      .managed(ManagedIdentity(endpoint: "http://127.0.0.1:\(port)/msi/token", header: "h-1", client: "user-1"))
    }
    #expect(service.request.headers["x-identity-header"] == "h-1" && service.request.headers["metadata"] == nil)
    #expect(service.request.target.hasPrefix("/msi/token?api-version=2019-08-01&resource="))
    #expect(service.request.target.hasSuffix("&client_id=user-1"))
  }

  static let refusals: [(Int, String, Int, FaultCode)] = [
    (400, "invalid_request", 90002, .graphTenant), (400, "unauthorized_client", 700016, .graphClient),
    (401, "unauthorized_client", 7_000_112, .graphClient), (400, "invalid_request", 7_000_229, .graphClient),
    (400, "invalid_resource", 500_011, .graphURL), (400, "invalid_grant", 65001, .graphConsent),
    (401, "invalid_client", 7_000_215, .graphSecret), (401, "invalid_client", 7_000_222, .graphSecretExpired),
    (401, "invalid_client", 700027, .graphCertificate), (400, "invalid_request", 70021, .graphCertificate),
    (400, "invalid_grant", 53003, .graphSignIn),
  ]

  @Test("each refusal is told apart, by its number alone", arguments: refusals)
  func refusal(status: Int, error: String, number: Int, code: FaultCode) async throws {
    let script = Script(signIn: { _, _ in Script.refusal(status, error, number) }) { _, _ in .init() }
    try await withSource(script) { source, _, _ in
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == code && fault?.sentence.contains("AADSTS\(number)") == true)
      #expect(fault?.sentence.contains("Ada") == false && fault?.sentence.contains(secret) == false)
    }
  }

  @Test("what is no sign-in service is named for what it is")
  func noService() async throws {
    let script = Script(signIn: { _, _ in .init(200, "<html>") }) { _, _ in .init() }
    try await withSource(script) { source, _, _ in
      let fault = await #expect(throws: Fault.self) { try await source.everybody() }
      #expect(fault?.code == .graphAnswer)
    }
  }

  @Test("a file that holds no certificate with its key is told apart")
  func unusable() throws {
    let authority = try TestAuthority()
    let key = try Self.key.get().pemRepresentation
    let texts = [
      "": "no certificate", key: "no certificate", authority.pem: "no private key",
      authority.pem + authority.keyPEM: "no RSA key",
      authority.pem + "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMA==\n-----END ENCRYPTED PRIVATE KEY-----\n":
        "passphrase",
      key + "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n": "cannot be read",
    ]
    for (text, words) in texts {
      let objection = #expect(throws: ClientCertificate.Objection.self) { try ClientCertificate(pem: text) }
      #expect(objection?.description.contains(words) == true, "\(objection?.description ?? "") for \(words)")
    }
  }
}
