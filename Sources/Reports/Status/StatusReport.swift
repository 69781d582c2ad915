public import Base
public import EventLog
public import Ledger
import Operations
public import Provisioning
public import Views

/// What runs, what is pending, how far it is and what hurts: the content of `status`. Instants, never ages.
public struct StatusReport {
  /// The number of events in the log.
  public var size: Int64
  /// The position that the views show.
  public var shown: Int64
  /// People by status.
  public var people: [PersonStatus: Int]
  /// How many people's account is active at TeamViewer although it is to be inactive, and nobody brings that about, by how
  /// they stand.
  public var leavers: [PersonStatus: Int]
  /// How many people no source owns whose account was active when it was last seen.
  public var detached: Int
  /// What waits in each lane, how fast it leaves, and when it will be done.
  public var throughput: Throughput
  /// What holds all calls back.
  public var blocks: [BlockReport]
  /// Set when no call has gone well for too long.
  public var silence: Silence?
  /// The newest cycle.
  public var cycle: CycleRow?
  /// How far the way of the newest cycle is; nil when it is at its end.
  public var progress: CycleProgress?
  /// What is wrong with cycles, and until when they can go on.
  public var watch: CycleWatch
  /// TeamViewer.
  public var target: TargetRow
  /// The base URL of the target.
  public var url: String
  /// The process that delivers, if one does.
  public var worker: LockHolder?
  /// The process that runs a cycle, if one does.
  public var importer: LockHolder?
  /// The safeguards that hold somebody.
  public var safeguards: [SafeguardRow]
  /// The access reviews that are open.
  public var reviews: [ReviewStatus]
  /// The last backup that was proved.
  public var backup: BackupStatus
  /// The size of the newest checkpoint and when it was signed.
  public var checkpoint: (size: Int64, signed: Timestamp)?
  /// When the oldest event was recorded that no checkpoint covers; nil when one covers all.
  public var uncovered: Timestamp?
  /// Why the log does not continue its newest checkpoint; nil when it does.
  public var fork: Fault?
  /// True for a copy of another ledger, or a restored backup, that nobody has let deliver.
  public var isCopy = false
  /// How the last reading of the whole log by the worker ended.
  public var rehash: Rehash.Outcome?
  /// The anchors of the configuration and how far each has been told.
  public var anchors: [AnchorState] = []

  /// The moment that is shown; nil for the present.
  public var asOf: AsOf?

  /// Reads it from views that are brought up to date first, or as they are. Throws the faults of log and views.
  public init(_ ledger: OpenLedger, catchingUp: Bool = true) throws {
    let position = catchingUp ? try ledger.views.catchUp() : try ledger.views.position()
    let worker = ledger.lockHolder(of: .worker)
    try self.init(
      ledger, ledger.views, shown: position, at: ledger.clock(), isAtWork: worker.map { !$0.isStopped } ?? false)
    self.worker = worker
    size = try ledger.log.lastPosition()
    let state = ledger.cycleState()
    progress = state.progress.map(CycleProgress.init) ?? progress
    watch = CycleWatch(
      ledger.configuration, state, folder: ledger.configuration.cycles.folder.map(ledger.path(of:)),
      last: try Self.lastFinished(ledger.views),
      began: try ledger.log.read(from: 1, limit: 1).first?.time, at: ledger.clock())
    importer = ledger.lockHolder(of: .cycle)
    let newest = try ledger.log.newestCheckpoint()
    checkpoint = newest.map { ($0.checkpoint.size, $0.time) }
    if let first = try ledger.log.read(from: (checkpoint?.size ?? 0) + 1, limit: 1).first { uncovered = first.time }
    do {
      if let newest { try ledger.log.requireContinuation(of: newest.checkpoint.checkpoint) }
    } catch let fault as Fault where fault.code == .logForked {
      fork = fault
    }
    anchors = try ledger.anchorStates()
    isCopy = try ledger.isCopy()
    rehash = (try? ledger.keptRehash())?.last
  }

  /// Reads it from the log as it was at a moment: what events say, and nothing of processes, checkpoints and anchors, which
  /// are none. Limits are those of the configuration of today. Throws `FaultCode.momentUnknown`, and the faults of log and views.
  public init(_ ledger: OpenLedger, asOf: AsOf) throws {
    self = try ledger.views.at(asOf.position) { try StatusReport(ledger, asOf: asOf, in: $0) }
  }

  /// The same, of the views of that moment, for whoever has them: two of them are never built at once.
  public init(_ ledger: OpenLedger, asOf: AsOf, in views: ViewStore) throws {
    // Nothing is known of the processes of then.
    try self.init(ledger, views, shown: asOf.position, at: asOf.moment, isAtWork: true)
    self.asOf = asOf
  }

  /// What the views say at a moment; `isAtWork` says whether somebody delivers.
  private init(
    _ ledger: OpenLedger, _ views: ViewStore, shown position: Int64, at now: Timestamp, isAtWork: Bool
  ) throws {
    (size, shown) = (position, position)
    people = try views.statusCounts()
    let minutes = ledger.configuration.monitoring.workerMinutes
    leavers = try views.activeLeavers(withoutWorker: !isAtWork, dueBefore: now + .seconds(-60 * minutes))
    detached = try views.detachedAccounts()
    let backlog = try views.backlog()
    cycle = try views.cycles(limit: 1).first
    target = try views.target()
    blocks = BlockReport.all(target, ledger.configuration, at: now)
    throughput = Throughput(backlog, blocks: blocks, isAtWork: isAtWork)
    progress = CycleProgress(
      cycle, throughput, setAside: try cycle.map { try views.setAside(from: $0.firstPosition) } ?? 0)
    watch = CycleWatch()
    silence = Silence(target, backlog, ledger.configuration.delivery, at: now)
    url = ledger.configuration.target.url
    safeguards = try views.safeguards().filter { $0.holding > 0 }
    reviews = try ledger.openReviews(at: position).map { ReviewStatus($0, at: now) }
    backup = try BackupStatus(ledger, upTo: position, at: now)
  }

  /// How many people's account is active although it is to be inactive, and nobody brings that about.
  public var activeLeavers: Int { leavers.values.reduce(0, +) }

  /// How those people stand, in words.
  public var leaverWords: String {
    PersonStatus.allCases.compactMap { status in leavers[status].map { "\($0) \(status.rawValue)" } }
      .joined(separator: ", ")
  }

  /// Whether the newest cycle came to no end, and no process is at work on it.
  public var isCutOff: Bool {
    cycle?.state == .interrupted || cycle?.state == .running && importer == nil && asOf == nil
  }

  /// When the newest cycle began that has finished.
  private static func lastFinished(_ views: ViewStore) throws -> Timestamp? {
    try views.cycles(limit: 50).first { $0.state == .finished }?.started
  }
}
