import Base
import CoreSupport
import HeapModule
import JSON
import Provisioning
import SCIM

@testable import DeliveryMachine

/// The machine as the world runs it: as it is, or spoilt by a mutation.
struct SpoiltMachine {
  private var machine: Machine
  private let mutation: Mutation?
  private var answers = 0
  /// The seconds that the newest answer asks for.
  private var retryAfter: Int64?

  init(
    people: [Person], condition: TargetCondition, unfinished: Set<String>, settings: DeliverySettings, seed: UInt64,
    mutation: Mutation?
  ) {
    var (people, condition, unfinished, settings) = (people, condition, unfinished, settings)
    switch mutation {
    case .readBackMissingAtStart: for place in people.indices { people[place].account.unanswered = nil }
    case .pauseForgottenAtStart: condition.pause = nil
    case .quotaForgottenAtStart: condition.reservations = []
    case .maintenanceIgnored: settings.maintenance = []
    case .driftNotRepaired: settings.repairsDrift = false
    case .unfinishedSent: unfinished = []
    default: break
    }
    machine = Machine(
      people: people, condition: condition, unfinished: unfinished, settings: settings, seed: seed)
    self.mutation = mutation
    if mutation != nil { spoil(Timestamp(milliseconds: 0)) }
  }

  var passedOver: [UnreadableAccount] { machine.passedOver }
  var isIdle: Bool { machine.isIdle }
  /// True when whoever is still unsettled was parked before: the end of a life may fall into a maintenance.
  var onlyRetries: Bool {
    let people = machine.people.indices.filter { machine.people[$0].attempt.isUnsettled }
    return machine.calls.isEmpty && machine.condition.requests.isEmpty
      && people.allSatisfy { machine.people[$0].known.account.parked != nil }
  }
  /// Why the machine is not idle, for whoever looks into a seed that fails.
  var occupation: String {
    let people = machine.people.indices.filter { machine.people[$0].attempt.isUnsettled }.map { machine.people[$0] }
    return """
      \(machine.unsettled) unsettled, \(machine.calls.count) calls, \(machine.condition.requests.count) requests, \
      \(machine.gate.state), waking at \(machine.nextWake?.description ?? "no time"): \(people)
      """
  }
  var isQuarantined: Bool { machine.isQuarantined }
  var isClosed: Bool { machine.isClosed }
  var nextWake: Timestamp? { machine.nextWake }
  var people: [Person] { machine.allPeople }
  var condition: TargetCondition { machine.condition }

  mutating func start(at now: Timestamp) -> Machine.Effects {
    let effects = machine.start(at: now)
    return mutation == nil ? effects : spoilt(effects, now)
  }

  /// Everything that has arrived, in order.
  mutating func take(_ inputs: [World.Input], at now: Timestamp) -> Machine.Effects {
    let inputs = mutation == nil ? inputs : inputs.compactMap { spoilt($0) }
    let effects = machine.take(
      inputs.map { input in
        switch input {
        case .answer(let call, let exchange): .answer(exchange, call: call.id)
        case .event(let event, let position): .event(.told(event, at: position))
        case .wake: .wake
        }
      }, at: now)
    return mutation == nil ? effects : spoilt(effects, now)
  }

  /// Takes back what was handed out and is not sent.
  mutating func holdBack(_ unsent: [Call], at now: Timestamp) -> Machine.Effects {
    let effects = machine.holdBack(unsent, at: now)
    return mutation == nil ? effects : spoilt(effects, now)
  }

  // MARK: Spoiling what goes in

  private mutating func spoilt(_ input: World.Input) -> World.Input? {
    switch input {
    case .answer(let call, let exchange): answer(to: call, exchange).map { .answer(call, $0) }
    case .event(let event, _): isHeard(event) ? input : nil
    case .wake: input
    }
  }

  private mutating func isHeard(_ event: Event) -> Bool {
    switch (mutation, event.payload) {
    case (.olderDecisionSent, .decided):
      event.subject.flatMap { machine.people.index(of: $0) }.map { !machine.people[$0].known.isPending } ?? true
    case (.operatorPauseIgnored, .deliveryPaused), (.holdIgnored, .deliveryHeld),
      (.staleListTrusted, .cycleStarted), (.unfinishedSent, .cycleStarted):
      false
    case (.parkedForGood, .cycleFinished), (.staleListTrusted, .cycleFinished): false
    default: true
    }
  }

  private mutating func answer(to call: Call, _ exchange: Exchange) -> Exchange? {
    answers += 1
    if case .response(let response) = exchange, case .seconds(let seconds) = response.retryAfter {
      retryAfter = min(seconds, 700_000)
    } else {
      retryAfter = nil
    }
    switch mutation {
    case .answersLost: return answers % 50 == 0 ? nil : exchange
    case .unknownTakenAsDone where call.purpose == .change:
      if case .failed(let failure) = exchange, failure.mayHaveArrived { return .response(SCIMResponse(status: 204)) }
    case .pageTakenAsDone where call.purpose == .change:
      if case .response(let response) = exchange, response.isHTML { return .response(SCIMResponse(status: 204)) }
    case .leaverNotVerified where call.purpose == .verify:
      guard case .response(let response) = exchange, var user = response.json?.object else { break }
      user["active"] = false
      return .response(SCIMResponse(status: response.status, json: .object(user)))
    default: return believed(exchange, call)
    }
    return exchange
  }

