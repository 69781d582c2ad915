import Base
import GraphModel
import JSON
import Simulators
import Testing

@Suite("The control side of the simulator of Graph")
struct GraphControlTests {
  private typealias Caller = GraphSimulatorTests.Caller

  private func serving(
    control: String? = nil,
    _ body: @Sendable @escaping (GraphSimulator, GraphSimulatorTests.Caller) async throws -> Void
  ) async throws {
    try await GraphSimulator.serving(
      GraphSimulatorTests.graph(), configuration: .init(controlToken: control), logger: silentLogger
    ) { simulator, port in
      try await body(simulator, Caller(origin: "http://127.0.0.1:\(port)"))
    }
  }

  @Test("it is for whoever has the control token, and for no page in a browser")
  func strangers() async throws {
    try await serving(control: "control") { _, caller in
      func status(_ headers: [(String, String)]) async throws -> Int {
        try await caller.ask("GET", "/_simulator/state", "", headers).status
      }
      let token = ("Authorization", "Bearer control")
      let found = [
        try await status([token]), try await status([]), try await status([token, ("Origin", "https://x.example")]),
      ]
      #expect(found == [200, 401, 403])
    }
  }

  @Test("users, groups and assignments are made and changed as the portal would")
  func tenant() async throws {
    try await serving { simulator, caller in
      let made = try await caller.control(
        "users", #"[{"id":"a","userPrincipalName":"a@x.example"},{"userPrincipalName":"b@x.example"}]"#)
      let other = try #require(made.json?["ids"]?.array?.last?.string)
      #expect(made.json?["ids"]?.array?.first == "a" && other.count == 36)
      #expect(try await caller.control("users", #"[{"userPrincipalName":"A@X.example"}]"#).status == 409)
      #expect(try await caller.control("users", "{}").status == 400)
      let group = try await caller.control("groups", #"[{"id":"g","displayName":"G","securityEnabled":true}]"#)
      #expect(group.status == 200)
      #expect(try await caller.control("groups/g", #"{"add":["a","\#(other)"],"displayName":"H"}"#).status == 200)
      #expect(try await caller.control("groups/g", #"{"drop":["a"]}"#).status == 200)
      #expect(try await caller.control("groups/g", #"{"drop":["a"]}"#).status == 409)
      #expect(try await caller.control("users/a", #"{"department":"IT","manager":"\#(other)"}"#).status == 200)
      #expect(try await caller.control("assignments", #"{"principal":"g"}"#).status == 200)
      var tenant = simulator.graph.tenant
      #expect(tenant.members(of: "g") == [other] && tenant.object("g")?.properties["displayName"] == "H")
      #expect(tenant.manager(of: "a") == other && tenant.object("a")?.properties["department"] == "IT")
      #expect(tenant.assignments.last?.principal == "g")
      #expect(try await caller.control("users/a", #"{"remove":true}"#).status == 200)
      #expect(try await caller.control("users/a", #"{"mail":"x"}"#).status == 409)
      #expect(try await caller.control("users/a", #"{"restore":true}"#).status == 200)
      #expect(try await caller.control("users/\(other)", #"{"purge":true}"#).status == 200)
      #expect(try await caller.control("assignments", #"{"principal":"g","remove":true}"#).status == 200)
      #expect(try await caller.control("assignments", #"{"principal":"nobody"}"#).status == 409)
      tenant = simulator.graph.tenant
      #expect(tenant.object("a") != nil && tenant.object(other) == nil && tenant.manager(of: "a") == nil)
    }
  }

  @Test("an application gets other credentials and permissions; tokens end at once")
  func application() async throws {
    try await serving { _, caller in
      var caller = caller
      let body =
        #"{"permissions":["Organization.Read.All"],"secrets":[{"value":"new","end":"2099-01-01T00:00:00.000Z"}]}"#
      #expect(try await caller.control("applications/client", body).status == 200)
      #expect(try await caller.signIn()?["error_codes"] == [7_000_215])
      caller.token = try #require(try await caller.signIn("client_secret=new")?["access_token"]?.string)
      #expect(try await caller.get("/v1.0/users").status == 403)
      #expect(try await caller.get("/v1.0/organization").status == 200)
      #expect(try await caller.control("tokens").status == 200)
      #expect(try await caller.get("/v1.0/organization").status == 401)
      let federated = #"{"federated":[{"issuer":"i","subject":"s"}]}"#
      #expect(try await caller.control("applications/client", federated).status == 200)
      #expect(try await caller.control("applications/other", "{}").status == 404)
    }
  }

  static let settings = #"""
    {"page_size":7,"member_slice":3,"latency":1,"access_token_seconds":60,"delta_token_seconds":61,"page_token_seconds":62,
    "replication_seconds":2,"replays":0.25,"empty_pages":0,"expiry":"syncStateNotFound","shows_removed":true,
    "throttle":{"units":9,"seconds":3},"faults":{"seed":5,"probability":0.5,"kinds":["reset"],
    "script":[{"kind":"429-seconds","next":2,"after":1,"path":"/token","retryAfterSeconds":9}]}}
    """#

  @Test("settings are set and shown; reset goes back to the start")
  func settings() async throws {
    try await serving { simulator, caller in
      let before = try await caller.ask("GET", "/_simulator/settings").json
      let shown = try #require(try await caller.control("settings", Self.settings).json)
      let (now, plan) = (simulator.graph.settings, simulator.graph.faults)
      #expect(now.pageSize == 7 && now.memberSlice == 3 && now.latency == 1 && now.accessTokenSeconds == 60)
      #expect(now.deltaTokenSeconds == 61 && now.pageTokenSeconds == 62 && now.replicationSeconds == 2)
      #expect(now.replays == 0.25 && now.emptyPages == 0 && now.expiry == .syncStateNotFound && now.showsRemoved)
      #expect(now.throttle == Throttle(units: 9, seconds: 3) && plan.probability == 0.5 && plan.kinds == [.reset])
      let fault = GraphFault(.tooManyRequestsSeconds, retryAfterSeconds: 9)
      #expect(plan.script == [.init(fault, next: 2, after: 1, path: "/token")])
      #expect(shown["faults"]?["script"]?.array?.count == 1 && shown["page_size"] == 7)
      #expect(try await caller.control("settings", #"{"throttle":"off"}"#).json?["throttle"] == "off")
      #expect(try await caller.control("reset").status == 200)
      #expect(try await caller.ask("GET", "/_simulator/settings").json == before)
    }
  }

  static let refused = [
    "", "[]", #"{"unknown":1}"#, #"{"page_size":0}"#, #"{"page_size":"7"}"#, #"{"replays":2}"#, #"{"expiry":"soon"}"#,
    #"{"throttle":{"units":0}}"#, #"{"faults":{"kinds":["nonsense"]}}"#, #"{"faults":{"probability":2}}"#,
    #"{"faults":{"script":[{"next":1}]}}"#, #"{"faults":[]}"#, #"{"page_size":9,"unknown":1}"#,
  ]

  @Test("a wrong setting is refused with a sentence, and nothing changes")
  func refusals() async throws {
    try await serving { _, caller in
      let before = try await caller.ask("GET", "/_simulator/settings").json
      for text in Self.refused {
        let answer = try await caller.control("settings", text)
        #expect(answer.status == 400 && answer.json?["error"]?.string?.isEmpty == false, "\(text)")
      }
      #expect(try await caller.ask("GET", "/_simulator/settings").json == before)
      #expect(try await caller.control("nothing").status == 404)
      #expect(try await caller.ask("GET", "/_simulator/nothing").status == 404)
    }
  }
}
