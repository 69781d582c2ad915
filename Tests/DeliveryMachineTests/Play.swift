import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM

/// Just enough of a TeamViewer: accounts, found by address or id, made and changed.
struct SmallTeamViewer {
  var accounts: [RemoteAccount] = []
  var creates = 0
  /// Writes that changed nothing.
  var idleWrites = 0
  /// True for a TeamViewer that says 200 and does nothing.
  var isDeaf = false
  /// The status that refuses PATCH; nil when it is known.
  var refusesPatch: Int?
  /// True when answers to changes have no body.
  var isTerse = false

  mutating func answer(_ request: SCIMRequest) -> Exchange {
    let id = request.path.split(separator: "/").dropFirst().first.map(String.init)
    switch request.method {
    case .get where id == nil:
      let address = request.parameter("filter")?.split(separator: "\"").last.map(String.init)
      let found = accounts.filter { account in
        address.map { Address.folded(account.userName) == Address.folded($0) } ?? true
      }
      let users = found.map(Self.user)
      return .status(200, ListResponse(totalResults: users.count, resources: users).json)
    case .post: return create(AccountAttributes(sent: request.body))
    case .patch where refusesPatch != nil: return .status(refusesPatch ?? 405)
    default: return place(id).map { touch($0, request) } ?? .status(404, SCIMErrorResponse(status: 404).json)
    }
  }

  private func place(_ id: String?) -> Int? { accounts.firstIndex { $0.id == id } }

  private mutating func create(_ sent: AccountAttributes) -> Exchange {
    creates += 1
    guard let address = sent[.userName]?.text, let name = sent[.displayName]?.text else { return .status(400) }
    if accounts.contains(where: { $0.userName == address }) {
      return .status(409, SCIMErrorResponse(status: 409, scimType: "uniqueness").json)
    }
    let account = RemoteAccount(id: "c\(creates)", userName: address, displayName: name, active: true)
    accounts.append(account)
    return .status(201, Self.user(account))
  }

  private mutating func touch(_ place: Int, _ request: SCIMRequest) -> Exchange {
    if request.method != .get {
      var account = accounts[place]
      let sent = AccountAttributes(sent: request.body)
      account.userName = sent[.userName]?.text ?? account.userName
      account.displayName = sent[.displayName]?.text ?? account.displayName
      account.active = sent[.active]?.flag ?? account.active
      if account == accounts[place] { idleWrites += 1 }
      if !isDeaf { accounts[place] = account }
      if isTerse { return .status(204) }
    }
    return .status(200, Self.user(accounts[place]))
  }

  static func user(_ account: RemoteAccount) -> JSONValue {
    SCIMUser(
      id: account.id, userName: account.userName, displayName: account.displayName, active: account.active
    ).json
  }
}

/// A machine, its log and a small TeamViewer, in virtual time; processes may die at any point.
struct Play {
  var target = SmallTeamViewer()
  var now = Timestamp(milliseconds: 1_767_225_600_000)
  /// From the sending of a call to its answer, in milliseconds.
  var latency: ClosedRange<Int64> = 20...20
  /// What becomes of a call instead of its ordinary answer; nil for nothing special.
  var meddle: (inout SmallTeamViewer, Call) -> Exchange? = { _, _ in nil }
  private(set) var machine: Machine
  private(set) var people: [String: Person]
  private(set) var condition: TargetCondition
  private(set) var events: [Event] = []
  private(set) var sent: [Call] = []
  private var underWay: [(due: Timestamp, call: Call, exchange: Exchange)] = []
  private var random: SeededGenerator
  private let settings: DeliverySettings
  private var position: Int64 = 1000

  init(
    _ people: [Person], condition: TargetCondition = TargetCondition(), settings: DeliverySettings = .init(),
    seed: UInt64 = 1
  ) {
    self.people = Dictionary(people.map { ($0.alias, $0) }, uniquingKeysWith: { $1 })
    self.condition = condition
    self.settings = settings
    random = SeededGenerator(seed: seed)
    machine = Machine(people: people, condition: condition, settings: settings, seed: seed)
  }

  /// A new process; what was under way is lost.
  mutating func start() {
    underWay = []
    let all = people.values.sorted { $0.alias < $1.alias }
    machine = Machine(people: all, condition: condition, settings: settings, seed: random.next())
    take(machine.start(at: now))
  }

