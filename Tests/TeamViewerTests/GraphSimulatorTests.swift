import AsyncHTTPClient
import Base
import Crypto
import CryptoExtras
import Foundation
import GraphModel
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
import NetworkSupport
import Simulators
import Synchronization
import Testing

@Suite("The simulator of Graph")
struct GraphSimulatorTests {
  static let tenant = "7f3c1a52-6f0e-4c5b-9a51-0c2f8d3e4b60"

  static func graph(people: Int = 12, _ change: (inout SimulatedGraph) -> Void = { _ in }) -> SimulatedGraph {
    let now = SystemClock.now()
    var tenant = CompanyLife(seed: 1, people: people).tenant(id: Self.tenant, now: now)
    var application = AppRegistration(id: "app", appId: "client", displayName: "Ledger")
    application.permissions = AppRegistration.readingPermissions
    application.secrets = [
      ClientSecret(keyId: "k", displayName: "s", value: secret, start: now, end: now + .seconds(86_400))
    ]
    tenant.applications = [application]
    var graph = SimulatedGraph(tenant: tenant, seed: 1)
    change(&graph)
    return graph
  }

  /// Whoever calls the simulator.
  struct Caller: Sendable {
    var origin: String
    var client = HTTPClient.shared
    var token = ""

    func ask(_ method: String, _ link: String, _ body: String = "", _ headers: [(String, String)] = []) async throws
      -> (
        status: Int, json: JSONValue?, text: String
      )
    {
      var request = HTTPClientRequest(url: link.hasPrefix("http") ? link : origin + link)
      request.method = .RAW(value: method)
      for (name, value) in headers { request.headers.add(name: name, value: value) }
      if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
      let response = try await client.execute(request, timeout: .seconds(30))
      let bytes = Array(buffer: try await response.body.collect(upTo: 1 << 24))
      return (Int(response.status.code), try? JSONParser.parse(bytes), String(decoding: bytes, as: UTF8.self))
    }

    func get(_ link: String) async throws -> (status: Int, json: JSONValue?, text: String) {
      try await ask("GET", link, "", [("Authorization", "Bearer \(token)")])
    }

    func control(_ route: String, _ body: String = "{}") async throws -> (status: Int, json: JSONValue?, text: String) {
      try await ask("POST", "/_simulator/\(route)", body)
    }

    static let form =
      "grant_type=client_credentials&client_id=client&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"

    func signIn(_ credential: String = "client_secret=\(secret)") async throws -> JSONValue? {
      try await ask(
        "POST", "/\(GraphSimulatorTests.tenant)/oauth2/v2.0/token", "\(Self.form)&\(credential)",
        [("Content-Type", "application/x-www-form-urlencoded")]
      ).json
    }

    func users() async throws -> [String] {
      var (ids, next): ([String], String?) = ([], "/v1.0/users?$top=5&$select=id")
      while let link = next {
        let page = try #require(try await get(link).json)
        ids += (page["value"]?.array ?? []).compactMap { $0["id"]?.string }
        next = page["@odata.nextLink"]?.string
      }
      return ids
    }
  }

  private func serving(
    _ graph: SimulatedGraph = graph(), life: CompanyLife? = nil,
    _ configuration: GraphSimulator.Configuration = .init(),
    _ body: @Sendable @escaping (GraphSimulator, Caller) async throws -> Void
  ) async throws {
    try await GraphSimulator.serving(graph, life: life, configuration: configuration, logger: silentLogger) {
      simulator, port in
      var caller = Caller(origin: "http://127.0.0.1:\(port)")
      caller.token = try #require(try await caller.signIn()?["access_token"]?.string)
      try await body(simulator, caller)
    }
  }

  @Test("a secret gives a token, pages lead on at the address that was called, the log names each request")
  func reading() async throws {
    try await serving { simulator, caller in
      let ids = try await caller.users()
      #expect(ids.count == 12 && Set(ids) == Set(simulator.graph.tenant.all(.user).map(\.id)))
      let log = try await caller.ask("GET", "/_simulator/log?after=1").text.split(separator: "\n")
      let entries = try log.map { try JSONParser.parse($0.utf8) }
      #expect(entries.count == 3 && entries[0]["path"] == "/v1.0/users?$top=5&$select=id")
      #expect(!log.joined().contains(caller.token) && entries.allSatisfy { $0["status"] == 200 })
      #expect(try await caller.ask("GET", "/_simulator/state").json?["users"] == 12)
    }
  }

