import Base
import Cycles
import EventLog
import GraphModel
import JSON
import Ledger
import NetworkSupport
import Operations
import Provisioning
import Synchronization
import TestSupport

/// A ledger that reads a simulated tenant over HTTP, in one process.
final class TenantStage: Sendable {
  static let application = "aaaaaaaa-2222-4333-8444-555555555555"
  static let principal = "bbbbbbbb-2222-4333-8444-555555555555"
  static let secret = "simulated-secret"

  let place: TestLedger
  private let graph: Mutex<SimulatedGraph>
  private let asked = Mutex<[String]>([])
  private let hidden = Mutex<String?>(nil)

  private init(_ people: Int) throws {
    place = try TestLedger()
    var tenant = Tenant(id: "11111111-2222-4333-8444-555555555555")
    var application = AppRegistration(id: "app", appId: Self.application, displayName: "Ledger")
    application.permissions = AppRegistration.readingPermissions
    let now = SystemClock.now()
    application.secrets = [
      ClientSecret(keyId: "k", displayName: "one", value: Self.secret, start: now, end: now + .seconds(86_400 * 90))
    ]
    tenant.applications = [application]
    tenant.servicePrincipals = [
      ServicePrincipal(
        id: "sp", appId: Self.principal, displayName: "TeamViewer",
        roles: [GraphModel.AppRole(id: "r1", value: "Supporter", displayName: "Supporter")])
    ]
    for number in 1...people { _ = tenant.add(.user, "u\(number)", Self.properties(number), now: now) }
    var settings = SimulatedGraph.Settings()
    (settings.replays, settings.emptyPages, settings.throttle) = (0, 0, nil)
    graph = Mutex(SimulatedGraph(tenant: tenant, settings: settings))
  }

  static func properties(_ number: Int, _ more: [(String, JSONValue)] = []) -> JSONObject {
    JSONObject(
      present: [
        ("userPrincipalName", .string("u\(number)@contoso.example")), ("displayName", .string("Person \(number)")),
        ("accountEnabled", true),
      ] + more)
  }

  /// Serves a tenant of people `u1`, `u2`, …, of which a ledger knows nobody yet; `configure` is given pieces of the
  /// configuration to replace.
  static func serving(
    _ people: Int, configure: [(String, String)] = [], _ prepare: (inout Tenant) -> Void = { _ in },
    _ body: @Sendable @escaping (TenantStage) async throws -> Void
  ) async throws {
    let stage = try TenantStage(people)
    stage.change(prepare)
    try await ScriptedServer.serving {
      stage.answer($0)
    } _: { _, port in
      let origin = "http://127.0.0.1:\(port)"
      let secret = try stage.place.write("graph.secret", "\(Self.secret)\n")
      let pieces = [
        ("tenant: \"\"", "tenant: 11111111-2222-4333-8444-555555555555"), ("client: \"\"", "client: \(application)"),
        ("secret:\n      environment: \"\"\n      file: \"\"", "secret:\n      file: \(secret)"),
        ("servicePrincipal: \"\"", "servicePrincipal: \(principal)"),
        ("https://login.microsoftonline.com", origin), ("https://graph.microsoft.com", origin),
      ]
      for (piece, other) in pieces + configure { try stage.place.reconfigure(piece, with: other) }
      try await body(stage)
    }
  }

  /// Changes the tenant.
  func change(_ body: (inout Tenant) -> Void) { graph.withLock { body(&$0.tenant) } }

  /// Lists of users leave somebody out; nil for nobody.
  func hide(_ id: String?) { hidden.withLock { $0 = id } }

  /// The next call of a path, as scripts name it, goes wrong.
  func spoil(_ path: String, _ kind: GraphFault.Kind) {
    graph.withLock { $0.faults.script.append(.init(GraphFault(kind), path: path)) }
  }

  /// The paths that were asked for since this was called last.
  func requests() -> [String] {
    asked.withLock { asked in
      defer { asked = [] }
      return asked
    }
  }

  private func answer(_ request: ScriptedServer.Request) -> ScriptedServer.Answer {
    let parts = request.target.split(separator: "?", maxSplits: 1).map(String.init)
    asked.withLock { $0.append(parts[0]) }
    let message = SimulatedGraph.Request(
      request.method, parts[0], query: parts.count > 1 ? parts[1] : "",
      origin: "http://\(request.headers["host"] ?? "")", headers: request.headers, body: Array(request.body.utf8))
    let outcome = graph.withLock { $0.react(to: message, now: SystemClock.now()) }
    guard case .answer(let answer) = outcome.reaction else { return ScriptedServer.Answer(503, "") }
    let body = parts[0].hasSuffix("/users/delta") ? withoutHidden(answer.body) : answer.body
    return ScriptedServer.Answer(answer.status, String(decoding: body, as: UTF8.self), headers: answer.headers)
  }

  private func withoutHidden(_ body: [UInt8]) -> [UInt8] {
    guard let id = hidden.withLock({ $0 }), var page = (try? JSONParser.parse(body))?.object,
      let users = page["value"]?.array
    else { return body }
    page["value"] = .array(users.filter { $0["id"]?.string != id })
    return Array(JSONValue.object(page).text.utf8)
  }

  /// What a cycle did, and what it told on the way.
  struct Ran {
    var summary: CycleSummary
    var events: Int64
    /// How many people it looked at, at first sight; nil where it looked at nobody.
    var decidedAbout: Int?
    var hasDecided: Bool { decidedAbout != nil }
    var actions: [Decision.Action: Int] { summary.counts.decided }
  }

  /// Runs a cycle in a ledger that is opened for it.
  func cycle(full: Bool = false) async throws -> Ran {
    let ledger = try place.open()
    defer { try? ledger.close() }
    let size = try ledger.log.lastPosition()
    let decided = Mutex<Int?>(nil)
    let summary = try await GraphConnection.using(ledger) { connection in
      try await GraphCycle(over: connection.source, into: ledger, actor: .operator("olga")).run(full: full) {
        if case .cycle(.deciding(let people)) = $0 { decided.withLock { $0 = people } }
      }
    }
    return Ran(
      summary: summary, events: try ledger.log.lastPosition() - size, decidedAbout: decided.withLock { $0 })
  }

  /// Looks for leavers in a ledger that is opened for it.
  func leavers() async throws -> CycleSummary? {
    let ledger = try place.open()
    defer { try? ledger.close() }
    return try await GraphConnection.using(ledger) { connection in
      try await GraphCycle(over: connection.source, into: ledger, actor: .operator("olga")).leavers()
    }
  }
}
