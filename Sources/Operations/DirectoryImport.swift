public import Base
public import Directory
import EventLog
public import Ledger
public import Provisioning
import Sealing
import Views

/// What one cycle did, for the person who ran it.
public struct CycleSummary: Equatable, Sendable {
  /// The cycle's id.
  public var cycle: String
  /// What it did, in numbers of people.
  public var counts: CycleCounts
  /// The safeguard that holds people after it, and how many.
  public var held: HeldPeople?
  /// The position of the cycle's last event.
  public var position: Int64
  /// How many new people the input shows without `accountEnabled`: they count as enabled.
  public var assumedEnabled: Int
  /// The directory source that was read.
  public var source: DirectorySourceID
  /// How many people of the input another source owns now: nothing was said of them.
  public var passedOver: Int
}

/// One cycle from directory export files: read and check, observe, decide, append all of it in pieces; until the last one is
/// there, nothing of it counts.
public struct DirectoryImport {
  private let ledger: Ledger
  private let actor: Actor
  private let source: DirectorySourceID

  /// An import into a ledger, done by `actor`, of the people whom a source owns.
  public init(into ledger: Ledger, source: DirectorySourceID = .standard, actor: Actor) {
    self.ledger = ledger
    self.source = source
    self.actor = actor
  }

  /// Where an import is.
  public enum Progress: Sendable {
    /// Reading the files.
    case reading(DirectoryProgress)
    /// Another process holds the cycle lock.
    case waiting(LockHolder)
    /// Bringing the views up to date, up to a position.
    case projecting(Int64)
    /// Deciding about a number of people.
    case deciding(people: Int)
    /// Appending a number of events.
    case appending(events: Int)
  }

  /// Runs the cycle. Throws a `Fault`: for refused input nothing was appended; where the log failed, nothing of the cycle
  /// counts.
  public func run(
    paths: [String], format: DirectoryFormat?, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> CycleSummary {
    let reading = try await blocking {
      try DirectoryFiles.read(paths: paths, format: format) { progress(.reading($0)) }
    }
    let transaction = Transaction(in: ledger, by: actor) { progress(.waiting($0)) }
    let lock = try await transaction.take(.cycle)
    defer { withExtendedLifetime(lock) {} }
    try ledger.views.catchUp { progress(.projecting($0)) }
    try refuseStale(reading, paths)
    try await Records(in: ledger, actor: actor).configuration()
    let unfinished = try ledger.views.unfinishedCycles()
    let people = try settledPeople(without: unfinished)
    progress(.deciding(people: max(people.count, reading.changes.count)))
    let known = Set(people.lazy.filter { $0.source == source }.compactMap { $0.user?.id })
    let strangers = reading.changes.filter { !known.contains($0.id) }
    let assumed = strangers.count { $0.state == .present && $0.attributes[.accountEnabled] == nil }
    let subjects = try ledger.keys.subjects(for: strangers.map { source.subject($0.id) })
    let id = ledger.codec.newID()
    var cycle = Cycle(
      id: id, source: source, policy: ledger.configuration.policy, people: people, unfinished: unfinished)
    let outcome = try cycle.run(reading, safeguard: ledger.codec.newID()) { id in
      guard let subject = subjects[source.subject(id)] else {
        throw Fault(.keyMissing, "A new person got no key; try again.")
      }
      return subject.alias
    }
    progress(.appending(events: outcome.events.count))
    let receipt = try transaction.certain(await transaction.appendCycle(outcome.events))
    try ledger.views.catchUp { progress(.projecting($0)) }
    return CycleSummary(
      cycle: id, counts: outcome.counts, held: outcome.held, position: receipt.last, assumedEnabled: assumed,
      source: source, passedOver: outcome.passedOver)
  }

  /// Everybody, as cycles that have finished leave them: what one that was cut off decided does not count.
  private func settledPeople(without unfinished: Set<String>) throws -> [Person] {
    let people = try ledger.views.people().people
    if unfinished.isEmpty { return people }
    return try people.map { person in
      guard let cycle = person.decisionCycle, unfinished.contains(cycle) else { return person }
      var settled = Person(alias: person.alias)
      for logged in try ledger.codec.decode(try ledger.log.events(about: person.alias)) {
        let isDropped =
          if case .decided = logged.payload { logged.correlation.map(unfinished.contains) == true } else { false }
        if !isDropped { settled.evolve(logged) }
      }
      settled.decisionCycle = cycle
      return settled
    }
  }

  /// An older delta would turn newer values back. The newest may be read again: it changes nothing.
  private func refuseStale(_ reading: DirectoryReading, _ paths: [String]) throws {
    guard case .delta(let link) = reading.kind else { return }
    let (isKnown, isNewest) = try ledger.views.deltaLink(link, of: source)
    guard isKnown, !isNewest else { return }
    throw Fault(
      .deltaLinkStale,
      "This delta was read before, and a newer one has been read since; import only what came after the newest one.",
      at: paths.first.map { Fault.Place(file: $0) })
  }
}
