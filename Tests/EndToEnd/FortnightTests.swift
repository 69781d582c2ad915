import Base
import Foundation
import GraphModel
import JSON
import Provisioning
import Subprocess
import Synchronization
import TeamViewerModel
import Testing

@testable import Simulators

/// A company's fortnight in seconds: `serve` and `cycle run` as processes, which are killed, between the simulated Graph
/// and the simulated TeamViewer over HTTP, both with faults. `PROVLEDGER_RUNS=20` lives so many of them.
@Suite("A fortnight of serve", .timeLimit(.minutes(10)))
struct FortnightTests {
  private static var runs: UInt64 {
    ProcessInfo.processInfo.environment["PROVLEDGER_RUNS"].flatMap(UInt64.init) ?? 1
  }

  @Test("Killed and hindered for fourteen days: converged, no account made twice, no leaver missed")
  func fortnight() async throws {
    for seed in 1...Self.runs {
      var random = SeededGenerator(seed: seed)
      var profile = FaultPlan.Profile.passing(probability: Double(random.number(in: 2...8)) / 100)
      (profile.delays, profile.retryAfterSeconds) = (20...100, 1...1)
      let plan = FaultPlan(seed: random.next(), profile: profile)
      let tenant = SimulatedTenant(seed: seed, people: Int(random.number(in: 30...60)))
      let chances = random
      try await Stage.serving(plan: plan, latency: 1...5) { stage, target in
        try await tenant.serving { graph, address in
          try stage.connect(to: address)
          // Two days' leavers of a small company are no reason to hold them.
          try stage.configure("minimum: 5", "minimum: 400")
          let life = Fortnight(seed: seed, random: chances, stage: stage, graph: graph, target: target, tenant: tenant)
          try await life.pass()
        }
      }
    }
  }
}

/// A tenant whose time a test sets.
private final class SimulatedTenant: Sendable {
  private static let beginning = SystemClock.now()

  private let passed = Mutex(Duration.zero)
  private let company: CompanyLife
  private let seed: UInt64

  init(seed: UInt64, people: Int) {
    self.seed = seed
    company = CompanyLife(seed: seed, people: people)
  }

  func pass(_ span: Duration) { passed.withLock { $0 += span } }

  func serving(_ body: @escaping @Sendable (GraphSimulator, String) async throws -> Void) async throws {
    var tenant = company.tenant(id: "contoso", now: Self.beginning)
    var application = AppRegistration(id: "a", appId: "app", displayName: "ProvisioningLedger")
    application.permissions = AppRegistration.readingPermissions
    application.secrets = [
      ClientSecret(
        keyId: "k", displayName: "s", value: TenantStub.secret, start: Self.beginning,
        end: Self.beginning + .seconds(100 * 86_400))
    ]
    tenant.applications = [application]
    var settings = SimulatedGraph.Settings()
    (settings.pageSize, settings.deltaTokenSeconds) = (7, 3 * 86_400)
    let kinds: [GraphFault.Kind] = [
      .error500, .truncatedBody, .reset, .cutJSON, .html200, .unauthorized, .tokenExpired, .expiredGone, .expiredPage,
      .emptyPage, .pageTwice,
    ]
    // One is certain, however few calls a slow machine makes.
    let certain = GraphFaultPlan.Scripted(GraphFault(.error500), after: 3)
    let faults = GraphFaultPlan(seed: seed, probability: 0.04, kinds: kinds, script: [certain])
    var configuration = GraphSimulator.Configuration()
    configuration.now = { Self.beginning + self.passed.withLock { $0 } }
    configuration.silence = .milliseconds(150)
    let graph = SimulatedGraph(tenant: tenant, settings: settings, faults: faults, seed: seed)
    try await GraphSimulator.serving(graph, life: company, configuration: configuration, logger: quiet) {
      try await body($0, "http://127.0.0.1:\($1)")
    }
  }
}

private struct Fortnight {
  let seed: UInt64
  let random: SeededGenerator
  let stage: Stage
  let graph: GraphSimulator
  let target: TeamViewerSimulator
  let tenant: SimulatedTenant

