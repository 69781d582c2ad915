import Base
import Provisioning

/// A random walk of a directory, and what it shows each time.
struct RandomDirectory {
  var random: SeededGenerator
  var users: [String: DirectoryChange] = [:]
  var born = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func change(_ id: String) -> DirectoryChange {
    // Few addresses and names, so that people meet, and some that TeamViewer refuses.
    let number = Int.random(in: 0..<40, using: &random)
    let address = chance(8) ? "bad address" : chance(30) ? "A\(number)@Example.com" : "a\(number)@example.com"
    let name = chance(5) ? "X" : chance(10) ? String(repeating: "long ", count: 20) : "Name \(number)"
    var change = user(id, name: name, address: address, enabled: chance(80))
    if chance(10) { change.attributes[.displayName] = nil }
    return change
  }

  mutating func reading(_ number: Int) -> DirectoryReading {
    var delta: [DirectoryChange] = []
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      born += 1
      delta.append(change("p\(born)"))
    }
    if chance(30), born > 0 {
      // Somebody restored from the recycle bin, or just changed once more.
      let id = "p\(Int.random(in: 1...born, using: &random))"
      if !delta.contains(where: { $0.id == id }) { delta.append(change(id)) }
    }
    // Sorted, since a dictionary's own order differs from run to run.
    let loss = chance(15) ? 50 : 3
    for id in users.keys.sorted() where !delta.contains(where: { $0.id == id }) {
      if chance(loss) {
        delta.append(partial(id, state: chance(50) ? .softDeleted : .deleted))
      } else if chance(12) {
        delta.append(change(id))
      }
    }
    for change in delta {
      if change.state == .present {
        var merged = users[change.id] ?? change
        merged.attributes.merge(change.attributes)
        users[change.id] = merged
      } else {
        users[change.id] = nil
      }
    }
    if chance(60), !users.isEmpty {
      let all = users.sorted { $0.key < $1.key }.map(\.value)
      return DirectoryReading(kind: .snapshot, changes: all.shuffled(using: &random))
    }
    return DirectoryReading(kind: .delta(link: "link-\(number)"), changes: delta)
  }
}

/// Random histories of a company: readings, deliveries that come or do not, approvals, changes of configuration, and,
/// where they are wanted, plans that bring back an earlier moment.
enum Walk {
  /// One cycle of a history.
  struct Step {
    var before: Company
    var reading: DirectoryReading
    var outcome: CycleOutcome
    var after: Company
  }

  /// One plan that was applied.
  struct Restore {
    /// The company as it was at the moment.
    var past: Company
    var before: Company
    var plan: RestorePlan
    var outcome: RestoreOutcome
    var after: Company
  }

  /// Walks through some histories, and shows each cycle and each plan. Returns the number of the cycles' decisions.
  static func through(
    _ seeds: Range<UInt64>, restoring: ((Restore, String) -> Void)? = nil, _ check: (Step, String) -> Void
  ) -> Int {
    var decisions = 0
    for seed in seeds {
      var directory = RandomDirectory(seed: seed)
      var company = Company()
      var past: [Company] = []
      for number in 0..<12 {
        let place = "seed \(seed), cycle \(number)"
        if directory.chance(5) { company.policy.mapping.ssoCustomerId = "sso-\(number)" }
        let reading = directory.reading(number)
        let before = company
        let outcome = company.run(reading)
        decisions += outcome.decisionCount
        check(Step(before: before, reading: reading, outcome: outcome, after: company), place)
        if directory.chance(70) { company.deliver() }
        if let held = outcome.held, directory.chance(40) {
          company.append(Cycle.approve(held.id, policy: company.policy, people: company.people) ?? [])
        }
        guard let restoring else { continue }
        past.append(company)
        guard directory.chance(40), let moment = past.randomElement(using: &directory.random) else { continue }
        let disabling = directory.chance(50)
        let planned = company
        let plan = company.plan(asOf: moment, disablingCreated: disabling)
        guard let applied = company.apply(plan) else { continue }
        restoring(
          Restore(past: moment, before: planned, plan: plan, outcome: applied, after: company), place)
        if let held = applied.held, directory.chance(50) {
          company.append(Cycle.approve(held.id, policy: company.policy, people: company.people) ?? [])
        }
        if directory.chance(70) { company.deliver() }
      }
    }
    return decisions
  }
}