  /// An answer as a machine would see it that believes what it should not.
  private mutating func believed(_ exchange: Exchange, _ call: Call) -> Exchange {
    guard case .response(let response) = exchange, response.isSuccess, case .object(var object)? = response.json else {
      return exchange
    }
    switch mutation {
    case .idBelieved where call.request.path != "/Users":
      guard let id = call.request.path.split(separator: "/").last else { return exchange }
      object["id"] = .string(String(id))
    case .otherAccountLinked where call.purpose == .create:
      guard let id = object["id"]?.string else { return exchange }
      machine.holders[id] = nil
      machine.remote.remove(id)
      object["userName"] = call.request.body?["userName"]
    case .longIDTaken:
      guard let id = object["id"]?.string else { return exchange }
      object["id"] = .string(String(id.prefix(100)))
    case .repeatedEntriesBelieved where call.purpose == .list:
      object["Resources"] = Self.different(object["Resources"]?.array ?? [])
    case .shortListBelieved where call.purpose == .list:
      object["totalResults"] = .integer(Int64(object["Resources"]?.array?.count ?? 0))
    default: return exchange
    }
    return .response(SCIMResponse(status: response.status, json: .object(object)))
  }

  /// The entries of a page with an id of its own for each.
  private static func different(_ entries: [JSONValue]) -> JSONValue {
    var seen = Set<String>()
    return .array(
      entries.enumerated().map { place, entry in
        guard case .object(var user) = entry, let id = user["id"]?.string, !seen.insert(id).inserted else {
          return entry
        }
        user["id"] = .string("other\(place)")
        return .object(user)
      })
  }

  // MARK: Spoiling what it knows

  private mutating func spoil(_ now: Timestamp) {
    switch mutation {
    case .retryTimersDropped: machine.timers = Heap()
    case .pauseIgnored:
      machine.condition.pause = nil
      if case .closed(.targetPause, _) = machine.gate.state { machine.gate.state = .open }
    case .retryAfterTrusted:
      if let wait = retryAfter, case .closed(.targetPause, _) = machine.gate.state {
        machine.condition.pause = nil
        machine.gate.state = wait > 0 ? .closed(.targetPause, until: now + .seconds(wait)) : .open
      }
    case .pauseProbedAtWill: if machine.gate.earlyProbe != nil { machine.gate.earlyProbe = now }
    case .readBackTakenForGranted:
      for person in machine.people.indices where machine.people[person].known.account.unanswered != nil {
        guard !machine.people[person].attempt.isCalling, machine.condition.circuit != nil else { continue }
        machine.people[person].attempt.untoldRead = CallFinished(
          call: 0, purpose: .readBack, operation: "", outcome: .failed, status: nil, milliseconds: 0)
      }
    case .everythingAcknowledged:
      for person in machine.people.indices {
        machine.people[person].attempt.acknowledged = [.userName, .displayName, .active]
      }
    case .quarantineIgnored: if machine.gate.state == .quarantined { machine.gate.state = .open }
    case .staleListTrusted: machine.listing.isStale = false
    case .notFoundMeansGone:
      for person in machine.people.indices {
        // Nor is anybody asked who has the address.
        let isGone = machine.people[person].known.account.unlinked == .notFound
        if isGone { machine.people[person].attempt.isQueried = true }
        guard machine.people[person].attempt.link == .unknownID else { continue }
        machine.people[person].attempt.link = .gone
        machine.people[person].attempt.list = 0
        machine.listing.isStale = false
        machine.schedule(person)
      }
    case .holdersForgotten: machine.holders = [:]
    case .waitersForgotten: for person in machine.people.indices { machine.people[person].attempt.waiters = [] }
    case .parkedForGood:
      let timers = machine.timers.unordered.filter { machine.people[$0.person].known.account.parked == nil }
      machine.timers = Heap(timers)
    case .backoffDropped:
      if case .closed(.circuit, _) = machine.gate.state { machine.gate.state = .open }
      machine.listing.notBefore = nil
      for person in machine.people.indices where machine.people[person].attempt.notBefore != nil {
        machine.people[person].attempt.notBefore = nil
        machine.schedule(person)
      }
    default: break
    }
  }

  // MARK: Spoiling what comes out

  private mutating func spoilt(_ effects: Machine.Effects, _ now: Timestamp) -> Machine.Effects {
    var effects = effects
    spoil(now)
    switch mutation {
    case .pauseProbedAtWill, .backoffDropped, .pauseIgnored, .quarantineIgnored, .notFoundMeansGone, .retryAfterTrusted:
      let more = machine.wake(at: now)
      effects.events += more.events
      effects.calls += more.calls
    case .readBackMissing: forgetUnknown(&effects)
    case .linkNotKept:
      for place in effects.events.indices {
        // Another in its place, so that the machine's count of events stays right.
        guard case .linked = effects.events[place].payload else { continue }
        effects.events[place] = Event(.configuration, .configurationApplied(ConfigurationApplied(text: "")))
      }
    case .startNotLogged: for place in effects.calls.indices { effects.calls[place].after = 0 }
    case .sentTwice: effects.calls += effects.calls.filter(\.purpose.isWrite)
    default: break
    }
    return effects
  }

  private mutating func forgetUnknown(_ effects: inout Machine.Effects) {
    for place in effects.events.indices {
      guard case .callFinished(var finished) = effects.events[place].payload, finished.outcome == .unknown,
        let alias = effects.events[place].subject, let person = machine.people.index(of: alias)
      else { continue }
      finished.outcome = .failed
      effects.events[place].payload = .callFinished(finished)
      machine.people[person].known.evolve(.callFinished(finished), at: 0)
    }
  }
}
