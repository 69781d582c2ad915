import EventLog
import JSON
import Provisioning
import Sealing

/// A company's life as events, in the order in which imports and the worker append them: a first cycle that makes
/// everybody's account, then cycles that rename everybody.
struct Life: Sendable {
  /// A person's events in the first round and in three later ones.
  static let eventsAPerson: Int64 = 6 + 3 * 5
  private static let block = 100

  private let people: [(id: String, alias: String)]
  private var queue: [Event] = []
  private var round = 0
  private var next = 0
  /// Where the newest event made here stands in the log.
  private(set) var position: Int64

  /// As many people as `size` events are about; `position` is the newest of the log. Makes the people's keys.
  init(size: Int64, position: Int64, keys: SubjectKeys) throws {
    let count = max(Self.block, Int(size / Self.eventsAPerson))
    let ids = (0..<count).map { Self.id($0) }
    let subjects = try keys.subjects(for: ids)
    people = ids.map { ($0, subjects[$0]?.alias ?? "") }
    self.position = position
  }

  private static func id(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "5b2f0000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// The next events.
  mutating func events(_ count: Int) -> [Event] {
    while queue.count < count { live() }
    defer { queue.removeFirst(count) }
    return Array(queue.prefix(count))
  }

  /// Some people are imported, and their accounts brought in step.
  private mutating func live() {
    let range = next..<min(next + Self.block, people.count)
    let cycle = "0197c3e1-7a3b-7c40-8f00-\(String(repeating: "0", count: 12 - String(round).count))\(round)"
    var decisions: [Int64] = []
    for person in range {
      add(.user(people[person].alias), .userObserved(UserObserved(state: .present, user: user(person))), cycle)
      let decision =
        round == 0
        ? Decision(.create, .newInScope, desired: desired(person))
        : Decision(.update, .attributesChanged, desired: desired(person))
      decisions.append(add(.user(people[person].alias), .decided(decision), cycle))
    }
    for (person, decision) in zip(range, decisions) { deliver(person, decision) }
    next = range.upperBound
    if next == people.count {
      next = 0
      round += 1
    }
  }

  private mutating func deliver(_ person: Int, _ decision: Int64) {
    let stream = Stream.account(people[person].alias)
    let wanted = desired(person)
    let account = RemoteAccount(
      id: "u\(1_000_000 + person)", userName: wanted.userName, displayName: wanted.displayName, active: true)
    let purpose: CallPurpose = round == 0 ? .create : .change
    let started = CallStarted(
      call: round + 1, purpose: purpose, decision: decision, userName: wanted.userName,
      body: [
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": .string(wanted.userName),
        "displayName": .string(wanted.displayName), "active": true,
      ])
    add(stream, .callStarted(started))
    let finished = CallFinished(
      call: round + 1, purpose: purpose, operation: started.operation, outcome: .done, status: round == 0 ? 201 : 200,
      milliseconds: 83, account: account)
    add(stream, .callFinished(finished))
    if round == 0 { add(stream, .linked(AccountLinked(.created, account))) }
    add(stream, .deliveryCompleted(DeliveryCompleted(.call, decision: decision)))
  }

  @discardableResult
  private mutating func add(_ stream: Stream, _ payload: EventPayload, _ cycle: String? = nil) -> Int64 {
    queue.append(Event(stream, payload, correlation: cycle))
    position += 1
    return position
  }

  private func name(_ person: Int) -> String {
    round == 0 ? "Zo\u{eb} Person \(person)" : "Zo\u{eb} Person-\(round) \(person)"
  }

  /// The address of a person.
  static func address(_ person: Int) -> String { "zoe.person.\(person)@contoso.example.com" }

  private func address(_ person: Int) -> String { Self.address(person) }

  private func desired(_ person: Int) -> DesiredAccount {
    DesiredAccount(userName: address(person), displayName: name(person), active: true)
  }

  private func user(_ person: Int) -> DirectoryUser {
    DirectoryUser(
      id: people[person].id,
      attributes: [
        .userPrincipalName: .text(address(person)), .displayName: .text(name(person)), .accountEnabled: .flag(true),
        .mail: .text(address(person)), .givenName: .text("Zo\u{eb}"), .surname: .text("Person \(person)"),
        .userType: .text("Member"),
      ])
  }
}
