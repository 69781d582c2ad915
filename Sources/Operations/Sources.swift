import Base
import EventLog
import Ledger
public import Provisioning
import Sealing
import Views

/// Who owns whom: giving the people of one source to another, and letting a source go.
public struct Sources: OperationGroup {
  private let transaction: Transaction

  /// The sources of a ledger; who owns whom changes in the turn of cycles.
  public init(_ transaction: Transaction) { self.transaction = transaction }

  private var ledger: OpenLedger { transaction.ledger }

  /// Every source that owns somebody, and how many it owns. Throws the faults of log and views.
  public func list() throws -> [(source: DirectorySourceID, people: Int)] {
    try ledger.views.catchUp()
    return People(try ledger.views.people().people).sources
  }

  /// Compares two sources; nothing is changed.
  ///
  /// Throws `FaultCode.sourceUnknown` when the giving one owns nobody, or when the taking one has to be read first; the
  /// faults of log and views.
  public func plan(from: DirectorySourceID, to: DirectorySourceID, match: HandoverPlan.Match) throws -> HandoverPlan {
    try ledger.views.catchUp()
    let (people, size) = try ledger.views.people()
    let population = People(people)
    try refuseEmpty(from, population)
    if match == .userName, population.owned(by: to).isEmpty {
      throw Fault(
        .sourceUnknown,
        "The source \(to.name) owns nobody, so that there is no name to compare; read it first: `provledger import --source \(to.name) FILE`."
      )
    }
    var plan = HandoverPlan(
      id: ledger.codec.newID(), origin: ledger.configuration.origin, made: ledger.clock(), size: size, from: from,
      to: to, match: match)
    plan.compare(people)
    return plan
  }

  /// Appends what a plan says, all of it or nothing, and returns how many people have changed hands.
  ///
  /// Throws `FaultCode.planForeign`; `FaultCode.planOutdated` when anybody concerned has changed since; the faults of log
  /// and views.
  public func apply(_ plan: HandoverPlan) async throws -> Int {
    try Transaction.refuseForeign(plan.origin, ledger)
    return try await transaction.run(.cycle) { scene in
      let (people, position) = try scene.people()
      try Transaction.refuseEarlier(position, than: plan.size)
      return Decided(try scene.once(plan.id) { try plan.decide(people: people) }, plan.entries.count)
    }.answer
  }

  /// Lets a source go, and returns how many people nobody owns from here on. Their accounts are left as they are.
  ///
  /// Throws `FaultCode.sourceUnknown` when it owns nobody; the faults of log and views.
  public func detach(_ source: DirectorySourceID) async throws -> Int {
    let id = ledger.codec.newID()
    return try await transaction.run(.cycle) { scene in
      let people = People(try scene.people().people)
      try refuseEmpty(source, people)
      return Decided(people.detach(source, correlation: id), people.owned(by: source).count)
    }.answer
  }

  private func refuseEmpty(_ source: DirectorySourceID, _ people: People) throws {
    guard people.owned(by: source).isEmpty else { return }
    let names = people.sources.map(\.source.name).joined(separator: ", ")
    throw Fault(
      .sourceUnknown,
      "The source \(source.name) owns nobody; \(names.isEmpty ? "no source does yet" : "these do: \(names)").")
  }
}

extension Transaction {
  /// Throws `FaultCode.planForeign` for a plan about another log.
  static func refuseForeign(_ origin: String, _ ledger: OpenLedger) throws {
    if origin == ledger.configuration.origin { return }
    throw Fault(
      .planForeign,
      "The plan is of the log \(origin), and this ledger's is \(ledger.configuration.origin); name the right ledger with --ledger."
    )
  }

  /// Throws `FaultCode.planForeign` for a plan that knew more events than the log holds.
  static func refuseEarlier(_ position: Int64, than size: Int64) throws {
    if position >= size { return }
    throw Fault(.planForeign, "The plan was made when this log held more events than it does now; make a new plan.")
  }
}