  @Test("an assertion is verified by the certificate's key, by PS256 and by RS256", arguments: ["PS256", "RS256"])
  func assertions(algorithm: String) async throws {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let now = SystemClock.now()
    let graph = Self.graph { graph in
      graph.tenant.applications[0].certificates = [
        ClientCertificate(
          keyId: "c", displayName: "c", sha1: [1], sha256: [1, 2, 3], publicKey: Array(key.publicKey.derRepresentation),
          start: now, end: now + .seconds(60))
      ]
    }
    try await serving(graph) { _, caller in
      func assertion(_ sign: (Data) throws -> Data) throws -> String {
        let seconds = now.milliseconds / 1000
        let parts = [
          #"{"alg":"\#(algorithm)","typ":"JWT","x5t#S256":"AQID"}"#,
          #"{"iss":"client","sub":"client","jti":"1","nbf":\#(seconds),"exp":\#(seconds + 300),"aud":"\#(caller.origin)/\#(Self.tenant)/v2.0"}"#,
        ]
        let text = parts.map { Self.encode(Data($0.utf8)) }.joined(separator: ".")
        let signature = Self.encode(try sign(Data(text.utf8)))
        return
          "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=\(text).\(signature)"
      }
      let (padding, other): (_RSA.Signing.Padding, _RSA.Signing.Padding) =
        algorithm == "PS256" ? (.PSS, .insecurePKCS1v1_5) : (.insecurePKCS1v1_5, .PSS)
      let good = try assertion { try key.signature(for: $0, padding: padding).rawRepresentation }
      #expect(try await caller.signIn(good)?["access_token"] != nil)
      let wrong = try assertion { try key.signature(for: $0, padding: other).rawRepresentation }
      #expect(try await caller.signIn(wrong)?["error_codes"] == [700_027])
    }
  }

  private static func encode(_ data: Data) -> String {
    data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  @Test("certificates come from files, of the server and of the client; a file that holds none is refused")
  func certificates() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "graph-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: folder.appending(path: name))
      return folder.appending(path: name).path
    }
    let authority = try TestAuthority()
    let pair = try authority.files("localhost")
    let (certificate, key) = (try write("server.pem", pair.certificate), try write("server.key", pair.key))
    let bytes = try NIOSSLCertificate(bytes: Array(pair.certificate.utf8), format: .pem).toDERBytes()
    let own = try CertificateFile.client(certificate)
    #expect(own.sha256 == Array(SHA256.hash(data: bytes)) && own.sha1.count == 20)
    #expect(own.start < SystemClock.now() && own.end > SystemClock.now() && !own.publicKey.isEmpty)
    #expect(throws: Fault.self) { try CertificateFile.client(key) }
    #expect(throws: Fault.self) { try CertificateFile.server(certificate: certificate, key: certificate) }

    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: Array(authority.pem.utf8), format: .pem)])
    let client = HTTPClient(configuration: .init(tlsConfiguration: tls))
    let configuration = GraphSimulator.Configuration(
      tls: try CertificateFile.server(certificate: certificate, key: key))
    let users = try await GraphSimulator.serving(Self.graph(), configuration: configuration, logger: silentLogger) {
      _, port in
      var caller = Caller(origin: "https://localhost:\(port)", client: client)
      caller.token = try #require(try await caller.signIn()?["access_token"]?.string)
      return try await caller.users()
    }
    try await client.shutdown()
    #expect(users.count == 12)
  }

  @Test("a company lives as the clock goes, so many times as fast, and goes back to its first day")
  func life() async throws {
    // Before the clock: its secrets count from now on.
    let graph = Self.graph()
    let clock = Mutex(SystemClock.now())
    var configuration = GraphSimulator.Configuration()
    configuration.now = { clock.withLock { $0 } }
    configuration.speed = 1440
    let life = CompanyLife(seed: 1, people: 12)
    try await serving(graph, life: life, configuration) { simulator, caller in
      let first = simulator.graph.tenant
      clock.withLock { $0 = $0 + .seconds(60 * 30) }
      let state = try #require(try await caller.ask("GET", "/_simulator/state").json)
      #expect(state["day"] == 31 && (state["steps"]?.integer ?? 0) > 60)
      #expect(simulator.graph.tenant != first)
      #expect(try await caller.control("reset").status == 200)
      #expect(simulator.graph.tenant == first)
    }
  }

  @Test("faults are carried out on the wire")
  func faults() async throws {
    let kinds: [GraphFault.Kind] = [.truncatedBody, .reset, .noAnswer]
    let graph = Self.graph { $0.faults.script = kinds.map { .init(GraphFault($0), path: "/users") } }
    var configuration = GraphSimulator.Configuration()
    configuration.silence = .milliseconds(50)
    try await serving(graph, configuration) { simulator, caller in
      var statuses: [Int?] = []
      for _ in 0...kinds.count { statuses.append(try? await caller.get("/v1.0/users").status) }
      #expect(statuses == [nil, nil, nil, 200])
      #expect(simulator.graph.carriedOut == [.truncatedBody: 1, .reset: 1, .noAnswer: 1])
    }
  }
}
