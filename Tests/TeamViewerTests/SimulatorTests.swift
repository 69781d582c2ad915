import AsyncHTTPClient
import Base
import HTTPTransport
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Provisioning
import SCIM
import Simulators
import TeamViewer
import TeamViewerModel
import Testing

@Suite("The simulator's control side")
struct SimulatorTests {
  /// Asks the control side; the shared client needs no shutdown.
  static func ask(_ url: TargetURL, _ method: String, _ route: String, _ body: String = "") async throws -> SCIMResponse
  {
    var request = HTTPClientRequest(url: "\(url.origin)/_simulator/\(route)")
    request.method = .RAW(value: method)
    request.body = .bytes(ByteBuffer(string: body))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    let bytes = try await response.body.collect(upTo: 1 << 20)
    return SCIMResponse(status: Int(response.status.code), body: Array(buffer: bytes))
  }

  static let switches: [(String, [String])] = [
    ("patch_add_as_replace", ["on", "off"]), ("bool_strings", ["accept", "reject"]),
    ("patchop_urn", ["both", "official"]),
    ("list_start_index", ["0", "echo"]), ("list_member_schemas", ["absent", "present"]),
    ("email_change", ["pending", "immediate"]), ("delete_user", ["405", "404", "501"]),
    ("patch", ["supported", "405", "501"]), ("discovery", ["404", "rfc"]),
    ("external_id", ["dropped", "stored"]), ("meta", ["absent", "present"]), ("duplicate_status", ["409", "400"]),
    ("error_shape", ["scim", "webapi"]), ("name_limits", ["on", "off"]), ("email_pattern", ["on", "off"]),
  ]

