import Base
import CoreSupport
import Provisioning

/// A ledger in miniature: people folded from events, and cycles over them. A person's alias is the object id.
struct Company {
  var policy = CyclePolicy()
  private(set) var people: [Person] = []
  private(set) var position: Int64 = 0
  private var cycles = 0
  /// The policy by which the last cycle decided.
  private var decided: CyclePolicy?

  init(policy: CyclePolicy = CyclePolicy()) { self.policy = policy }

  /// A company of people who were imported and, if so wished, delivered.
  init(_ changes: [DirectoryChange], delivered: Bool = true, policy: CyclePolicy = CyclePolicy()) {
    self.policy = policy
    snapshot(changes)
    if delivered { deliver() }
  }

  subscript(id: String) -> Person? { people.first { $0.alias == id } }

  /// Folds events into the people that they are about.
  mutating func append(_ events: [Event]) {
    for event in events {
      position += 1
      guard let subject = event.subject else { continue }
      if self[subject] == nil { people.append(Person(alias: subject)) }
      for place in people.indices where people[place].alias == subject {
        people[place].evolve(event.payload, at: position)
      }
    }
  }

  mutating func append(_ id: String, _ payload: EventPayload) { append([Event(.account(id), payload)]) }

  /// What a cycle would append.
  func outcome(of reading: DirectoryReading, lookingAtAll: Bool = false) -> CycleOutcome {
    var cycle = Cycle(
      id: "cycle-\(cycles)", policy: policy, people: People(people), isPolicyNew: lookingAtAll || decided != policy)
    return cycle.run(reading, safeguard: "hold-\(cycles)", alias: { $0 })
  }

  /// True when the next cycle decides by another policy than the last.
  var isPolicyNew: Bool { decided != policy }

  /// What a cycle over changes would append that is given those alone whom they may concern.
  func outcomeOfFew(_ reading: DirectoryReading) -> CycleOutcome {
    let ids = Set(reading.changes.map(\.id))
    let few = people.filter { ids.contains($0.user?.id ?? "") || CycleConcern($0) == .always }
    var cycle = Cycle(
      id: "cycle-\(cycles)", policy: policy, people: People(few), of: People(people).population(ownedBy: .standard),
      isPolicyNew: false)
    return cycle.run(reading, safeguard: "hold-\(cycles)", alias: { $0 }) { addresses in
      people.filter { person in
        let address = person.desired?.userName ?? person.account.believed?.userName
        return CycleConcern(person) == .address || address.map { addresses.contains(Address.folded($0)) } == true
      }
    }
  }

  @discardableResult
  mutating func run(_ reading: DirectoryReading) -> CycleOutcome {
    cycles += 1
    let outcome = outcome(of: reading)
    decided = policy
    append(outcome.events)
    return outcome
  }

  @discardableResult
  mutating func snapshot(_ changes: [DirectoryChange]) -> CycleOutcome {
    run(DirectoryReading(kind: .snapshot, changes: changes))
  }

  @discardableResult
  mutating func delta(_ changes: [DirectoryChange]) -> CycleOutcome {
    run(DirectoryReading(kind: .delta(link: "link-\(cycles)"), changes: changes))
  }

  /// A plan that brings back the desired state of an earlier moment.
  func plan(asOf past: Company, disablingCreated: Bool = false) -> RestorePlan {
    let moment = Timestamp(milliseconds: past.position)
    var plan = RestorePlan(id: "plan-\(position)", origin: "log", asOf: moment, made: moment, size: position)
    plan.compare(people, disablingCreated: disablingCreated) { person in
      let then = past[person.alias]
      return RestorePlan.Past(decision: then?.decisionPosition ?? 0, desired: then?.desired)
    }
    return plan
  }

  /// Applies a plan; nil when it is refused.
  @discardableResult
  mutating func apply(_ plan: RestorePlan) -> RestoreOutcome? {
    let hold = "hold-of-\(plan.id)"
    guard let outcome = try? plan.decide(people: people, limits: policy.safeguard, safeguard: hold) else { return nil }
    append(outcome.events)
    return outcome
  }

  /// Brings everything pending to an obliging TeamViewer.
  mutating func deliver() {
    for person in people where person.isPending {
      guard let desired = person.desired else { continue }
      let id = person.account.believed?.id ?? "u-\(person.alias)"
      let account = RemoteAccount(
        id: id, userName: desired.userName, displayName: desired.displayName, active: desired.active)
      let isNew = person.account.believed == nil
      if isNew && !desired.active {
        append(person.alias, .deliveryCompleted(DeliveryCompleted(.noAccount, decision: person.decisionPosition)))
        continue
      }
      let purpose: CallPurpose = isNew ? .create : .change
      append(
        person.alias, .callStarted(started(person.account.calls + 1, purpose, person, userName: desired.userName)))
      append(person.alias, .callFinished(finished(purpose, .done, account)))
      if isNew { append(person.alias, .linked(AccountLinked(.created, account))) }
      append(person.alias, .deliveryCompleted(DeliveryCompleted(.call, decision: person.decisionPosition)))
    }
  }
}

func started(_ call: Int, _ purpose: CallPurpose, _ person: Person, userName: String?) -> CallStarted {
  CallStarted(call: call, purpose: purpose, decision: person.decisionPosition, userName: userName, body: nil)
}

func finished(_ purpose: CallPurpose, _ outcome: CallFinished.Outcome, _ account: RemoteAccount? = nil) -> CallFinished
{
  CallFinished(
    call: 1, purpose: purpose, operation: "PATCH /Users/{id}", outcome: outcome, status: 200, milliseconds: 7,
    account: account)
}

private let place = Fault.Place(file: "input")

/// A whole object of the directory; nil leaves the default, which follows from the id.
func user(_ id: String, name: String? = nil, address: String? = nil, enabled: Bool = true) -> DirectoryChange {
  partial(
    id,
    [
      .userPrincipalName: .text(address ?? "\(id)@example.com"), .displayName: .text(name ?? "Name of \(id)"),
      .accountEnabled: .flag(enabled),
    ])
}

/// An object of a delta with just these attributes.
func partial(
  _ id: String, state: DirectoryState = .present, _ attributes: DirectoryAttributes = [:]
) -> DirectoryChange {
  DirectoryChange(id: id, state: state, attributes: attributes, place: place)
}

/// The account that `user` with the same arguments maps to.
func account(_ id: String, name: String? = nil, address: String? = nil, active: Bool = true, sso: String? = nil)
  -> DesiredAccount
{
  DesiredAccount(
    userName: address ?? "\(id)@example.com", displayName: name ?? "Name of \(id)", active: active,
    ssoCustomerId: sso)
}

extension CycleOutcome {
  /// All decisions by person; a person with two would show in `decisionCount`.
  var decisions: [String: Decision] {
    var decisions: [String: Decision] = [:]
    for event in events {
      if case .decided(let decision) = event.payload, let subject = event.subject { decisions[subject] = decision }
    }
    return decisions
  }

  var decisionCount: Int { events.count { if case .decided = $0.payload { true } else { false } } }

  var observed: [String] {
    events.compactMap { if case .userObserved = $0.payload { $0.subject } else { nil } }
  }

  /// True when the cycle has nothing to say but that it was there.
  var isQuiet: Bool { events.map(\.payload.type) == [CycleStarted.type, CycleFinished.type] }
}
