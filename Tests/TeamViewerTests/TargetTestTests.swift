import Base
import DeliveryMachine
import HTTPTransport
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Provisioning
import SCIM
import Simulators
import TeamViewer
import TeamViewerModel
import Testing

@Suite("target test")
struct TargetTestTests {
  /// Runs the test against a URL and checks that the token is nowhere.
  static func test(_ baseURL: String, token: String = secret) async throws -> TargetTest {
    let brief = SCIMClient.Configuration(connectTimeout: .seconds(5), timeout: .seconds(5))
    let test = try await withClient(baseURL, brief, token: token) { await TargetTest.run($0) }
    #expect(!"\(test)".contains(secret))
    if let fault = test.diagnosis { #expect(test.steps.last?.sentence == fault.sentence) }
    return test
  }

  static func test(_ simulated: SimulatedTeamViewer, token: String = secret) async throws -> TargetTest {
    try await withSimulator(simulated) { _, client in try await test(client.url.description, token: token) }
  }

  @Test("a good set-up passes and tells the token's owner")
  func good() async throws {
    let test = try await Self.test(company())
    #expect(test.steps.map(\.name) == [.ping, .users, .list, .account])
    #expect(test.steps.allSatisfy { $0.verdict == .passed })
    #expect(test.diagnosis == nil)
    #expect(test.owner?.id == "u1000001" && test.owner?.email == "boss@corp.example")
    #expect(test.json["usable"] == true && test.json["code"] == .null)
    #expect(
      test.json["steps"]?.array?.first == [
        "name": "ping", "verdict": "passed", "sentence": .string(test.steps[0].sentence),
      ])
  }

  @Test("a wrong token")
  func wrongToken() async throws {
    let test = try await Self.test(company(), token: "other")
    #expect(test.diagnosis?.code == .targetToken && test.diagnosis?.code.exit == .credentials)
    #expect(test.json["usable"] == false && test.json["code"] == .string(FaultCode.targetToken.description))
    #expect(test.steps.map(\.verdict) == [.warning, .failed])
  }

  @Test("a token that is no header value")
  func malformedToken() async throws {
    #expect(try await Self.test(company(), token: "a b").diagnosis?.code == .targetTokenMalformed)
  }

  @Test("a missing permission names the box to tick")
  func noPermission() async throws {
    let test = try await Self.test(company { $0.model.settings.tokens = [.init(secret, scopes: [.modifyUsers])] })
    #expect(test.diagnosis?.code == .targetPermission && test.diagnosis?.code.exit == .credentials)
    #expect(test.diagnosis?.sentence.contains("User management → view users") == true)
  }

  @Test("a token that may not read its owner still works, with a warning")
  func noAccount() async throws {
    let test = try await Self.test(company { $0.model.settings.tokens = [.init(secret, scopes: [.readUsers])] })
    #expect(test.diagnosis == nil && test.owner == nil)
    #expect(test.steps.map(\.verdict) == [.passed, .passed, .passed, .warning])
  }

  @Test("nobody listens")
  func refused() async throws {
    // A port that was free a moment ago.
    let port = try await withSimulator(company()) { _, client in client.url.origin }
    let test = try await Self.test(port)
    #expect(test.diagnosis?.code == .targetUnreachable && test.diagnosis?.code.exit == .unreachable)
    #expect(test.diagnosis?.sentence.contains("Nobody listens") == true)
    #expect(test.steps.count == 1)
  }

  @Test("an unknown host")
  func unknownHost() async throws {
    let test = try await Self.test("https://nonexistent.invalid/scim/v2")
    #expect(test.diagnosis?.code == .targetName && test.diagnosis?.sentence.contains("nonexistent.invalid") == true)
  }

  @Test("TLS to a port without TLS")
  func noTLS() async throws {
    let test = try await withSimulator(company()) { _, client in
      try await Self.test("https" + client.url.description.dropFirst("http".count))
    }
    #expect(test.diagnosis?.code == .targetTLS)
  }

  @Test("a proxy that answers with a page", arguments: [200, 407, 502])
  func proxy(status: Int) async throws {
    let page = "<!DOCTYPE html><html><body>Sign in</body></html>"
    let test = try await withServer(status: .init(code: status), type: "text/html", body: page) { port in
      try await Self.test("http://127.0.0.1:\(port)/scim/v2")
    }
    #expect(test.diagnosis?.code == .targetHTML)
  }

