import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM

/// A machine on a stage: given people, when TeamViewer answers, then events and calls.
struct Stage {
  var machine: Machine
  var now = Timestamp(milliseconds: 1_767_225_600_000)
  private(set) var events: [Event] = []
  private(set) var calls: [Call] = []
  private var position: Int64 = 100

  init(_ people: [Person] = [], condition: TargetCondition = TargetCondition(), settings: DeliverySettings = .init()) {
    machine = Machine(people: people, condition: condition, settings: settings, seed: 1)
    take(machine.start(at: now))
  }

  private mutating func take(_ effects: Machine.Effects) {
    events += effects.events
    calls += effects.calls
  }

  /// The types of the events since the last time.
  mutating func told() -> [String] {
    defer { events = [] }
    return events.map(\.payload.type)
  }

  mutating func pass(_ span: Duration) {
    now = now + span
    take(machine.wake(at: now))
  }

  mutating func observe(_ event: Event, by actor: Actor = "tests") {
    position += 1
    take(machine.observe(LoggedEvent(event, position: position, time: now, actor: actor), now: now))
  }

  /// The call that left first is answered last.
  mutating func delayFirst() { calls.append(calls.removeFirst()) }

  mutating func stop() { take(machine.stop(at: now)) }

  /// Answers the oldest call that is on its way, and returns it; nil when there is none.
  @discardableResult
  mutating func answer(_ exchange: Exchange) -> Call? {
    guard !calls.isEmpty else { return nil }
    let call = calls.removeFirst()
    now = now + .milliseconds(10)
    take(machine.receive(exchange, for: call.id, at: now))
    return call
  }

  /// The newest payload of a kind.
  func last<Kind: Payload>(_ kind: Kind.Type) -> Kind? {
    events.reversed().lazy.compactMap { $0.payload.value as? Kind }.first
  }
}

extension Exchange {
  static func status(_ status: Int, _ json: JSONValue? = nil, headers: [String: String] = [:]) -> Exchange {
    .response(SCIMResponse(status: status, headers: headers, body: json.map { Array($0.text.utf8) } ?? []))
  }

  static func account(
    _ id: String, _ address: String, _ name: String, active: Bool = true, status: Int = 200
  ) -> Exchange {
    .status(status, user(id, address, name, active: active))
  }

  static func page(_ users: JSONValue...) -> Exchange {
    .status(200, ListResponse(totalResults: users.count, resources: users).json)
  }

  static func user(_ id: String, _ address: String, _ name: String, active: Bool = true) -> JSONValue {
    SCIMUser(id: id, userName: address, displayName: name, active: active).json
  }

  static var html: Exchange {
    .response(SCIMResponse(status: 200, headers: ["content-type": "text/html"], body: Array("<html>".utf8)))
  }
}

extension Person {
  /// Ada as decided: to be created, or linked and to be changed.
  static func ada(
    _ action: Decision.Action = .create, active: Bool = true, name: String = "Ada Lovelace",
    linked: RemoteAccount? = nil
  ) -> Person {
    var person = Person(alias: "ada")
    var user = DirectoryUser(id: "1")
    user.attributes = [.userPrincipalName: .text("ada@contoso.com"), .displayName: .text(name)]
    person.evolve(.userObserved(UserObserved(state: active ? .present : .absent, user: user)), at: 1)
    if let linked { person.evolve(.linked(AccountLinked(.created, linked)), at: 2) }
    let desired = DesiredAccount(userName: "ada@contoso.com", displayName: name, active: active)
    person.evolve(.decided(Decision(action, .newInScope, desired: desired)), at: 3)
    return person
  }

  static let linkedAccount = RemoteAccount(
    id: "u1", userName: "ada@contoso.com", displayName: "Ada Lovelace", active: true)
}