  /// An operator or a cycle says something.
  mutating func observe(_ event: Event) {
    append([event])
    take(machine.observe(event, at: position, now: now))
  }

  /// What the log then holds.
  private mutating func append(_ events: [Event]) {
    for event in events {
      position += 1
      self.events.append(event)
      if case .target = event.stream { condition.evolve(event.payload) }
      if let alias = event.subject {
        people[alias, default: Person(alias: alias)].evolve(event.payload, at: position)
      }
    }
  }

  private mutating func take(_ effects: Machine.Effects) {
    append(effects.events)
    for call in effects.calls {
      sent.append(call)
      let exchange = meddle(&target, call) ?? target.answer(call.request)
      underWay.append((now + .milliseconds(random.number(in: latency)), call, exchange))
    }
  }

  /// Lets the earliest thing happen: an answer, or a wake. False when nothing is to come before a moment.
  @discardableResult
  mutating func step(before end: Timestamp? = nil) -> Bool {
    let next = underWay.indices.min { underWay[$0].due < underWay[$1].due }
    let wake = machine.nextWake
    if let next, wake.map({ underWay[next].due <= max($0, now) }) ?? true {
      if let end, underWay[next].due > end { return false }
      let (due, call, exchange) = underWay.remove(at: next)
      now = max(now, due)
      take(machine.receive(exchange, for: call.id, at: now))
      return true
    }
    guard let wake, end.map({ wake <= $0 }) ?? true else { return false }
    now = max(now, wake)
    take(machine.wake(at: now))
    return true
  }

  /// Lets everything happen until the machine is idle; at most so many steps.
  mutating func run(steps: Int = 100_000) {
    for _ in 0..<steps where !machine.isIdle { if !step() { return } }
  }

  /// Lets a span of time pass.
  mutating func pass(_ span: Duration) {
    let end = now + span
    while step(before: end) {}
    now = end
    take(machine.wake(at: now))
  }

  /// The payloads of a kind, in order.
  func all<Kind: Payload>(_ kind: Kind.Type) -> [Kind] { events.compactMap { $0.payload.value as? Kind } }
}

extension Person {
  /// Somebody with a number, as decided: to be created, or linked to `u<number>` and to be changed.
  static func number(_ number: Int, active: Bool = true, isLinked: Bool = false) -> Person {
    var person = Person(alias: "p\(number)")
    let address = "p\(number)@contoso.com"
    var user = DirectoryUser(id: "\(number)")
    user.attributes = [.userPrincipalName: .text(address), .displayName: .text("New \(number)")]
    person.evolve(.userObserved(UserObserved(state: active ? .present : .absent, user: user)), at: 1)
    if isLinked {
      let account = RemoteAccount(id: "u\(number)", userName: address, displayName: "Old \(number)", active: true)
      person.evolve(.linked(AccountLinked(.created, account)), at: 2)
    }
    let desired = DesiredAccount(userName: address, displayName: "New \(number)", active: active)
    person.evolve(.decided(Decision(isLinked ? .update : .create, .newInScope, desired: desired)), at: 3)
    return person
  }

  /// Somebody with a number whose account is as wanted.
  static func delivered(_ number: Int) -> Person {
    var person = Person.number(number, isLinked: true)
    person.evolve(.linked(AccountLinked(.matched, .number(number))), at: 4)
    person.evolve(.deliveryCompleted(DeliveryCompleted(.alreadySo, decision: 3)), at: 5)
    return person
  }
}

extension RemoteAccount {
  /// The account of somebody with a number, as decided.
  static func number(_ number: Int, active: Bool = true) -> RemoteAccount {
    RemoteAccount(id: "u\(number)", userName: "p\(number)@contoso.com", displayName: "New \(number)", active: active)
  }
}

extension Event {
  /// A decision that somebody is to be inactive, as `Person.number` made them.
  static func leaves(_ number: Int) -> Event {
    let desired = DesiredAccount(userName: "p\(number)@contoso.com", displayName: "New \(number)", active: false)
    return Event(.user("p\(number)"), .decided(Decision(.disable, .absentFromSource, desired: desired)))
  }
}
