import Base
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
  public var held: (id: String, count: Int)?
  /// The position of the cycle's last event.
  public var position: Int64
  /// How many new people the input shows without `accountEnabled`: they count as enabled.
  public var assumedEnabled: Int

  /// Equal when all parts are.
  public static func == (left: CycleSummary, right: CycleSummary) -> Bool {
    left.cycle == right.cycle && left.counts == right.counts && left.position == right.position
      && left.assumedEnabled == right.assumedEnabled
      && left.held?.id == right.held?.id && left.held?.count == right.held?.count
  }
}

/// One cycle from directory export files: read and check, observe, decide, append all of it in one transaction.
public struct DirectoryImport {
  private let ledger: Ledger
  private let actor: Actor

  /// An import into a ledger, done by `actor`.
  public init(into ledger: Ledger, actor: Actor) {
    self.ledger = ledger
    self.actor = actor
  }

  /// Where an import is.
  public enum Progress: Sendable {
    /// Reading the files.
    case reading(DirectoryProgress)
    /// Another process holds the cycle lock.
    case waiting(holder: Int32?)
    /// Bringing the views up to date, up to a position.
    case projecting(Int64)
    /// Deciding about a number of people.
    case deciding(people: Int)
    /// Appending a number of events.
    case appending(events: Int)
  }

  /// Runs the cycle. Throws a `Fault`: then nothing of the cycle was appended, and for refused input nothing at all.
  public func run(
    paths: [String], format: DirectoryFormat?, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> CycleSummary {
    let reading = try DirectoryFiles.read(paths: paths, format: format) { progress(.reading($0)) }
    let lock = try await ledger.lock(.cycle) { progress(.waiting(holder: $0?.process)) }
    defer { withExtendedLifetime(lock) {} }
    try ledger.views.catchUp { progress(.projecting($0)) }
    try refuseStale(reading, paths)
    try await ledger.recordConfiguration(actor: actor)
    let people = try ledger.views.people().people
    progress(.deciding(people: max(people.count, reading.changes.count)))
    let known = Set(people.compactMap { $0.user?.id })
    let strangers = reading.changes.filter { !known.contains($0.id) }
    let assumed = strangers.count { $0.state == .present && $0.attributes[.accountEnabled] == nil }
    let subjects = try ledger.keys.subjects(for: strangers.map(\.id))
    let id = ledger.codec.newID()
    var cycle = Cycle(id: id, policy: ledger.configuration.policy, people: people)
    let outcome = cycle.run(reading, safeguard: ledger.codec.newID()) { subjects[$0]?.alias ?? "" }
    progress(.appending(events: outcome.events.count))
    let position = try await append(outcome.events)
    try ledger.views.catchUp { progress(.projecting($0)) }
    return CycleSummary(
      cycle: id, counts: outcome.counts, held: outcome.held, position: position, assumedEnabled: assumed)
  }

  private func append(_ events: [Event]) async throws -> Int64 {
    try await ledger.append(events, actor: actor).last ?? 0
  }

  /// An older delta would turn newer values back. The newest may be read again: it changes nothing.
  private func refuseStale(_ reading: DirectoryReading, _ paths: [String]) throws {
    guard case .delta(let link) = reading.kind else { return }
    let (isKnown, isNewest) = try ledger.views.deltaLink(link)
    guard isKnown, !isNewest else { return }
    throw Fault(
      .deltaLinkStale,
      "This delta was read before, and a newer one has been read since; import only what came after the newest one.",
      at: paths.first.map { Fault.Place(file: $0) })
  }
}
