import Base
import Foundation
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Synchronization
import Testing

/// `target test`, `doctor` and `deliver` give one account of what is wrong with a target (cases A6 to A9).
@Suite(.timeLimit(.minutes(5)))
struct HostileTargetTests {
  /// What a target answers to everything, and what all three say of it.
  struct Situation: CustomTestStringConvertible, Sendable {
    var name: String
    var code: String
    /// The exit of `target test`, and of `deliver`.
    var exits: (test: Int, deliver: Int)
    var status = HTTPResponse.Status.ok
    var type = "application/json"
    var headers: [String: String] = [:]
    var body = ""
    /// The body of `GET /Users`; nil for the same as everywhere.
    var users: String?
    var testDescription: String { name }
  }

  private static func user(_ number: Int) -> String {
    #"{"id":"u\#(number)","userName":"a\#(number)@contoso.example","displayName":"A","active":true}"#
  }

  private static func list(_ total: Int, _ entries: [String]) -> String {
    #"{"totalResults":\#(total),"Resources":[\#(entries.joined(separator: ","))]}"#
  }

  static let situations: [Situation] = [
    .init(name: "401", code: "PL-0703", exits: (77, 77), status: .unauthorized),
    .init(name: "403", code: "PL-0704", exits: (77, 77), status: .forbidden),
    .init(name: "404", code: "PL-0715", exits: (69, 69), status: .notFound, body: "{}"),
    .init(name: "500", code: "PL-0716", exits: (69, 69), status: .internalServerError, body: "{}"),
    .init(name: "a web page", code: "PL-0714", exits: (69, 69), type: "text/html", body: "<html>Sign in</html>"),
    .init(name: "429", code: "PL-0717", exits: (75, 69), status: .tooManyRequests, body: "{}"),
    .init(name: "no body", code: "PL-0715", exits: (69, 69)),
    .init(
      name: "no entry can be read", code: "PL-0718", exits: (69, 69), body: "{}", users: list(1, [#"{"id":"u1"}"#])),
    .init(
      name: "a page that is always the same", code: "PL-0718", exits: (69, 69), body: "{}",
      users: list(30, (1...10).map(user))),
    .init(name: "an end before the total", code: "PL-0718", exits: (69, 69), body: "{}", users: list(2, [])),
  ]

  @Test("all three name the same cause", arguments: situations)
  func agree(_ situation: Situation) async throws {
    try await Answerer.serving { request, _ in
      let isList = request.uri.path.hasSuffix("/Users")
      return Self.response(situation, isList ? situation.users ?? situation.body : situation.body)
    } during: { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await Self.agree(stage, situation.code, situation.exits)
    }
  }

  @Test("nobody listens, and no TLS: the same")
  func noConnection() async throws {
    for (url, code) in [("http://127.0.0.1:1", "PL-0711"), ("https://127.0.0.1:1", "PL-0711")] {
      let stage = try Stage()
      try await stage.initialize(target: "\(url)/scim/v2")
      try await Self.agree(stage, code, (69, 69))
    }
    try await Answerer.serving("{}", type: "application/json") { port in
      let stage = try Stage()
      try await stage.initialize(target: "https://127.0.0.1:\(port)/scim/v2")
      try await Self.agree(stage, "PL-0713", (69, 69))
    }
  }

  @Test("a redirect is named, and nothing is sent to where it leads (A9)", arguments: [301, 302, 307, 308])
  func redirect(_ status: Int) async throws {
    let strayed = Mutex(0)
    try await Answerer.serving { _, _ in
      strayed.withLock { $0 += 1 }
      return Response(status: .ok)
    } during: { elsewhere in
      try await Answerer.serving { request, _ in
        Response(
          status: .init(code: status), headers: [.location: "http://127.0.0.1:\(elsewhere)\(request.uri.path)"])
      } during: { port in
        let stage = try Stage()
        try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
        try await Self.agree(stage, "PL-0715", (69, 69))
      }
    }
    #expect(strayed.withLock { $0 } == 0)
  }

  @Test(
    "JSON that is called text/html is taken by all (A9); what cannot be read of a list is passed over and named (A7)")
  func lenient() async throws {
    let accounts = Mutex<[Int: String]>([:])
    try await Answerer.serving { request, body in
      let headers: HTTPFields = [.contentType: "text/html"]
      if request.method == .post {
        let number = accounts.withLock { $0.count + 10 }
        let sent = try? JSONParser.parse(Array(body.utf8))
        let made =
          #"{"id":"u\#(number)","userName":"\#(sent?["userName"]?.string ?? "")","displayName":"\#(sent?["displayName"]?.string ?? "")","active":true}"#
        accounts.withLock { $0[number] = made }
        return Response(status: .created, headers: headers, body: .init(byteBuffer: ByteBuffer(string: made)))
      }
      guard request.uri.path.hasSuffix("/Users") else {
        return Response(status: .notFound, headers: headers, body: .init(byteBuffer: ByteBuffer(string: "{}")))
      }
      let entries = accounts.withLock { Array($0.values) } + [#"{"id":"u666","userName":null,"emails":[]}"#]
      let list = Self.list(entries.count, entries)
      return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: list)))
    } during: { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 3).csv))
      // One page with what can be read, and what cannot.
      accounts.withLock { $0[1] = Self.user(1) }
      let tested = try await stage.expect(0, "target", "test")
      #expect(tested.output.contains("u666 (userName)") && tested.output.contains("warning"))
      #expect(try await stage.expect(0, "doctor", "--json").output.contains("u666 (userName)"))
      let end = try await stage.expect(0, "deliver", "--until-idle", "--give-up-after", "20s")
      #expect(end.errors.split(separator: "\n").count { $0.contains("u666 (userName)") } == 1, "\(end.errors)")
      #expect(accounts.withLock { $0.count } == 4)
    }
  }

  @Test("other kinds of values, where the meaning is plain, are taken by all (A8)")
  func otherKinds() async throws {
    let list =
      #"{"totalResults":"2","Resources":[{"id":7,"emails":["user1@contoso.example"],"displayName":"User Number 1","active":1},{"id":"u8","userName":"other@contoso.example","active":"False"}]}"#
    try await Answerer.serving { request, _ in
      let isList = request.uri.path.hasSuffix("/Users")
      return Response(
        status: isList ? .ok : .notFound, headers: [.contentType: "application/json"],
        body: .init(byteBuffer: ByteBuffer(string: isList ? list : "{}")))
    } during: { port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)/scim/v2")
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 1).csv))
      #expect(try await stage.expect(0, "target", "test").output.contains("The list is whole: 2 accounts."))
      let end = try await stage.expect(0, "deliver", "--until-idle", "--give-up-after", "20s")
      #expect(end.output.contains("1 active"), "\(end.output)")
    }
  }

  private static func response(_ situation: Situation, _ body: String) -> Response {
    Response(
      status: situation.status, headers: [.contentType: situation.type],
      body: .init(byteBuffer: ByteBuffer(string: body)))
  }

  /// Runs all three, and `status` behind them.
  private static func agree(_ stage: Stage, _ code: String, _ exits: (test: Int, deliver: Int)) async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 2).csv))
    let test = try await stage.expect(exits.test, "target", "test", "--json")
    #expect(try JSONParser.parse(Array(test.output.utf8))["code"]?.string == code)
    let doctor = try await stage.run(["doctor", "--json"])
    #expect(doctor.output.contains(code), "\(doctor.output)")
    // What ends a run at once must do so before nothing has got through for long, however busy the machine is.
    let patience = exits.deliver == 69 ? "2s" : "20s"
    let end = try await stage.expect(exits.deliver, "deliver", "--until-idle", "--give-up-after", patience)
    #expect(end.errors.contains(code), "\(end.errors)")
    if exits.deliver == 69, code != "PL-0715" || end.errors.contains("PL-0805") {
      #expect(end.errors.contains("PL-0805: Nothing got through for 2 s, and 2 people are still pending; "))
    }
    let status = try JSONParser.parse(Array(try await stage.expect(0, "status", "--json").output.utf8))
    for block in status["closed"]?.array ?? [] { #expect(block["cause"]?.string == code, "\(status)") }
  }
}
