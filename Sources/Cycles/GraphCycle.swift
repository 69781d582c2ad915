import Base
public import Ledger
public import MicrosoftGraph
public import Operations
public import Provisioning

/// One cycle over a tenant: what has changed where the log says how far it was read, else everybody.
public struct GraphCycle: Sendable {
  /// How often reading begins anew when other cycles finish meanwhile.
  private static let attempts = 3

  /// How often it is looked when secrets and certificates end.
  private static let looking = Duration.seconds(86_400)

  /// How many people are asked for by id who are missing from a read of everybody: more of them the safeguard holds.
  private static let mostAsked = 500

  private let source: GraphSource
  private let ledger: OpenLedger
  private let directory: DirectorySourceID
  private var cycle: DirectoryImport

  /// A cycle of a ledger's people whom a directory source owns, done by `actor`.
  public init(
    over source: GraphSource, into ledger: OpenLedger, directory: DirectorySourceID = .standard, actor: Actor
  ) {
    self.source = source
    self.ledger = ledger
    self.directory = directory
    cycle = DirectoryImport(into: ledger, source: directory, actor: actor)
  }

  /// How a cycle is appended.
  package var pieces: CyclePieces {
    get { cycle.pieces }
    set { cycle.pieces = newValue }
  }

  /// Where a cycle is.
  public enum Progress: Sendable {
    /// Reading; so many users have arrived.
    case reading(users: Int)
    /// Reading who is assigned; so many assignments have arrived.
    case assignments(Int)
    /// The mark of the last cycle has ended: everybody is read.
    case resync
    /// What every cycle does.
    case cycle(DirectoryImport.Progress)
  }

  /// Runs the cycle; with `full` everybody is read. Where the safeguard trips, the rest is applied.
  ///
  /// Throws `Fault` with a PL-12xx code, a PL-01xx code for what Graph shows, and as an import does; nothing was appended
  /// then. Throws `FaultCode.lockBusy` when other cycles of the source go on finishing meanwhile.
  public func run(
    full: Bool = false, progress tell: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> CycleSummary {
    try await ledger.keepingFailure(ofCyclesOver: .tenant) { try await run(full, tell) }
  }

  private func run(_ full: Bool, _ tell: @escaping @Sendable (Progress) -> Void) async throws -> CycleSummary {
    let meter = CycleMeter(ledger, directory: directory, isFull: full)
    defer { meter.end() }
    let progress: @Sendable (Progress) -> Void = { news in
      meter.tell(news)
      tell(news)
    }
    for _ in 0..<Self.attempts {
      let beginning = try cycle.beginning()
      let reading = try await read(full ? nil : beginning.mark, meter, progress)
      if let summary = try await run(consume reading, from: beginning, progress) {
        await lookAtCredentials()
        return summary
      }
    }
    throw Fault(
      .lockBusy,
      "Other cycles of the same source finished while Entra ID was read, again and again; let one of them rest.")
  }

  /// Runs the cycle about users that were read, and who is assigned: of groups what has changed, or all members where that
  /// does not tell of everybody.
  private func run(
    _ reading: consuming DirectoryReading, from beginning: DirectoryImport.Beginning,
    _ progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> CycleSummary? {
    let tell: @Sendable (DirectoryImport.Progress) -> Void = { progress(.cycle($0)) }
    guard cycle.readsAssignments else { return try await cycle.run(consume reading, from: beginning, progress: tell) }
    let changes = reading.kind == .snapshot ? nil : reading.changes
    let looking = changes.map { changes in
      Task { [cycle] in try await cycle.foresight(of: changes, from: beginning) }
    }
    let assigned = try await source.assignments {
      try await looking?.value.marks ?? []
    } progress: {
      progress(.assignments($0))
    }
    return try await cycle.run(
      consume reading, assigned: consume assigned, from: beginning, foresight: looking?.value, progress: tell)
  }

  /// Takes over those alone who were disabled or deleted since the newest cycle, whose mark stays; nil when nobody was, or
  /// when everybody must be read. Throws as `run` does.
  public func leavers() async throws -> CycleSummary? {
    let beginning = try cycle.beginning()
    guard let mark = beginning.mark, source.mayFollow(mark),
      case .reading(var reading) = try await source.changes(since: mark)
    else { return nil }
    reading.changes = try cycle.leavers(among: reading.changes)
    if reading.changes.isEmpty { return nil }
    (reading.kind, reading.watermark, reading.assignments) = (.partial, mark, beginning.assignments)
    reading.members = beginning.members
    return try await cycle.run(reading, from: beginning)
  }

  /// Keeps when secrets and certificates end, for `status`; where that may not be read, nothing is.
  private func lookAtCredentials() async {
    let state = ledger.cycleState()
    let now = ledger.clock()
    if let looked = state.looked, now - looked < Self.looking { return }
    let keys = try? await source.credentials()
    ledger.changeCycleState { ($0.looked, $0.credentials) = (now, keys?.map { CycleState.Credential($0) }) }
  }

  private func read(
    _ mark: String?, _ meter: CycleMeter, _ progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> DirectoryReading {
    if let mark, source.mayFollow(mark) {
      let users = try await source.changes(since: mark) { progress(.reading(users: $0)) }
      if case .reading(let reading) = users { return reading }
      progress(.resync)
    }
    meter.expect(await source.count())
    let reading = try await source.everybody { progress(.reading(users: $0)) }
    // Whoever is left out would be taken for a leaver, so that each is asked for by id.
    try await source.requireMissing(cycle.missing(in: reading).prefix(Self.mostAsked))
    return reading
  }
}
