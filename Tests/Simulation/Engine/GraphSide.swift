import Base
import GraphModel
import HTTPTransport
import MicrosoftGraph
import Provisioning
import SCIM
import Synchronization

/// The tenant of a simulated company, in the process of the test. Time passes with every request, and the company lives on
/// meanwhile, so that a read of several pages sees it change.
final class GraphSide: Sendable {
  private static let origin = "http://127.0.0.1:1"
  private static let tenant = "contoso.example"
  private static let secret = "of the simulation"

  private struct State {
    var graph: SimulatedGraph
    var company: CompanyLife
    var now = World.beginning
    var random: SeededGenerator
    var seed: UInt64
    /// How often each path was asked for: a fault depends on that, and not on the order of the paths.
    var asked: [String: UInt64] = [:]
    var outages: [Life.Span]
    var isCalm = false
    /// The pages of users that were given; nil while nobody saves them.
    var pages: [[UInt8]]?

    /// Time passes; in the end the company lives no more.
    mutating func pass(to moment: Timestamp) {
      now = max(now, moment)
      if !isCalm { _ = company.advance(to: now - World.beginning, in: &graph.tenant, now: now) }
    }
  }

  private let state: Mutex<State>
  /// The application that reads, and the one that people are assigned to.
  private let client: String
  private let principal: String

  init(_ life: EngineLife, company: CompanyLife, seed: UInt64) {
    var tenant = company.tenant(id: "4f1c6a70-0000-4000-8000-000000000001", now: World.beginning)
    var application = AppRegistration(id: "a-1", appId: "app-1", displayName: "ProvisioningLedger")
    let end = World.beginning + World.day * 4000
    application.secrets = [
      ClientSecret(keyId: "k-1", displayName: "s", value: Self.secret, start: World.beginning, end: end)
    ]
    application.permissions = AppRegistration.readingPermissions
    tenant.applications = [application]
    client = application.appId
    principal = tenant.servicePrincipals.first?.appId ?? ""
    let faults = GraphFaultPlan(seed: seed, probability: life.faults, kinds: life.kinds)
    let graph = SimulatedGraph(tenant: tenant, settings: life.graph, faults: faults, seed: seed)
    state = Mutex(
      State(graph: graph, company: company, random: SeededGenerator(seed: seed), seed: seed, outages: life.outages))
  }

  // MARK: Time

  /// The present.
  var now: Timestamp { state.withLock { $0.now } }

  /// Time passes up to a moment, unless it is later already.
  func pass(to moment: Timestamp) { state.withLock { $0.pass(to: moment) } }

  private var waiting: Waiting {
    Waiting(
      now: { self.now }, sleep: { span in self.state.withLock { $0.pass(to: $0.now + span) } },
      draw: { self.state.withLock { Double($0.random.number(in: 0...999)) / 1000 } })
  }

  /// Nothing goes wrong from here on, and nothing changes.
  func calmDown() {
    state.withLock { state in
      state.isCalm = true
      state.graph.faults = GraphFaultPlan()
      state.graph.settings.throttle = .documented
      state.outages = []
    }
  }

  /// The changes before a moment are remembered no more: no link leads there.
  func forget(before moment: Timestamp) { state.withLock { $0.graph.tenant.forget(before: moment) } }

  /// The tenant as it stands.
  var directory: Tenant { state.withLock { $0.graph.tenant } }

  /// Somebody changes the tenant by hand.
  func change(_ body: (inout Tenant, Timestamp) -> Void) {
    state.withLock { state in body(&state.graph.tenant, state.now) }
  }

  // MARK: Reading

  /// Keeps the pages that are given from here on.
  func record() { state.withLock { $0.pages = [] } }

  /// The pages of users that were kept.
  func recorded() -> [[UInt8]] { state.withLock { $0.pages ?? [] } }

  /// What reads the tenant, as a connection over the network would.
  func source(reading attributes: [DirectoryAttribute]) throws -> GraphSource {
    let transport = Transport(answering: { self.answer($0) })
    let url = try ServiceURL(checking: "\(Self.origin)/v1.0")
    let authority = try ServiceURL(checking: Self.origin)
    let persistence = Persistence(transport, waiting)
    let diagnosis = GraphDiagnosis(url)
    let secret = Self.secret
    let tokens = AccessTokens(
      Application(tenant: Self.tenant, client: client, authority: authority, resource: "https://graph.microsoft.com"),
      by: .secret { secret }, over: persistence, waiting, diagnosis: diagnosis)
    return GraphSource(
      GraphClient(
        url, client: client, principal: principal, tokens: tokens, over: persistence, diagnosis: diagnosis,
        newID: { "request" }), reading: attributes)
  }

  private func answer(_ request: Transport.Request) -> Exchange {
    let request = Self.request(request)
    return state.withLock { state in
      state.pass(to: state.now + .milliseconds(state.random.number(in: 20...1500)))
      let now = state.now
      if state.outages.contains(where: { $0.contains(now) }) { return .failed(.refused) }
      let count = state.asked[request.path, default: 0]
      state.asked[request.path] = count + 1
      let place = request.path.utf8.reduce(state.seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
      state.graph.faults.reseed(place &+ count)
      let outcome = state.graph.react(to: request, now: now)
      state.pass(to: now + .milliseconds(outcome.latency))
      switch outcome.reaction {
      case .answer(let answer):
        if request.path.hasSuffix("/users/delta"), answer.status == 200 { state.pages?.append(answer.body) }
        return .response(SCIMResponse(status: answer.status, headers: answer.headers, body: answer.body))
      case .cutOff: return .failed(.truncated)
      case .reset: return .failed(.reset)
      case .silence:
        state.pass(to: state.now + .seconds(60))
        return .failed(.timeout)
      }
    }
  }

  private static func request(_ request: Transport.Request) -> SimulatedGraph.Request {
    let target = request.url.dropFirst(origin.count).split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { first, _ in first }
    return SimulatedGraph.Request(
      request.method, target.first.map(String.init) ?? "", query: target.count > 1 ? String(target[1]) : "",
      origin: origin, headers: headers, body: request.body ?? [])
  }
}
