public import Base
import EventLog
public import Ledger
public import Provisioning
import Sealing
import Views

/// Erasing one person for good: the key goes, and with it everything that the log holds sealed about them.
public struct Erasure {
  private let ledger: Ledger
  private let actor: Actor

  /// Erasures in a ledger, done by `actor`.
  public init(in ledger: Ledger, actor: Actor) {
    self.ledger = ledger
    self.actor = actor
  }

  /// What an erasure would do; nothing is changed. Throws `FaultCode.alreadyErased` and the faults of log and views.
  public func plan(_ alias: String) throws -> ErasurePlan {
    try ledger.views.catchUp()
    let person = try person(alias)
    let recorded = try ledger.log.events(about: alias)
    let sealed = try recorded.filter { try ledger.codec.isSealed($0) }
    return ErasurePlan(
      alias: alias, obstacles: person.erasureObstacles, events: sealed.count,
      calls: sealed.count { $0.type == CallFinished.type || $0.type == CallStarted.type },
      remains: try remains(of: person))
  }

  private func person(_ alias: String) throws -> Person {
    guard let person = try ledger.views.person(alias) else {
      throw Fault(
        .personUnknown, "Nobody in the ledger has the alias \(alias); `provledger user list` shows everybody.")
    }
    if let erasure = person.erasure {
      throw Fault(
        .alreadyErased,
        "\(alias) was erased on \(erasure.time) (event \(erasure.position), reason \(erasure.reason.code)); nothing is left to erase."
      )
    }
    return person
  }

  /// Erases a person: refuses or records first, then deletes. `force` goes on in spite of what may be overridden.
  ///
  /// Throws the fault of the gravest obstacle, after `erasure.refused` was appended; the faults of log, keys and views.
  public func run(_ alias: String, reason: ErasureReason, force: Bool) async throws -> ErasureCertificate {
    let lock = try await ledger.lock(.cycle) { _ in }
    defer { withExtendedLifetime(lock) {} }
    let plan = try plan(alias)
    if let obstacle = plan.obstacles.first(where: { !force || !$0.canBeForced }) {
      let refused = ErasureRefused(reason: reason, obstacle: obstacle)
      try await ledger.append([Event(.user(alias), .erasureRefused(refused))], actor: actor)
      throw obstacle.fault(alias)
    }
    try await ledger.checkpoint()
    let erased = SubjectErased(reason: reason, forced: plan.obstacles, events: plan.events, calls: plan.calls)
    let positions = try await ledger.append([Event(.user(alias), .subjectErased(erased))], actor: actor)
    try ledger.finishErasures()
    let note = try await ledger.checkpoint().note.description
    let position = positions.first ?? 0
    let recorded = try ledger.log.read(from: position, limit: 1).first
    return ErasureCertificate(
      origin: ledger.configuration.origin, plan: plan, erased: erased, position: position,
      time: recorded?.time ?? ledger.clock(), actor: actor, checkpoint: note)
  }

  /// Places that the erasure does not reach although they may name the person.
  private func remains(of person: Person) throws -> [ErasureRemainder] {
    var remains: [ErasureRemainder] = []
    if let id = person.account.believed?.id {
      remains.append(person.account.believed?.active == true ? .activeAccount : .account)
      if ledger.configuration.protectedAccounts.contains(id) { remains.append(.configuration) }
      if try ledger.views.configurationNames(id) { remains.append(.recordedConfiguration) }
    }
    return remains
  }
}

/// What an erasure would do.
public struct ErasurePlan: Equatable, Sendable {
  /// The person.
  public var alias: String
  /// What stands in the way, the gravest first.
  public var obstacles: [ErasureObstacle]
  /// The number of events whose content would be gone.
  public var events: Int
  /// The number of events about calls among them.
  public var calls: Int
  /// What would stay elsewhere.
  public var remains: [ErasureRemainder]
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

/// What was erased, when, by whom: to be kept. It holds nothing about the person but the alias.
public struct ErasureCertificate: Equatable, Sendable {
  /// The name of the log.
  public var origin: String
  /// What was found and is gone.
  public var plan: ErasurePlan
  /// The event.
  public var erased: SubjectErased
  /// Where the event stands in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// Who did it.
  public var actor: Actor
  /// The signed statement of the log after it, as text.
  public var checkpoint: String
}

extension ErasureObstacle {
  /// The fault of an erasure that is refused for it, with the way out.
  public func fault(_ alias: String) -> Fault {
    switch self {
    case .legalHold:
      Fault(
        .erasureOnHold,
        "\(alias) is under a legal hold and was not erased; see `provledger legal-hold list`, and lift it first if it is over."
      )
    case .inDirectory:
      Fault(
        .erasureInDirectory,
        "\(alias) is in the directory and was not erased, since the next import would bring everything back; delete the user in Entra ID and import again first."
      )
    case .activeAccount:
      Fault(
        .erasureActiveAccount,
        "\(alias) has an active TeamViewer account and was not erased, since nobody would disable it afterwards; run `provledger deliver --until-idle` first, or say --force."
      )
    case .unverifiedDisable:
      Fault(
        .erasureUnverified,
        "No read has shown that the TeamViewer account of \(alias) is inactive, so nothing was erased; run `provledger deliver --until-idle` first, or say --force."
      )
    }
  }

  /// What is lost when it is overridden.
  public var loss: String {
    switch self {
    case .legalHold, .inDirectory: "this cannot be overridden"
    case .activeAccount: "the TeamViewer account stays active, and the ledger will never disable it"
    case .unverifiedDisable:
      "what is still to be sent to TeamViewer is dropped, and nobody sees whether the account is inactive"
    }
  }
}
