import Base
import EventLog
import JSON
public import Ledger
public import Operations
import Provisioning
import Views

/// A ledger's life from a seed: cycles over changing exports, and a worker with all kinds of luck in between.
public struct History {
  private let place: TestLedger
  private let ledger: OpenLedger
  private var random: SeededGenerator
  private var operators: Operators
  private var people: [Exported] = []
  private var born = 0
  private var files = 0
  /// True when somebody is to leave in each cycle.
  private var isLosing = false

  /// A life that begins in an empty ledger.
  public init(_ place: TestLedger, _ ledger: OpenLedger, seed: UInt64) {
    self.place = place
    self.ledger = ledger
    random = SeededGenerator(seed: seed)
    operators = Operators(place, ledger, seed: seed)
  }

  /// Erases somebody who has left, in spite of all that may be overridden; the alias, or nil when there is nobody.
  public mutating func erase() async throws -> String? {
    let people = try ledger.everybody().filter { $0.erasure == nil && $0.erasureObstacles.allSatisfy(\.canBeForced) }
    guard let reason = ErasureReason("other"), let person = people.randomElement(using: &random) else { return nil }
    _ = try await Erasure(in: ledger, actor: "operator").run(person.alias, reason: reason, force: true)
    return person.alias
  }

  /// Some rounds of cycle, delivery and approval, and of erasures when they are wanted.
  public mutating func live(rounds: Int, erasing: Bool = false, losing: Bool = false) async throws {
    isLosing = erasing || losing
    for _ in 0..<rounds {
      if erasing, random.chance(0.7) { _ = try await erase() }
      let summary = try await cycle()
      place.clock.advance(.seconds(60))
      try await deliver()
      try await operators.act()
      if let held = summary.held, random.chance(0.5) {
        _ = try await SafeguardApproval.approve(held.id, in: ledger, actor: "operator")
      }
      try await targetEvents()
      place.clock.advance(.seconds(3600))
    }
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  // MARK: Cycles

  /// One cycle over an export of a random form.
  public mutating func cycle() async throws -> CycleSummary {
    var delta: [JSONValue] = []
    if people.count > 12, random.chance(0.25) {
      for person in people.prefix(8) { delta.append(Export.removed(person.id)) }
      people.removeFirst(8)
    }
    if isLosing, people.count > 3 {
      let lost = people.remove(at: number(0...people.count - 1))
      delta.append(Export.removed(lost.id))
    }
    for index in people.indices where random.chance(0.2) {
      people[index].name = "Renamed \(number(0...99))"
      if random.chance(0.3) { people[index].address = "moved\(number(0...30))@example.com" }
      if random.chance(0.2) { people[index].isEnabled.toggle() }
      delta.append(people[index].json)
    }
    for _ in 0...number(2...6) {
      born += 1
      // One letter that has two forms in Unicode.
      people.append(Exported("p\(born)", name: "Zo\u{eb} Person \(born)"))
      delta.append(people[people.count - 1].json)
    }
    removeDoubles()
    files += 1
    let path =
      switch files == 1 ? 0 : number(0...2) {
      case 0: try place.write("export-\(files)", Export.csv(people))
      case 1: try place.write("export-\(files)", Export.ndjson(people))
      default: try place.write("export-\(files)", Export.delta(delta, link: "link-\(files)"))
      }
    return try await DirectoryImport(into: ledger, actor: "operator").run(paths: [path])
  }

  /// A snapshot may hold each sign-in name once only.
  private mutating func removeDoubles() {
    var names = Set<String>()
    for index in people.indices where !names.insert(people[index].address).inserted {
      people[index].address = "\(people[index].id)@example.com"
      names.insert(people[index].address)
    }
  }

  // MARK: The worker

  /// What the worker would append about everybody who waits, with all kinds of luck.
  public mutating func deliver() async throws {
    var events: [Event] = []
    for person in try ledger.everybody() where person.isPending && !person.isSetAsideByOperator {
      guard let desired = person.desired else { continue }
      for payload in payloads(person, desired) { events.append(Event(.account(person.alias), payload)) }
    }
    try await ledger.append(events, actor: "worker")
  }

  private mutating func payloads(_ person: Person, _ desired: DesiredAccount) -> [EventPayload] {
    let isNew = person.account.believed == nil
    let account = RemoteAccount(
      id: person.account.believed?.id ?? "u\(number(1000...999_999))", userName: desired.userName,
      displayName: desired.displayName, active: desired.active)
    let purpose: CallPurpose = isNew ? .create : .change
    let decision = person.decisionPosition
    let call = person.account.calls + 1
    let started = EventPayload.callStarted(
      CallStarted(call: call, purpose: purpose, decision: decision, userName: desired.userName, body: ["active": true]))
    func finished(
      _ outcome: CallFinished.Outcome, _ status: Int?, _ purpose: CallPurpose, error: String? = nil
    ) -> EventPayload {
      .callFinished(
        CallFinished(
          call: purpose.isWrite ? call : 0, purpose: purpose, operation: purpose.isWrite ? "POST /Users" : "GET /Users",
          outcome: outcome, status: status, error: error, milliseconds: 31, account: outcome == .done ? account : nil,
          detail: outcome == .refused ? "said \(desired.userName)" : nil))
    }
    func link(_ how: AccountLinked.How) -> [EventPayload] { isNew ? [.linked(AccountLinked(how, account))] : [] }
    func completed(_ how: DeliveryCompleted.How) -> EventPayload {
      .deliveryCompleted(DeliveryCompleted(how, decision: decision))
    }
    if isNew, !desired.active, person.account.unanswered == nil { return [completed(.noAccount)] }
    switch number(0...9) {
    case 0: return [started]
    case 1: return [started, finished(.unknown, nil, purpose, error: "timeout")]
    case 2:
      return [started, finished(.unknown, nil, purpose, error: "timeout"), finished(.done, 200, .readBack)]
        + link(.readBack) + [completed(.readBack)]
    case 3: return link(.matched) + [completed(.alreadySo)]
    case 4:
      let now = place.clock.moment
      let parked = DeliveryParked(
        .entryConflict, decision: decision, attempt: 1, since: now, retry: now + .seconds(21_600), status: 409,
        detail: "taken")
      return [started, finished(.refused, 409, purpose, error: "conflict"), .deliveryParked(parked)]
    case 5 where person.account.parked != nil:
      return [.deliveryAbandoned(DeliveryAbandoned(.entryConflict, decision: decision))]
    case 6 where !desired.active:
      return [
        started, finished(.done, 200, purpose), .accountVerified(AccountVerified(isGone: true)), completed(.noAccount),
      ]
    default:
      let verified: [EventPayload] =
        desired.active
        ? [] : [finished(.done, 200, .verify), .accountVerified(AccountVerified(isGone: false, account: account))]
      return [started, finished(.done, 201, purpose)] + link(.created) + verified + [completed(.call)]
    }
  }

  /// Pauses, quarantines and full reads.
  private mutating func targetEvents() async throws {
    let now = place.clock.moment
    switch number(0...3) {
    case 0: try await ledger.target(.targetPaused(TargetPaused(until: now + .seconds(2), refusals: 1, status: 429)))
    case 1:
      try await ledger.target(
        .quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    case 2: try await ledger.target(.quarantineLeft(QuarantineLeft(.probe)))
    default:
      try await ledger.target(
        .callFinished(
          CallFinished(
            call: 0, purpose: .list, operation: "GET /Users", outcome: .done, status: 200, milliseconds: 70, pages: 2,
            count: 190)))
    }
  }
}

extension OpenLedger {
  /// All people in an order that the seed alone gives: their aliases are new in each run.
  func everybody() throws -> [Person] {
    try views.catchUp()
    return try views.people().people.sorted { ($0.user?.id ?? $0.alias) < ($1.user?.id ?? $1.alias) }
  }
}
