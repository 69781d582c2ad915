import Base
import JSON
import Provisioning
import Testing

@Suite("Restore: what holds for any history")
struct RestorePropertyTests {
  @Test("whoever was restored is decided again only when the cycle observes a change, and then exactly once")
  func stands() {
    var restored = 0
    var changed = 0
    _ = Walk.through(1000..<1060, restoring: { _, _ in }) { step, place in
      for person in step.before.people where person.decision?.reason == .restored {
        restored += 1
        let isObserved = step.outcome.observed.contains(person.alias)
        if isObserved { changed += 1 }
        #expect((step.outcome.decisions[person.alias] != nil) == isObserved, "\(place) \(person.alias)")
        if !isObserved { #expect(step.after[person.alias]?.decision == person.decision, "\(place) \(person.alias)") }
      }
      #expect(step.outcome.decisions.count == step.outcome.decisionCount, "\(place)")
      let seen = step.after.people.filter { $0.state == .present }.compactMap(\.user)
      let same = DirectoryReading(kind: .snapshot, changes: seen.map { partial($0.id, $0.attributes) })
      // Newcomers who were held are given an account by the first familiar snapshot.
      let waits = step.after.people.contains { $0.decision?.action == .held && $0.desired == nil }
      #expect(waits || step.after.outcome(of: same).isQuiet, "\(place)")
    }
    #expect(restored > 500 && changed > 50)
  }

  @Test("a plan gives each of its people what the moment had, or holds them, and touches nobody else")
  func exact() {
    var people = 0
    var held = 0
    func check(_ restore: Walk.Restore, _ place: String) {
      let entries = Dictionary(uniqueKeysWithValues: restore.plan.entries.map { ($0.alias, $0) })
      let untouched = Set(restore.plan.untouched.map(\.alias))
      for person in restore.after.people {
        let past = restore.past[person.alias]?.desired
        if let entry = entries[person.alias] {
          people += 1
          if person.decision?.action == .held {
            held += 1
            #expect(person.desired == entry.now && !entry.restored.active, "\(place) \(person.alias)")
          } else {
            #expect(person.desired == entry.restored, "\(place) \(person.alias)")
          }
        } else {
          #expect(person == restore.before[person.alias], "\(place) \(person.alias)")
          let isSame = person.desired?.active == true ? past?.active == true : past?.active != true
          #expect(isSame || untouched.contains(person.alias), "\(place) \(person.alias)")
        }
      }
      let active = restore.after.people.compactMap(\.desired).filter(\.active).map { Address.folded($0.userName) }
      let given = restore.plan.entries.filter(\.restored.active).map { Address.folded($0.restored.userName) }
      for address in given { #expect(active.count { $0 == address } == 1, "\(place)") }
      let meant = restore.before.people.count { $0.desired?.active == true }
      #expect(restore.outcome.counts[.disable] ?? 0 <= SafeguardLimits().limit(active: meant), "\(place)")
    }
    _ = Walk.through(1100..<1160, restoring: check) { _, _ in }
    #expect(people > 300 && held > 10)
  }
}
