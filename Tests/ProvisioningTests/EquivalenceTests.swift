import Base
import Directory
import Provisioning
import Testing

/// A directory that changes by chance, and how its states look as an export, as a first round and as a delta.
private struct ChangingDirectory {
  struct Member: Equatable {
    var name: String
    var enabled: Bool
  }

  var random: SeededGenerator
  private(set) var members: [String: Member] = [:]
  private var removed: [String: String] = [:]
  private var touched: [String] = []
  private var made = 0

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    for _ in 0..<Int.random(in: 15...40, using: &random) { join() }
    touched = []
  }

  private mutating func join() {
    made += 1
    members["u\(made)"] = Member(name: "Name \(made)", enabled: random.chance(0.8))
    touched.append("u\(made)")
  }

  /// Some people join, are renamed, disabled, enabled, removed, restored.
  mutating func change() {
    touched = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard let id = members.keys.sorted().randomElement(using: &random), members.count > 2 else { return join() }
      touched.append(id)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: join()
      case 1: members[id]?.name += "’"
      case 2: members[id]?.enabled.toggle()
      case 3:
        members[id] = nil
        removed[id] = random.chance(0.5) ? "changed" : "deleted"
      default:
        guard let back = removed.keys.sorted().randomElement(using: &random) else { continue }
        removed[back] = nil
        members[back] = Member(name: "Back \(back)", enabled: true)
        touched.append(back)
      }
    }
  }

  private func object(_ id: String, _ member: Member) -> String {
    #"{"id":"\#(id)","userPrincipalName":"\#(id)@x.example","displayName":"\#(member.name)","accountEnabled":\#(member.enabled)}"#
  }

  private func entry(_ id: String) -> String {
    members[id].map { object(id, $0) } ?? #"{"id":"\#(id)","@removed":{"reason":"\#(removed[id] ?? "deleted")"}}"#
  }

  private func everybody() -> [String] {
    members.keys.sorted().map { object($0, members[$0] ?? Member(name: "", enabled: true)) }
  }

  func export() throws -> DirectoryReading {
    try DirectoryReader.read(MemoryPages([("users.ndjson", Array(everybody().joined(separator: "\n").utf8))]))
  }

  /// Everybody over several pages, with objects that repeat, and those who were removed.
  mutating func firstRound() throws -> DirectoryReading {
    let repeated = everybody().filter { _ in random.chance(0.2) }
    var answer = try answer(repeated + removed.keys.sorted().map(entry) + everybody())
    return try answer.everybody()
  }

  mutating func delta() throws -> DirectoryReading {
    let repeated = touched.filter { _ in random.chance(0.3) }
    var answer = try answer((touched + repeated).map(entry))
    return try answer.changes()
  }

  private mutating func answer(_ objects: [String]) throws -> UsersAnswer {
    var answer = UsersAnswer()
    var rest = objects[...]
    var page = 0
    repeat {
      page += 1
      let count = Int.random(in: 0...4, using: &random)
      let part = rest.prefix(count).joined(separator: ",")
      rest = rest.dropFirst(count)
      let link = rest.isEmpty ? #""@odata.deltaLink":"https://x/d""# : #""@odata.nextLink":"https://x/\#(page)""#
      _ = try answer.add("page \(page)", Array(#"{\#(link),"value":[\#(part)]}"#.utf8))
    } while !rest.isEmpty
    return answer
  }
}

/// What a live read, its deltas and an export of one directory lead to.
@Suite("A directory decides the same however it is read")
struct EquivalenceTests {
  private struct Outcome: Equatable {
    var action: Decision.Action?
    var desired: DesiredAccount?
    var isPresent: Bool
  }

  private func outcomes(_ company: Company) -> [String: Outcome] {
    Dictionary(
      uniqueKeysWithValues: company.people.filter { $0.state == .present || $0.desired != nil }.map {
        ($0.alias, Outcome(action: $0.decision?.action, desired: $0.desired, isPresent: $0.state == .present))
      })
  }

  private static let unlimited = CyclePolicy(safeguard: SafeguardLimits(minimum: 1000, maximum: 1000, percent: 100))

  @Test("export, full read and delta, over several cycles", arguments: 0..<100 as Range<UInt64>)
  func equal(seed: UInt64) throws {
    var directory = ChangingDirectory(seed: seed)
    var byExport = Company(policy: Self.unlimited)
    var byRounds = Company(policy: Self.unlimited)
    var byDelta = Company(policy: Self.unlimited)
    for cycle in 0..<6 {
      byExport.run(try directory.export())
      byRounds.run(try directory.firstRound())
      byDelta.run(cycle == 0 ? try directory.firstRound() : try directory.delta())
      let expected = outcomes(byExport)
      #expect(outcomes(byRounds) == expected, "seed \(seed), cycle \(cycle)")
      #expect(outcomes(byDelta) == expected, "seed \(seed), cycle \(cycle)")
      directory.change()
    }
  }
}
