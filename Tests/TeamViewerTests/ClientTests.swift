import Base
import HTTPTransport
import HTTPTypes
import JSON
import Provisioning
import SCIM
import Simulators
import TeamViewer
import TeamViewerModel
import Testing

@Suite("The client on the simulator's sockets")
struct ClientTests {
  static let create = SCIMRequest.createUser(SCIMUser(userName: "a@corp.example", displayName: "An Na"))
  static let brief = SCIMClient.Configuration(timeout: .seconds(6))

  @Test("requests arrive as they were meant")
  func roundTrip() async throws {
    try await withSimulator(company()) { simulator, client in
      let created = await client.send(Self.create)
      guard case .response(let response) = created else {
        Issue.record("no answer: \(created)")
        return
      }
      #expect(response.status == 201 && response.headers["content-type"] == "application/scim+json")
      #expect(response.headers["location"] == "\(client.url)/Users/u1000002")
      let odd = Filter("displayName", .eq, #"Quote " back\slash & + % é"#)
      let renamed = await client.send(
        .patchUser("u1000002", .init(operations: [.replace("displayName", .string(odd.value))])))
      #expect(renamed.status == 200 && simulator.teamViewer.model.user(id: "u1000002")?.name == odd.value)
      guard case .response(let found) = await client.send(.listUsers(filter: odd, startIndex: 1, count: 5)) else {
        Issue.record("no answer")
        return
      }
      let list = try ListResponse(#require(found.json))
      #expect(list.totalResults == 1)
      #expect(await client.send(.getUser("u1000002/é")).status == 404)
    }
  }

  static let faults: [(SimulatedFault.Kind, String)] = [
    (.error500, "500"), (.error500Applied, "500"), (.error502, "502"), (.error503, "503"), (.tooManyRequests, "429"),
    (.tooManyRequestsSeconds, "429"), (.tooManyRequestsDate, "429"), (.rateLimitReached, "403"), (.unauthorized, "401"),
    (.forbidden, "403"), (.html200, "200"), (.html200Applied, "200"), (.html502, "502"), (.cutJSON, "201"),
    (.truncatedBody, "truncated"), (.resetBefore, "reset"), (.resetAfter, "reset"), (.noAnswerBefore, "timeout"),
    (.noAnswerAfter, "timeout"), (.refused, "reset"), (.delay, "201"),
  ]

  @Test("each fault is seen as it is, and takes effect or not as it says", arguments: faults)
  func fault(kind: SimulatedFault.Kind, seen: String) async throws {
    let plan = FaultPlan(script: [.init(SimulatedFault(kind, milliseconds: 20, retryAfterSeconds: 9), method: .post)])
    let bounds = seen == "timeout" ? Self.brief : SCIMClient.Configuration()
    try await withSimulator(company { $0.plan = plan }, bounds) { simulator, client in
      let exchange = await client.send(Self.create)
      switch exchange {
      case .failed(let failure): #expect(failure.label == seen)
      case .response(let response):
        #expect(String(response.status) == seen)
        #expect(response.isHTML == kind.rawValue.hasPrefix("html"))
        #expect((response.retryAfter != nil) == [.tooManyRequestsSeconds, .tooManyRequestsDate].contains(kind))
      }
      #expect(!"\(exchange)".contains(secret))
      #expect(simulator.teamViewer.model.users.count == (kind.takesEffect ? 2 : 1))
      // The connection that broke does not spoil the next request.
      #expect(await client.send(.listUsers()).status == 200)
    }
  }

  @Test("an answer that is later than the client waits is none")
  func tooLate() async throws {
    let plan = FaultPlan(script: [.init(SimulatedFault(.delay, milliseconds: 30_000))])
    try await withSimulator(company { $0.plan = plan }, Self.brief) { simulator, client in
      #expect(await client.send(Self.create) == .failed(.timeout))
      #expect(simulator.teamViewer.model.users.count == 2)
    }
  }

  @Test("100 requests at once share the connections that are allowed")
  func connections() async throws {
    let simulated = company { $0.latency = 1...3 }
    try await withSimulator(simulated, .init(concurrency: 5)) { simulator, client in
      let good = await withTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          group.addTask {
            let user = SCIMUser(userName: "p\(number)@corp.example", displayName: "Person \(number)")
            return await client.send(.createUser(user)).status == 201
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(good == 100)
      #expect(simulator.teamViewer.model.check().isEmpty)
      guard case .response(let log) = await client.get("/_simulator/log") else {
        Issue.record("no log")
        return
      }
      let entries = try log.body.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse($0) }
      #expect(entries.count == 100)
      #expect(Set(entries.compactMap { $0["connection"]?.integer }).count <= 5)
      #expect(!String(decoding: log.body, as: UTF8.self).contains(secret))
    }
  }

  @Test("requests that follow each other share one connection, also after a refusal")
  func reuse() async throws {
    try await withSimulator(company()) { _, client in
      for number in 0..<20 {
        _ = await client.send(number % 3 == 0 ? .getUser("u9") : .listUsers())
      }
      guard case .response(let log) = await client.get("/_simulator/log") else {
        Issue.record("no log")
        return
      }
      let entries = try log.body.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse($0) }
      #expect(entries.count == 20)
      #expect(Set(entries.compactMap { $0["connection"]?.integer }).count == 1)
    }
  }

  static let bounds: [SCIMClient.Configuration] = [
    .init(firstByteTimeout: .seconds(1), timeout: .seconds(60)),
    .init(firstByteTimeout: .seconds(60), timeout: .seconds(1)),
  ]

  @Test("the first byte and the whole answer are waited for no longer than each may take", arguments: bounds)
  func timeouts(bounds: SCIMClient.Configuration) async throws {
    let plan = FaultPlan(script: [.init(SimulatedFault(.delay, milliseconds: 30_000))])
    try await withSimulator(company { $0.plan = plan }, bounds) { simulator, client in
      let start = ContinuousClock.now
      #expect(await client.send(Self.create) == .failed(.timeout))
      #expect(ContinuousClock.now - start < .seconds(25))
      #expect(simulator.teamViewer.model.users.count == 2)
      // The connection that was given up does not spoil the next request.
      #expect(await client.send(.getUser("u1000001")).status == 200)
    }
  }

  @Test("a body larger than its bound is no answer")
  func bounded() async throws {
    try await withSimulator(company(), .init(listBodyLimit: 10, bodyLimit: 10)) { _, client in
      #expect(await client.send(.listUsers()) == .failed(.tooLarge))
      #expect(await client.send(.getUser("u1000001")) == .failed(.tooLarge))
      #expect(await client.get("/api/v1/account") == .failed(.tooLarge))
    }
  }

  @Test("a redirect is not followed, so that the token goes nowhere else")
  func redirect() async throws {
    try await withServer(
      status: .found, type: "text/plain", body: "", headers: ["location": "http://127.0.0.1:1/"]
    ) { port in
      let exchange = try await withClient("http://127.0.0.1:\(port)/scim/v2") { await $0.send(.listUsers()) }
      #expect(exchange.status == 302)
    }
  }

  static let tokens = ["", "two words", "line\nbreak", "schlüssel"]

  @Test("a token that is no header value is not sent, and not shown", arguments: tokens)
  func malformedToken(token: String) async throws {
    try await withSimulator(company()) { simulator, client in
      let exchange = try await withClient(client.url.description, token: token) { await $0.send(.listUsers()) }
      guard case .failed(.notSent(let why)) = exchange else {
        Issue.record("sent")
        return
      }
      #expect(token.isEmpty || !why.contains(token))
      #expect(simulator.teamViewer.model.counters.isEmpty)
    }
  }

  static let allowed: [(String, String)] = [
    ("https://webapi.teamviewer.com/scim/v2", "https://webapi.teamviewer.com/scim/v2"),
    ("HTTPS://Host.example:8443/scim/v2//", "https://Host.example:8443/scim/v2"),
    ("http://localhost:8080", "http://localhost:8080"), ("http://127.0.0.2/x", "http://127.0.0.2/x"),
    ("http://[::1]:1/scim", "http://[::1]:1/scim"),
  ]

  @Test("https is taken from anywhere, http from loopback", arguments: allowed)
  func allows(text: String, url: String) throws {
    #expect(try TargetURL(text).description == url)
  }

  static let refused = [
    "", "webapi.teamviewer.com/scim/v2", "ftp://x.example", "http://x.example/scim", "http://127.0.0.1.example/",
    "http://127.0.0.1@x.example/", "https://user:pw@x.example/", "https://x.example/?a=b", "https://x.example/#f",
    "https:///scim", "https://x.example/a b", "https://exämple.example/", "http://0.0.0.0/", "http://127.1/",
    "https://x.example:99999999/",
  ]

  @Test("any other URL is refused", arguments: refused)
  func refuses(text: String) {
    let fault = #expect(throws: Fault.self) { try TargetURL(text) }
    #expect(fault?.code == .targetURL)
  }
}

extension Exchange {
  /// The status of the answer, or 0 without one.
  var status: Int { if case .response(let response) = self { response.status } else { 0 } }
}
