import Base
import EventLog
import Ledger
public import Provisioning
import Sealing
import Views

/// Erasing one person for good: the key goes, and with it everything that the log holds sealed about them.
public struct Erasure: OperationGroup {
  private let transaction: Transaction

  /// Erasures, in the turn of cycles.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  private var ledger: OpenLedger { transaction.ledger }

  /// What an erasure would do; nothing is changed. Throws `FaultCode.alreadyErased` and the faults of log and views.
  public func plan(_ alias: String) throws -> ErasurePlan {
    try ledger.views.catchUp()
    if try ledger.views.operators(alias).contains(alias) { return try operatorPlan(alias) }
    var plan = try plan(of: try Scene(ledger).person(alias))
    for double in try doubles(of: alias) {
      guard let other = try ledger.views.person(double), other.erasure == nil else { continue }
      plan.doubles.append(try self.plan(of: other))
    }
    for obstacle in plan.doubles.flatMap(\.obstacles) where !plan.obstacles.contains(obstacle) {
      plan.obstacles.append(obstacle)
    }
    return plan
  }

  private func plan(of person: Person) throws -> ErasurePlan {
    let sealed = try ledger.log.events(about: person.alias).filter { try ledger.codec.isSealed($0) }
    return ErasurePlan(
      alias: person.alias, stream: .user(person.alias), obstacles: person.erasureObstacles, events: sealed.count,
      calls: sealed.count { $0.type == CallFinished.type || $0.type == CallStarted.type },
      remains: try remains(of: person))
  }

  /// By which other aliases the ledger knew the person until a handover: what it says of them stands right before what it says
  /// of the person.
  private func doubles(of alias: String) throws -> [String] {
    var doubles: [String] = []
    var last: UserObserved?
    for event in try ledger.log.events(about: alias) where event.type == UserObserved.type {
      let logged = try ledger.codec.decode(event)
      guard case .userObserved(let observed) = logged.payload else { continue }
      // A handover gives the person to another source.
      if let last, last.source != observed.source { doubles += try double(given: logged).map { [$0] } ?? [] }
      last = observed
    }
    return doubles
  }

  /// The other alias that a handover gave up right before an observation.
  private func double(given observed: LoggedEvent) throws -> String? {
    guard observed.position > 2 else { return nil }
    let before = try ledger.codec.decode(ledger.log.read(from: observed.position - 2, limit: 2))
    guard let given = before.last, case .decided(let decision) = given.payload, decision.reason == .handedOver,
      decision.action == .skip, given.correlation == observed.correlation, given.subject != observed.subject,
      before.allSatisfy({ $0.subject == given.subject })
    else { return nil }
    return given.subject
  }

  /// Erases a person, or an operator: refuses or records first, then deletes. `force` goes on in spite of what may be
  /// overridden; `confirmed` is the plan that somebody has agreed to.
  ///
  /// Throws the fault of the gravest obstacle, after `erasure.refused` was appended; `FaultCode.erasureChanged` when what
  /// would be erased is no longer what was confirmed; `FaultCode.erasureUnfinished` when the log says so and a key or a file
  /// could not be cleared; the faults of log, keys and views.
  public func run(
    _ alias: String, reason: ErasureReason, force: Bool, confirmed: ErasurePlan? = nil
  ) async throws -> ErasureCertificate {
    let lock = try await transaction.take(.cycle)
    defer { withExtendedLifetime(lock) {} }
    let plan = try plan(alias)
    if let confirmed, confirmed.differs(from: plan) {
      throw Fault(
        .erasureChanged,
        "Something was recorded about \(alias) since you were asked; nothing was erased. Look again with --dry-run.")
    }
    if let obstacle = plan.obstacles.first(where: { !force || !$0.canBeForced }) {
      let refused = ErasureRefused(reason: reason, obstacle: obstacle)
      try await transaction.append([Event(plan.stream, .erasureRefused(refused))])
      throw obstacle.fault(alias)
    }
    try await ledger.checkpoint()
    let all = plan.doubles + [plan]
    let erasures = all.map {
      SubjectErased(reason: reason, forced: plan.obstacles, events: $0.events, calls: $0.calls)
    }
    let receipt = try transaction.certain(
      await transaction.append(zip(all, erasures).map { Event($0.stream, .subjectErased($1)) }))
    try ledger.finishErasures(of: all.map(\.alias))
    let note = try await ledger.checkpoint().note.description
    let recorded = try ledger.log.read(from: receipt.last, limit: 1).first
    return ErasureCertificate(
      origin: ledger.configuration.origin, plan: plan, erased: erasures[all.count - 1], position: receipt.last,
      time: recorded?.time ?? ledger.clock(), actor: transaction.actor, checkpoint: note)
  }

  /// An operator has no account at TeamViewer, and nothing stands in the way.
  private func operatorPlan(_ alias: String) throws -> ErasurePlan {
    let stream = Stream.operator(alias)
    let events = try ledger.log.events(of: [stream.description])
    return ErasurePlan(
      alias: alias, stream: stream, obstacles: [], events: try events.count { try ledger.codec.isSealed($0) }, calls: 0,
      remains: [])
  }

  /// Places that the erasure does not reach although they may name the person.
  private func remains(of person: Person) throws -> [ErasureRemainder] {
    var remains: [ErasureRemainder] = []
    if let id = person.account.believed?.id {
      remains.append(person.account.believed?.active == true ? .activeAccount : .account)
      if ledger.configuration.protectedAccounts.contains(id) { remains.append(.configuration) }
      if try ledger.everConfigured(id) { remains.append(.recordedConfiguration) }
    }
    return remains
  }
}

/// What an erasure would do.
public struct ErasurePlan: Equatable, Sendable {
  /// The person.
  public var alias: String
  /// The stream that will say so.
  public var stream: Stream
  /// What stands in the way, the gravest first.
  public var obstacles: [ErasureObstacle]
  /// The number of events whose content would be gone.
  public var events: Int
  /// The number of events about calls among them.
  public var calls: Int
  /// What would stay elsewhere.
  public var remains: [ErasureRemainder]
  /// The same for the other aliases by which the ledger knew the person until a handover.
  public var doubles: [ErasurePlan] = []

  /// True when more would be erased, or other obstacles overridden, than another plan says.
  func differs(from other: ErasurePlan) -> Bool {
    alias != other.alias || obstacles != other.obstacles || events != other.events || doubles != other.doubles
  }
}

/// A place that an erasure does not reach.
public enum ErasureRemainder: String, CaseIterable, Sendable {
  /// TeamViewer keeps the account, inactive: its SCIM interface cannot delete.
  case account
  /// TeamViewer keeps the account, active.
  case activeAccount = "active-account"
  /// `provledger.yaml` names the account under `safeguard.protectedAccounts`.
  case configuration
  /// A configuration that was recorded before does.
  case recordedConfiguration = "recorded-configuration"
}
