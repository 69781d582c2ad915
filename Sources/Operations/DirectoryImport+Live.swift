import Base
public import Provisioning
import EventLog
import Ledger
import Sealing
import Views

/// Cycles from a source that reads by itself, and goes on where the log says that it was read to.
extension DirectoryImport {
  /// Where reading begins.
  public struct Beginning: Equatable, Sendable {
    /// The mark that the source's newest cycle left; nil when everybody is to be read.
    public let mark: String?
    /// What stands for the assignments that cycle knew; nil where it read none.
    public let assignments: String?
    /// Where that cycle begins in the log.
    let cycle: Int64?
    /// From where on the members of groups are read; none where all of them are to be.
    public internal(set) var members: [MembersMark] = []
  }

  /// Where to begin: at the mark of the source's newest cycle, unless the configuration is another one now, that cycle came
  /// from an export, or the source was let go since and owns nobody. Throws the faults of log and views.
  public func beginning() throws -> Beginning {
    try ledger.views.catchUp()
    let cycle = try newestCycle()
    if try !ledger.views.ownsSomebody(source) || isPolicyNew() {
      return Beginning(mark: nil, assignments: nil, cycle: cycle)
    }
    var beginning = Beginning(
      mark: try mark(Watermark.users), assignments: try mark(Watermark.assignments), cycle: cycle)
    // What a cycle that was cut off has observed is newer than the marks of the one before.
    if try ledger.views.isNewestCycleFinished(of: source) {
      beginning.members = try marks(Watermark.members).compactMap(MembersMark.init(text:))
    }
    return beginning
  }

  /// Runs the cycle about what was read from a beginning on, and who is assigned; nil when another cycle of the source has
  /// finished meanwhile, or somebody was decided about, so that it must be read anew. Throws as a cycle from files does.
  public func run(
    _ reading: consuming DirectoryReading, assigned: consuming Assignments? = nil, from beginning: Beginning,
    foresight: Foresight? = nil, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> CycleSummary? {
    do {
      let input = Input(
        reading: consume reading, assigned: consume assigned, beginning: beginning, foresight: foresight)
      return try await run(input, ImportOptions(), progress)
    } catch is Overtaken {
      return nil
    }
  }

  /// The changes after which somebody may no longer sign in whom the ledger shows as active. Throws the faults of keys and
  /// views.
  public func leavers(among changes: [DirectoryChange]) throws -> [DirectoryChange] {
    try changes.filter { change in
      guard change.state != .present || change.attributes[.accountEnabled] == .flag(false),
        let alias = try ledger.keys.alias(of: source.subject(change.id))
      else { return false }
      return try ledger.views.person(alias)?.isActiveInSource == true
    }
  }

  /// The ids of those whom the ledger shows as present, and a read of everybody does not. Throws the faults of log and views.
  public func missing(in reading: DirectoryReading) throws -> [String] {
    let read = Set(reading.changes.lazy.map { ByteKey($0.id) })
    return try ledger.views.presentObjectIDs(of: source).filter { !read.contains(ByteKey($0)) }
  }

  func newestCycle() throws -> Int64? { try ledger.views.lastCycle(of: source)?.lowerBound }

  /// The mark of a kind that the source's newest cycle left; nil for none. Throws the faults of log and views.
  public func mark(_ kind: String) throws -> String? { try marks(kind).first }

  private func marks(_ kind: String) throws -> [String] {
    guard let last = try ledger.views.lastCycle(of: source)?.upperBound,
      let event = try ledger.log.read(from: last, limit: 1).first,
      case .cycleFinished(let finished) = try ledger.codec.decode(event).payload
    else { return [] }
    return finished.watermarks.filter { $0.directory == source && $0.kind == kind }.map(\.value)
  }
}