  static let others: [(Int, String, FaultCode)] = [
    (200, #"{"hello":"world"}"#, .targetNotSCIM), (200, "[]", .targetNotSCIM), (200, "", .targetNotSCIM),
    (404, #"{"error":"no"}"#, .targetNotSCIM), (302, "", .targetNotSCIM), (400, "{}", .targetNotSCIM),
    (500, "{}", .targetFault), (503, "", .targetFault), (429, "{}", .targetRateLimited),
    (403, #"{"error":"rate_limit_reached"}"#, .targetRateLimited), (403, "", .targetPermission),
  ]

  @Test("what answers is no SCIM endpoint, or cannot answer now", arguments: others)
  func answers(status: Int, body: String, code: FaultCode) async throws {
    let test = try await withServer(status: .init(code: status), type: "application/json", body: body) { port in
      try await Self.test("http://127.0.0.1:\(port)/scim/v2")
    }
    #expect(test.diagnosis?.code == code)
  }

  @Test("where one user could be read, a list that cannot is not the URL's fault")
  func unreadableList() async throws {
    let user = #"{"id":"u1","userName":"a@corp.example"}"#
    let test = try await withServer { request in
      let isFirst = request.uri.query?.contains("count=") == true
      let body = isFirst ? #"{"totalResults":1,"Resources":[\#(user)]}"# : #"{"totalResults":1,"Resources":{}}"#
      return Response(
        status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
    } _: { port in
      try await Self.test("http://127.0.0.1:\(port)/scim/v2")
    }
    #expect(test.steps.last?.name == .list && test.diagnosis?.code == .targetNotSCIM)
    let sentence = test.diagnosis?.sentence ?? ""
    #expect(sentence.contains("not with a SCIM list that can be read, although") && !sentence.contains("endpoint"))
  }

  static let spellings: [(String, Set<String>, Bool)] = [
    (#""U1""#, ["u1", "u2"], true), (#""U1""#, [], false), (#""U1""#, ["u1", "U1"], false), ("17", ["17"], false),
    ("12345678901234567890", ["12345678901234567890"], false), ("1", ["u1"], true),
  ]

  @Test("a list that shows none of the linked accounts is told, however like them its ids look", arguments: spellings)
  func strangeIDs(shown: String, linked: Set<String>, isStrange: Bool) async throws {
    let body = #"{"totalResults":1,"Resources":[{"id":\#(shown),"userName":"a@corp.example"}]}"#
    let test = try await withServer(type: "application/json", body: body) { port in
      try await withClient("http://127.0.0.1:\(port)/scim/v2") { await TargetTest.run($0, linked: linked) }
    }
    let step = try #require(test.steps.first { $0.name == .list })
    #expect(test.diagnosis == nil && (step.verdict == .warning) == isStrange, "\(test)")
    let concern: TargetTest.Step.Concern? = isStrange ? .strange : nil
    #expect(step.concern == concern)
    if isStrange { #expect(step.sentence.contains("(such as u1)") && step.sentence.contains("another company's")) }
  }

  /// Answers with a page of four new accounts, of which there are always eight more.
  private static func endless(_ request: Request) -> Response {
    let start = request.uri.query?.split(separator: "=").last.flatMap { Int($0) } ?? 1
    let users = (start..<start + 4).map { #"{"id":"u\#($0)","userName":"u\#($0)@corp.example"}"# }
    let body = #"{"totalResults":\#(start + 11),"Resources":[\#(users.joined(separator: ","))]}"#
    return Response(
      status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
  }

  @Test("a list without an end is left off: by its pages, or when the time is over", arguments: [30, 0])
  func endlessList(seconds: Int) async throws {
    let test = try await withServer(Self.endless) { port in
      try await withClient("http://127.0.0.1:\(port)/scim/v2") {
        await TargetTest.run($0, patience: .seconds(seconds))
      }
    }
    let step = try #require(test.steps.first { $0.name == .list })
    if seconds == 0 {
      #expect(test.diagnosis == nil && step.verdict == .warning && step.concern == .slow)
      #expect(step.sentence.contains("1 page showed 4 of 12 accounts"), "\(step.sentence)")
    } else {
      #expect(test.diagnosis?.code == .targetList && step.sentence.contains("do not agree"), "\(step.sentence)")
    }
  }

  @Test("each word that the log keeps of a failure has the code that the failure itself has")
  func words() throws {
    let diagnosis = TargetDiagnosis(url: try TargetURL("https://tv.example/scim/v2"))
    let failures: [Failure] = [
      .nameResolution, .refused, .unreachable, .connectTimeout, .tls, .timeout, .reset, .truncated, .tooLarge,
      .malformed, .encoding, .certificate, .notSent("x"), .other("X"),
    ]
    for failure in failures + ProxyFailure.allCases.map(Failure.proxy) {
      #expect(diagnosis.fault(of: failure).code == .target(error: failure.label, status: nil), "\(failure)")
      #expect(diagnosis.fault(error: failure.label, status: nil).code == diagnosis.fault(of: failure).code)
    }
    for flaw in ListReading.Flaw.allCases {
      #expect(FaultCode.target(error: flaw.rawValue, status: 200) == .targetList, "\(flaw)")
    }
  }

  @Test("the codes of the target are in the table, once each")
  func codes() {
    let codes = FaultCode.all.filter { $0.description.hasPrefix("PL-07") }
    #expect(codes.count == 17 && Set(codes).count == codes.count)
  }
}