  @Test("every switch stands at its default and takes each of its values")
  func allSwitches() async throws {
    try await withSimulator(company()) { _, client in
      let before = try #require(try await Self.ask(client.url, "GET", "settings").json)
      for (name, values) in Self.switches {
        #expect(before[name]?.string == values.first)
        for value in values.reversed() {
          let answer = try await Self.ask(client.url, "POST", "settings", #"{"\#(name)":"\#(value)"}"#)
          #expect(answer.status == 200 && answer.json?[name]?.string == value)
        }
      }
      let after = try await Self.ask(client.url, "GET", "settings")
      #expect(after.json == before)
      #expect(!String(decoding: after.body, as: UTF8.self).contains(secret))
    }
  }

  @Test("pages in a browser are refused, names that were made to lead here too, and whoever has not the control token")
  func strangers() async throws {
    try await withSimulator(company(), control: "control") { _, client in
      func status(_ method: String, _ headers: [(String, String)]) async throws -> UInt {
        var request = HTTPClientRequest(url: "\(client.url.origin)/_simulator/settings")
        request.method = .RAW(value: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if method == "POST" { request.body = .bytes(ByteBuffer(string: "{}")) }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status.code
      }
      let token = ("Authorization", "Bearer control")
      let found = [
        try await status("GET", [token]), try await status("POST", [token]), try await status("GET", []),
        try await status("POST", [("Authorization", "Bearer other")]),
        try await status("POST", [token, ("Origin", "https://evil.example")]),
        try await status("GET", [token, ("Host", "evil.example:80")]),
      ]
      #expect(found == [200, 200, 401, 401, 403, 403])
    }
  }

  @Test("tokens, limits, foreign accounts, latency and faults are set and shown")
  func settings() async throws {
    let text = #"""
      {"auth":[{"token":"new","scopes":["Users.Read"],"owner":"u1000001"}],
      "rate_limit":{"calls":1,"windowMilliseconds":60000,"refusal":"429"},"foreign_accounts":["f@x.example"],
      "latency":[1,2],"delete_user":501,"faults":{"seed":7,"probability":0.25,"kinds":{"reset-after":2,"503":1},
      "script":[{"kind":"429-seconds","next":2,"method":"GET","path":"/Users/{id}","retryAfterSeconds":9}],
      "outages":[{"from":"2026-01-02T03:04:05.000Z","to":"2026-01-02T03:05:05.000Z","kind":"no-answer-before"}]}}
      """#
    try await withSimulator(company()) { simulator, client in
      #expect(try await Self.ask(client.url, "POST", "settings", text).status == 200)
      let now = simulator.teamViewer
      let settings = now.model.settings
      #expect(settings.tokens == [.init("new", scopes: [.readUsers], owner: "u1000001")])
      #expect(settings.rateLimit == .init(calls: 1, windowMilliseconds: 60_000, refusal: .tooManyRequests))
      #expect(settings.foreignAccounts == ["f@x.example"] && settings.deleteUser == .notImplemented)
      #expect(now.latency == 1...2 && now.plan.generator == SeededGenerator(seed: 7))
      #expect(now.plan.profile.probability == 0.25 && now.plan.profile.weights == [.resetAfter: 2, .error503: 1])
      let fault = SimulatedFault(.tooManyRequestsSeconds, retryAfterSeconds: 9)
      #expect(now.plan.script == [.init(fault, next: 2, method: .get, pathTemplate: "/Users/{id}")])
      #expect(now.plan.outages.first?.fault.kind == .noAnswerBefore)
      let shown = try #require(try await Self.ask(client.url, "GET", "settings").json?["faults"])
      #expect(shown["kinds"] == ["503": 1, "reset-after": 2] && shown["script"]?.array?.count == 1)
    }
  }

  static let refused = [
    "", "[]", #"{"unknown":1}"#, #"{"meta":"perhaps"}"#, #"{"meta":true}"#, #"{"auth":[{}]}"#,
    #"{"auth":[{"token":"a","scopes":["Users.Fly"]}]}"#, #"{"rate_limit":{"calls":-1}}"#, #"{"latency":[2,1]}"#,
    #"{"faults":{"kinds":["nonsense"]}}"#, #"{"faults":{"probability":2}}"#,
    #"{"faults":{"script":[{"kind":"500","method":"LOOK"}]}}"#,
    #"{"faults":{"outages":[{"from":"now"}]}}"#, #"{"meta":"present","unknown":1}"#,
  ]

  @Test("a wrong setting is refused with a sentence, and nothing changes")
  func refusesSettings() async throws {
    try await withSimulator(company()) { _, client in
      let before = try await Self.ask(client.url, "GET", "settings").json
      for text in Self.refused {
        let answer = try await Self.ask(client.url, "POST", "settings", text)
        #expect(answer.status == 400 && answer.json?["error"]?.string?.isEmpty == false)
      }
      #expect(try await Self.ask(client.url, "GET", "settings").json == before)
    }
  }

  @Test("accounts are added and changed as the console would; reset goes back to the start")
  func accounts() async throws {
    try await withSimulator(company()) { simulator, client in
      let added = try await Self.ask(
        client.url, "POST", "accounts",
        #"[{"email":"a@x.example","name":"An Na","active":false,"administrator":true},{"email":"f@x.example","foreign":true}]"#
      )
      #expect(added.status == 201 && added.json == ["ids": ["u1000002", .null]])
      #expect(try await Self.ask(client.url, "POST", "accounts", #"[{"email":"F@x.example"}]"#).status == 409)
      #expect(try await Self.ask(client.url, "POST", "accounts", "{}").status == 400)
      _ = await client.send(.patchUser("u1000002", .init(operations: [.replace("userName", "n@corp.example")])))
      var state = try #require(try await Self.ask(client.url, "GET", "state").json)
      #expect(state["users"]?.array?.last?["pendingEmail"] == "n@corp.example")
      #expect(
        try await Self.ask(client.url, "POST", "accounts/u1000002", #"{"confirmEmail":true,"active":true,"name":"Na"}"#)
          .status == 200)
      #expect(simulator.teamViewer.model.user(id: "u1000002")?.email == "n@corp.example")
      #expect(try await Self.ask(client.url, "POST", "accounts/u1000002", #"{"remove":true}"#).status == 200)
      #expect(try await Self.ask(client.url, "POST", "accounts/u1000002", "{}").status == 404)
      state = try #require(try await Self.ask(client.url, "GET", "state").json)
      #expect(state["problems"] == [] && state["users"]?.array?.count == 1)
      #expect(try await Self.ask(client.url, "POST", "reset").status == 200)
      #expect(simulator.teamViewer.model.settings.foreignAccounts.isEmpty)
      #expect(try await Self.ask(client.url, "GET", "nothing").status == 404)
    }
  }

  @Test("the log names each request with its fault, from a number on")
  func log() async throws {
    let plan = FaultPlan(script: [.init(SimulatedFault(.resetBefore), method: .post)])
    try await withSimulator(company { $0.plan = plan }) { _, client in
      _ = await client.send(.createUser(SCIMUser(userName: "a@corp.example", displayName: "An Na")))
      _ = await client.send(.listUsers(count: 1))
      let log = try await Self.ask(client.url, "GET", "log").body.split(separator: UInt8(ascii: "\n"))
      let entries = try log.map { try JSONParser.parse($0) }
      #expect(entries.map { $0["n"] } == [1, 2] && entries.map { $0["method"] } == ["POST", "GET"])
      #expect(entries[0]["fault"] == "reset-before" && entries[0]["status"] == .null)
      #expect(entries[1]["path"] == "/scim/v2/Users?count=1" && entries[1]["status"] == 200)
      #expect(entries[1]["userAgent"] == "ProvisioningLedger")
      let rest = try await Self.ask(client.url, "GET", "log?after=1").body
      #expect(try JSONParser.parse(rest) == entries[1])
    }
  }

  @Test("a body that is no JSON is refused by the service itself")
  func noJSON() async throws {
    try await withSimulator(company()) { _, client in
      var request = HTTPClientRequest(url: client.url.description + "/Users")
      request.method = .POST
      request.headers.add(name: "authorization", value: "bearer \(secret)")
      request.body = .bytes(ByteBuffer(string: #"{"schemas":"#))
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
      let bytes = try await response.body.collect(upTo: 1 << 20)
      #expect(SCIMErrorResponse(try JSONParser.parse(Array(buffer: bytes)))?.scimType == "invalidSyntax")
    }
  }

  @Test("the state survives in its file; a file that is no state is refused")
  func stateFile() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "simulator-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    var configuration = TeamViewerSimulator.Configuration(stateFile: file.path)
    configuration.now = { Timestamp(milliseconds: 1_750_000_000_123) }
    let fresh = SimulatedTeamViewer(model: TeamViewerService(settings: .init(tokens: [.init(secret)])))
    let create = SCIMRequest.createUser(SCIMUser(userName: "a@corp.example", displayName: "An Na"))
    let saved = try await TeamViewerSimulator.serving(fresh, configuration: configuration, logger: silentLogger) {
      simulator, port in
      _ = try await withClient("http://127.0.0.1:\(port)/scim/v2") { await $0.send(create) }
      return simulator.teamViewer.model.state
    }
    #expect(!String(decoding: try Data(contentsOf: file), as: UTF8.self).contains(secret))
    let again = try TeamViewerSimulator(fresh, configuration: configuration, logger: silentLogger)
    #expect(again.teamViewer.model.state == saved)
    #expect(again.teamViewer.model.user(email: "a@corp.example")?.id == "u1000001")
    try Data("{}".utf8).write(to: file)
    #expect(throws: Fault.self) { try TeamViewerSimulator(fresh, configuration: configuration, logger: silentLogger) }
  }
}
