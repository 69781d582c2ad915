import Base
import HTTPTransport
import Foundation
import NIOSSL
import NetworkSupport
import Provisioning
import SCIM
import Simulators
import TeamViewer
import TeamViewerModel
import Testing

/// The way to a target on another machine: a proxy that opens it, and an authority of one's own.
@Suite("The way out", .timeLimit(.minutes(3)))
struct WayTests {
  static let host = "scim.corp.example"

  private let authority: TestAuthority
  private let folder: Scratch

  init() throws {
    authority = try TestAuthority()
    folder = try Scratch()
    try folder.write("authorities.pem", authority.pem)
  }

  /// A simulator behind TLS, of a name that leads nowhere, and a proxy that leads there.
  private func through(
    _ manner: ConnectProxy.Manner, _ body: @Sendable @escaping (ConnectProxy, Int) async throws -> Void
  ) async throws {
    let context = try authority.server(Self.host)
    try await withSimulator(company()) { _, client in
      try await LoopbackServer.securing(port: client.url.port, with: context) { port in
        try await ConnectProxy.serving(manner, to: port, body)
      }
    }
  }

  private func test(_ proxy: Proxy?, authorities: Bool = true) async throws -> TargetTest {
    let route = Route(proxy: proxy, certificates: authorities ? folder.path("authorities.pem") : nil)
    return try await withClient(
      "https://\(Self.host)/scim/v2", .init(connectTimeout: .seconds(3), timeout: .seconds(6), route: route)
    ) { await TargetTest.run($0) }
  }

  // MARK: Proxies

  @Test("a proxy opens the way, and sees neither the token nor what is asked")
  func open() async throws {
    try await through(.open) { proxy, port in
      let test = try await test(Proxy("http://127.0.0.1:\(port)"))
      #expect(test.diagnosis == nil && test.owner?.id == "u1000001", "\(test)")
      let head = try #require(proxy.requests.first)
      #expect(head.hasPrefix("CONNECT \(Self.host):443 HTTP/1.1\r\n"))
      #expect(!head.contains(secret) && !head.lowercased().contains("authorization"))
      #expect(proxy.requests.count == 1)
    }
  }

  @Test("a proxy that asks for credentials gets those for it, and only those")
  func credentials() async throws {
    try await through(.asking("ann:p@ss:wörd")) { proxy, port in
      let good = try await test(Proxy("http://ann:p%40ss%3Aw%C3%B6rd@127.0.0.1:\(port)"))
      #expect(good.diagnosis == nil, "\(good)")
      #expect(proxy.requests.allSatisfy { !$0.contains(secret) })
    }
  }

  @Test("credentials that are missing or wrong are the proxy's matter", arguments: ["", "ann:wrong-password@"])
  func wrongCredentials(user: String) async throws {
    try await through(.asking("ann:right")) { _, port in
      let fault = try await test(Proxy("http://\(user)127.0.0.1:\(port)")).diagnosis
      #expect(fault?.code == .proxyCredentials && fault?.code.exit == .credentials, "\(String(describing: fault))")
      let sentence = try #require(fault?.sentence)
      #expect(sentence.contains("http://127.0.0.1:\(port)") && sentence.contains("407"))
      #expect(sentence.contains("proxy.credentials") && !sentence.contains("wrong-password"))
    }
  }

  @Test("a proxy that opens no way there, whatever it answers", arguments: [403, 405, 500, 502, 504])
  func refused(status: Int) async throws {
    try await through(.refusing(status)) { _, port in
      let fault = try await test(Proxy("http://127.0.0.1:\(port)")).diagnosis
      #expect(fault?.code == .proxyRefused && fault?.code.exit == .unreachable, "\(String(describing: fault))")
      #expect(fault?.sentence.contains("CONNECT") == true && fault?.sentence.contains("\(Self.host):443") == true)
    }
  }