  func pass() async throws {
    var random = random
    var killed = 0
    for _ in 0..<14 { killed += try await day(&random) }
    // A life in which nothing went wrong would show nothing.
    #expect(killed > 0, "seed \(seed): no cycle was killed")
    #expect(graph.graph.carriedOut.values.reduce(0, +) > 0, "seed \(seed): Graph never failed")
    #expect(target.change { $0.faults }.values.reduce(0, +) > 0, "seed \(seed): TeamViewer never failed")
    graph.change { $0.faults = GraphFaultPlan() }
    target.change { $0.plan.profile = .none }
    let end = try await stage.run("serve") { serve in
      for _ in 0..<3 {
        try await stage.expect(0, "cycle", "run")
        try await settled()
        confirmAddresses()
      }
      try serve.send(.terminate)
    }
    #expect(end.code == 0, "seed \(seed): \(end.errors.suffix(600))")
    #expect(differences == [], "seed \(seed)")
    let created = target.model.creates
    #expect(created.values.allSatisfy { $0 == 1 }, "seed \(seed)")
    #expect(target.model.check() == [], "seed \(seed)")
    try await stage.expect(0, "verify")
    try await stage.expect(0, "views", "check")
    #expect(Endings(try stage.events()).problems == [], "seed \(seed)")
  }

  /// A day: `serve` delivers and is killed after some calls, `cycle run` reads meanwhile, and is killed, too. Returns how many
  /// of the cycles were.
  private func day(_ random: inout SeededGenerator) async throws -> Int {
    let reads = (0..<2).map { _ in random.chance(0.4) ? Int(random.number(in: 0...12)) : nil }
    let calls = Int(random.number(in: 1...40))
    let killed = Mutex(0)
    let end = try await stage.run("serve") { serve in
      let before = target.requests.count
      for limit in reads {
        tenant.pass(.seconds(43_200))
        if try await cycle(killedAfter: limit) { killed.withLock { $0 += 1 } }
      }
      await waiting { target.requests.count >= before + calls }
      confirmAddresses()
      try? serve.send(.kill)
    }
    #expect(end.signal == 9, "seed \(seed): \(end.errors.suffix(600))")
    return killed.withLock { $0 }
  }

  /// A cycle that is killed after a number of calls of Graph; nil lets it live. True when it was before it ended.
  private func cycle(killedAfter limit: Int?) async throws -> Bool {
    let before = graph.asked
    let end = try await stage.run("cycle", "run") { cycle in
      guard let limit else { return }
      await waiting { graph.asked >= before + limit }
      try? cycle.send(.kill)
    }
    return end.signal == 9
  }

  /// Waits a little, but never for what may not come.
  private func waiting(until isSo: () -> Bool) async {
    let latest = ContinuousClock.now + .milliseconds(600)
    while !isSo(), ContinuousClock.now < latest { try? await Task.sleep(for: .milliseconds(2)) }
  }

  private func settled() async throws {
    try await eventually("nothing is pending") {
      confirmAddresses()
      return differences.isEmpty
    }
  }

  /// As the mail that TeamViewer sends asks for.
  private func confirmAddresses() {
    target.change { teamViewer in
      for user in teamViewer.model.users { teamViewer.model.confirmEmail(user.id, now: SystemClock.now()) }
    }
  }

  /// Who is wrong at TeamViewer, by the tenant as it stands.
  private var differences: [String] {
    let users = graph.graph.tenant.all(.user).filter { $0.properties["accountEnabled"]?.bool == true }
    var wanted: [String: String] = [:]
    for user in users {
      let address = Address.folded(Address.ofGuest(user.properties["userPrincipalName"]?.string ?? ""))
      wanted[address] = DisplayName.mended(user.properties["displayName"]?.string ?? "")
    }
    let active = target.accounts.filter(\.value.active).mapValues(\.name)
    return Set(wanted.keys).union(active.keys).filter { wanted[$0] != active[$0] }.sorted()
  }
}

extension GraphSimulator {
  /// How many requests came so far.
  fileprivate var asked: Int { shared.withLock { $0.requests.entries.count } }
}
