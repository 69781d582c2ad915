import Base
import CoreSupport
import Provisioning

/// Cycles over the world's own directory, appended in pieces: a crash may come between two of them.
extension World {
  mutating func cycle() {
    guard let directory else { return }
    closeCutOff()
    cycles += 1
    let id = "c\(cycles)"
    let policy = CyclePolicy(safeguard: SafeguardLimits(minimum: 1_000))
    var cycle = Cycle(
      id: id, policy: policy, people: People(people.values.sorted { $0.alias < $1.alias }.map(settled)),
      unfinished: unfinished, isPolicyNew: false)
    let outcome = cycle.run(directory.reading(), safeguard: "s\(cycles)") { "p-\($0)" }
    let events = outcome.events
    defer { approve(outcome.held, policy) }
    // The first is whole: an account of somebody who left before any cycle had finished is nobody's to disable.
    guard cycles > 1, !isCalm, random.chance(life.piecemeal) else { return announce(events) }
    unfinished.insert(id)
    let kept = Int(random.number(in: 1...Int64(events.count - 1)))
    announce(Array(events[..<kept]))
    // Else the power goes between the two.
    if random.chance(0.7) { plan(.piece(Array(events[kept...]), cycle: id), at: now + sometime(600)) }
  }

  /// When all is calm an operator has seen to it that so many have left.
  private mutating func approve(_ held: HeldPeople?, _ policy: CyclePolicy) {
    guard isCalm, let held else { return }
    let people = people.values.sorted { $0.alias < $1.alias }
    announce(Cycle.approve(held.id, policy: policy, people: people) ?? [])
  }

  /// The last piece of a cycle is there.
  mutating func finishCycle(_ events: [Event], _ cycle: String) {
    announce(events)
    unfinished.remove(cycle)
  }

  /// Whoever has the turn of cycles closes the one that was cut off.
  private mutating func closeCutOff() {
    let id = "c\(cycles)"
    guard unfinished.contains(id) else { return }
    announce([Event(.cycle(id), .cycleInterrupted(CycleInterrupted(position: Int64(log.count))))])
  }

  /// A person as the finished cycles leave them.
  private func settled(_ person: Person) -> Person {
    guard let cycle = person.decisionCycle, unfinished.contains(cycle) else { return person }
    var settled = Person(alias: person.alias)
    for (place, event) in log.enumerated() where event.subject == person.alias {
      if case .decided = event.payload, event.correlation.map(unfinished.contains) == true { continue }
      settled.evolve(.told(event, at: Int64(place + 1)))
    }
    settled.decisionCycle = cycle
    return settled
  }

  /// A write must carry nothing of a cycle that has not finished.
  func checkFinished(_ event: Event) throws {
    guard case .callStarted(let started) = event.payload, log.indices.contains(Int(started.decision) - 1),
      let cycle = log[Int(started.decision) - 1].correlation, unfinished.contains(cycle)
    else { return }
    throw Problem(.unfinishedCycle, "\(event.subject ?? "") gets decision \(started.decision) of \(cycle)")
  }
}
