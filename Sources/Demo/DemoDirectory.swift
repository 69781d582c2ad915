import Base
import GraphModel
import JSON
import Logging
import Simulators
import Synchronization

/// The simulated Entra ID, and the company that lives in it.
final class DemoDirectory: Sendable {
  /// Who signs in, and by what.
  static let tenant = "7f3c1a52-6f0e-4c5b-9a51-0c2f8d3e4b60"
  static let client = "2d4e8f10-93b7-4f6a-8c21-5b7a9e0d1c34"
  static let secret = "demo-secret-1234567"

  private let simulator: GraphSimulator
  private let life: Mutex<(company: CompanyLife, days: Int64)>

  private init(_ simulator: GraphSimulator, _ company: CompanyLife) {
    self.simulator = simulator
    life = Mutex((company, 0))
  }

  /// A directory on loopback as long as `body` runs, which is given it and its address.
  static func serving<Result: Sendable>(
    _ company: CompanyLife, seed: UInt64, logger: Logger,
    _ body: @Sendable @escaping (DemoDirectory, String) async throws -> Result
  ) async throws -> Result {
    let now = SystemClock.now()
    var tenant = company.tenant(id: Self.tenant, now: now)
    var application = AppRegistration(id: client, appId: client, displayName: "ProvisioningLedger")
    application.permissions = AppRegistration.readingPermissions
    application.secrets = [
      ClientSecret(keyId: client, displayName: "demo", value: secret, start: now, end: now + .seconds(180 * 86_400))
    ]
    tenant.applications = [application]
    var settings = SimulatedGraph.Settings()
    settings.latency = 5
    let graph = SimulatedGraph(tenant: tenant, settings: settings, seed: seed)
    return try await GraphSimulator.serving(graph, logger: logger) { simulator, port in
      try await body(DemoDirectory(simulator, company), "http://127.0.0.1:\(port)")
    }
  }

  /// The tenant as it is now.
  var tenant: Tenant { simulator.graph.tenant }

  /// A day passes, and in a small company as many as it takes until enough has happened; what did.
  func nextDay(until isEnough: ([CompanyLife.Step]) -> Bool) -> [CompanyLife.Step] {
    life.withLock { life in
      var steps: [CompanyLife.Step] = []
      for _ in 0..<100 {
        life.days += 1
        let elapsed = Duration.seconds(life.days * 86_400)
        steps += simulator.change { life.company.advance(to: elapsed, in: &$0.tenant, now: SystemClock.now()) }
        if isEnough(steps) { break }
      }
      return steps
    }
  }
}

extension [CompanyLife.Step] {
  /// `12 joined, 3 left`.
  var summary: String {
    var counts: [(word: String, count: Int)] = [
      ("joined", 0), ("changed", 0), ("left", 0), ("came back", 0), ("reassigned", 0),
    ]
    for step in self {
      switch step {
      case .joined: counts[0].count += 1
      case .changed: counts[1].count += 1
      case .left: counts[2].count += 1
      case .restored: counts[3].count += 1
      case .assigned, .unassigned: counts[4].count += 1
      case .purged: break
      }
    }
    let parts = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.word)" }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }

  /// True when somebody is new.
  var hasNewcomer: Bool { contains { if case .joined = $0 { true } else { false } } }

  /// The sign-in name of somebody whose name or department changed last.
  var changed: String? {
    compactMap { if case .changed(let person) = $0 { person.userPrincipalName } else { nil } }.last
  }
}

extension Tenant {
  /// The sign-in name of somebody who is there.
  var someName: String? { all(.user).first?.properties["userPrincipalName"]?.string }
}
