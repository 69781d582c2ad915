import Base
import Directory
import GraphModel
import JSON
import Ledger
import MicrosoftGraph
import Provisioning
import Testing

/// One living tenant, as a ledger reads it through Graph, as somebody saves its deltas, and as somebody exports it.
@Suite("A tenant decides the same however it is read")
struct EngineEquivalenceTests {
  /// What a cycle wants of somebody. Source, ids of events and the kind of an absence may differ: an export does not say
  /// whether who is missing lies in the recycle bin.
  private struct Want: Equatable {
    var action: Decision.Action
    var desired: DesiredAccount?
  }

  /// A ledger's people, without a ledger.
  private struct Memory {
    let policy: CyclePolicy
    var people: [String: Person] = [:]
    var position: Int64 = 0

    /// Of whom one cycle wants something else than before, and what.
    mutating func run(_ reading: DirectoryReading) -> [String: Want] {
      let known = People(people.values.sorted { $0.alias < $1.alias })
      var cycle = Cycle(id: "c\(position)", policy: policy, people: known, isPolicyNew: false)
      var wants: [String: Want] = [:]
      for event in cycle.run(reading, safeguard: "s", alias: { $0 }).events {
        position += 1
        guard let alias = event.subject else { continue }
        let before = people[alias]?.desired
        people[alias, default: Person(alias: alias)].evolve(
          LoggedEvent(event, position: position, time: World.beginning, actor: "test"))
        guard case .decided(let decision) = event.payload, decision.desired != before else { continue }
        wants[alias] = Want(action: decision.action, desired: decision.desired)
      }
      return wants
    }
  }

  @Test("live, saved delta and export, over thirty days", arguments: 1...20 as ClosedRange<UInt64>)
  func equal(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var life = EngineLife(&random, days: 30, people: 5...80)
    (life.faults, life.outages, life.graph.throttle, life.graph.replicationSeconds) = (0, [], nil, 0)
    life.graph.deltaTokenSeconds = 604_800
    var policy = try Rules(scope: 0, mapping: Rules(&random).mapping).policy().policy
    policy.safeguard = SafeguardLimits(minimum: 1000, maximum: 1000, percent: 100)
    let side = GraphSide(life, company: CompanyLife(seed: seed, people: life.people), seed: seed)
    let source = try side.source(reading: policy.sourceAttributes)
    let start = Memory(policy: policy)
    var (live, saved, exported) = (start, start, start)
    var mark: String?
    var decided = 0
    for cycle in 0..<12 {
      var reading: DirectoryReading?
      side.record()
      if let mark, case .reading(let changes) = try await source.changes(since: mark) { reading = changes }
      let first = try await reading == nil ? source.everybody() : nil
      guard let reading = reading ?? first else { continue }
      mark = reading.watermark
      let pages = side.recorded().enumerated().map { (name: "page\($0.offset).json", bytes: $0.element) }
      let file = try DirectoryReader.read(MemoryPages(pages), attributes: policy.sourceAttributes)
      let expected = exported.run(try export(side.directory, policy))
      #expect(live.run(reading) == expected, "seed \(seed), cycle \(cycle)")
      #expect(saved.run(file) == expected, "seed \(seed), cycle \(cycle)")
      decided += expected.count
      side.pass(to: side.now + .seconds(random.number(in: 3600...300_000)))
    }
    #expect(decided > life.people)
  }

  /// Everybody as a list of `/users`, one object a line.
  private func export(_ tenant: Tenant, _ policy: CyclePolicy) throws -> DirectoryReading {
    let lines = tenant.all(.user).map { user in
      var object = user.properties
      object["id"] = .string(user.id)
      return JSONValue.object(object).text
    }
    return try DirectoryReader.read(
      MemoryPages([("users.ndjson", Array(lines.joined(separator: "\n").utf8))]), attributes: policy.sourceAttributes)
  }
}