  @Test("a proxy that is down, of an unknown name, silent, or hangs up")
  func down() async throws {
    let free = try await ConnectProxy.serving(to: 1) { _, port in port }
    let fault = try await test(Proxy("http://127.0.0.1:\(free)")).diagnosis
    #expect(fault?.code == .proxyUnreachable && fault?.sentence.contains("Nobody listens at the proxy") == true)
    let name = try await test(Proxy("http://proxy.invalid:3128")).diagnosis
    #expect(name?.code == .proxyUnreachable && name?.sentence.contains("http://proxy.invalid:3128 is unknown") == true)
    try await through(.silent) { _, port in
      let fault = try await test(Proxy("http://127.0.0.1:\(port)")).diagnosis
      #expect(
        fault?.code == .proxyUnreachable && fault?.sentence.contains("in time") == true, "\(String(describing: fault))")
    }
    try await through(.closing) { _, port in
      let fault = try await test(Proxy("http://127.0.0.1:\(port)")).diagnosis
      #expect(fault?.code == .targetUnreachable && fault?.sentence.contains("through the proxy") == true)
    }
  }

  @Test("what a proxy stops has not arrived", arguments: ProxyFailure.allCases)
  func arrived(failure: ProxyFailure) { #expect(!Failure.proxy(failure).mayHaveArrived) }

  // MARK: Certificates

  /// Tests a server with a certificate for `localhost`.
  private func testLocal(
    _ server: NIOSSLContext, route: Route
  ) async throws -> TargetTest {
    try await withSimulator(company()) { _, client in
      try await LoopbackServer.securing(port: client.url.port, with: server) { port in
        try await withClient("https://localhost:\(port)/scim/v2", .init(timeout: .seconds(6), route: route)) {
          await TargetTest.run($0)
        }
      }
    }
  }

  @Test("an authority of one's own is trusted where its certificate is named, and only there")
  func authorities() async throws {
    let server = try authority.server("localhost")
    let named = try await testLocal(server, route: Route(certificates: folder.path("authorities.pem")))
    #expect(named.diagnosis == nil, "\(named)")
    let unnamed = try await testLocal(server, route: Route())
    #expect(unnamed.diagnosis?.code == .targetTLS)
    #expect(unnamed.diagnosis?.sentence.contains("target.certificates") == true)
    #expect(
      unnamed.diagnosis?.sentence.contains("Correct the port") == false, "it is the certificate, and not the port")
  }

  @Test("one of several authorities is enough; another one's server is not believed")
  func several() async throws {
    let other = try TestAuthority(name: "Another")
    try folder.write("both.pem", "# ours\n\(other.pem)\r\n\(authority.pem)")
    let route = Route(certificates: folder.path("both.pem"))
    #expect(try await testLocal(authority.server("localhost"), route: route).diagnosis == nil)
    #expect(try await testLocal(TestAuthority(name: "Third").server("localhost"), route: route).diagnosis != nil)
  }

  @Test("a certificate for another host is not believed")
  func otherHost() async throws {
    let route = Route(certificates: folder.path("authorities.pem"))
    let fault = try await testLocal(authority.server("corp.example"), route: route).diagnosis
    #expect(fault?.code == .targetTLS && fault?.sentence.contains("for another host") == true)
  }

  @Test(
    "a file that cannot be used is named for what it is",
    arguments: [
      ("missing", "cannot be read"), ("folder", "regular file"), ("empty", "is empty"), ("key", "private key"),
      ("request", "request for a certificate"), ("text", "holds no certificate"), ("DER", "DER form"),
      ("cut", "number 1"), ("second", "number 2"), ("expired", "valid now"), ("future", "valid now"),
      ("large", "bytes"),
    ])
  func unusable(what: String, words: String) throws {
    let now = SystemClock.now()
    let path = folder.path(what)
    let body = authority.pem.split(separator: "\n").dropFirst().dropLast().joined()
    switch what {
    case "missing": break
    case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    case "empty": try folder.write(what, " \n")
    case "key": try folder.write(what, authority.keyPEM)
    case "request":
      try folder.write(what, "-----BEGIN CERTIFICATE REQUEST-----\nMA==\n-----END CERTIFICATE REQUEST-----\n")
    case "text": try folder.write(what, "corp.example\n")
    case "DER": try Data(base64Encoded: body)?.write(to: URL(fileURLWithPath: path))
    case "cut": try folder.write(what, String(authority.pem.prefix(200)))
    case "second": try folder.write(what, authority.pem + authority.pem.replacing("MII", with: "AII"))
    case "expired": try folder.write(what, TestAuthority(days: 1, from: now + .seconds(-86_400 * 9)).pem)
    case "future": try folder.write(what, TestAuthority(from: now + .seconds(86_400 * 9)).pem)
    default: try folder.write(what, String(repeating: authority.pem, count: 3000))
    }
    let fault = #expect(throws: Fault.self) { try Authorities(file: path, now: now) }
    #expect(fault?.code == .certificatesUnusable && fault?.code.exit == .configuration)
    #expect(
      fault?.sentence.contains(path) == true && fault?.sentence.contains(words) == true, "\(fault?.sentence ?? "")")
    #expect(throws: Fault.self) {
      try SCIMClient(baseURL: "https://h/", configuration: .init(route: Route(certificates: path))) { "t" }
    }
  }
}

/// A folder that is gone when the test ends.
final class Scratch: Sendable {
  private let root = FileManager.default.temporaryDirectory.appending(path: "provledger-way-\(UUID().uuidString)").path

  init() throws { try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }
}
