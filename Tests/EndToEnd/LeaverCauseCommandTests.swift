import Base
import GraphModel
import JSON
import Testing

@testable import Simulators

/// Why somebody has no account any more is said in the words of the cause, wherever one asks.
@Suite("Why somebody leaves, as commands", .timeLimit(.minutes(4)))
struct LeaverCauseCommandTests {
  /// Somebody, what happens to them, and what is said of it.
  private struct Cause {
    var person: String
    var reason: String
    var sentence: String
    var happen: @Sendable (inout Tenant, Timestamp) -> Bool
  }

  private static let causes = [
    Cause(person: "u1", reason: "NotEffectivelyEntitled", sentence: "the person is not assigned to the application") {
      tenant, _ in tenant.unassign("u1", from: "sp")
    },
    Cause(person: "u2", reason: "OutOfScope", sentence: "the scoping filter does not let the person in") {
      $0.change("u2", JSONObject(present: [("department", "IT")]), now: $1)
    },
    Cause(person: "u3", reason: "DisabledInSource", sentence: "the directory no longer lets the person sign in") {
      $0.change("u3", JSONObject(present: [("accountEnabled", false)]), now: $1)
    },
    Cause(person: "u4", reason: "SoftDeletedInSource", sentence: "in the directory's recycle bin") {
      $0.remove("u4", now: $1)
    },
    Cause(person: "u5", reason: "DeletedInSource", sentence: "deleted in the directory") { $0.purge("u5", now: $1) },
  ]

  private static func tenant() -> Tenant {
    let now = SystemClock.now()
    var tenant = Tenant(id: "contoso")
    var application = AppRegistration(id: "a", appId: "app", displayName: "ProvisioningLedger")
    application.permissions = AppRegistration.readingPermissions
    application.secrets = [
      ClientSecret(
        keyId: "k", displayName: "s", value: TenantStub.secret, start: now, end: now + .seconds(90 * 86_400))
    ]
    tenant.applications = [application]
    tenant.servicePrincipals = [ServicePrincipal(id: "sp", appId: "app", displayName: "TeamViewer")]
    for number in 1...40 {
      let properties = JSONObject(present: [
        ("userPrincipalName", .string("u\(number)@contoso.example")), ("displayName", .string("Person \(number)")),
        ("accountEnabled", true), ("department", "Sales"),
      ])
      _ = tenant.add(.user, "u\(number)", properties, now: now)
      _ = tenant.assign("u\(number)", to: "sp", now: now)
    }
    return tenant
  }

  private func serving(_ body: @Sendable @escaping (Stage, GraphSimulator) async throws -> Void) async throws {
    var settings = SimulatedGraph.Settings()
    (settings.replays, settings.emptyPages, settings.throttle) = (0, 0, nil)
    let graph = SimulatedGraph(tenant: Self.tenant(), settings: settings)
    try await GraphSimulator.serving(graph, logger: quiet) { graph, port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
      try stage.connect(to: "http://127.0.0.1:\(port)")
      try stage.configure("people: everybody", "people: assigned")
      try stage.configure(
        "filters: []", "filters: [{name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}]")
      try await stage.expect(0, "cycle", "run")
      try await body(stage, graph)
    }
  }

  @Test("each cause is said by why and by audit, and so is that it is gone")
  func causes() async throws {
    try await serving { stage, graph in
      for cause in Self.causes {
        #expect(graph.change { cause.happen(&$0.tenant, SystemClock.now()) }, "\(cause.person)")
      }
      try await stage.expect(0, "cycle", "run")
      for cause in Self.causes {
        let name = "\(cause.person)@contoso.example"
        let why = try await stage.expect(0, "why", name).output
        #expect(why.contains("Decided disable: \(cause.sentence)"), "\(cause.reason): \(why)")
        let rows = try await stage.expect(0, "audit", "--person", name, "--action", "disable", "--json").lines
        #expect(rows.count == 1, "\(cause.reason)")
        #expect(try JSONParser.parse(Array((rows.first ?? "").utf8))["reason"]?.string == cause.reason)
        let text = try await stage.expect(0, "audit", "--reason", cause.reason)
        #expect(text.lines.count == 2 && text.output.contains(name), "\(text.output)")
      }
      _ = graph.change { $0.tenant.restore("u4", now: SystemClock.now()) }
      try await stage.expect(0, "cycle", "run")
      let back = try await stage.expect(0, "why", "u4@contoso.example").output
      #expect(back.contains("active in the directory and in scope, and to have access again"), "\(back)")
    }
  }
}
