public import JSON
public import Ledger
public import EventLog
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
  /// When the oldest pending delivery was decided.
  public var oldestPending: Timestamp?
  /// The newest cycle.
  public var cycle: CycleRow?
  /// TeamViewer.
  public var target: TargetRow
  /// The base URL of the target.
  public var url: String
  /// The process that delivers, if one does.
  public var worker: Int32?
  /// The process that runs a cycle, if one does.
  public var importer: Int32?
  /// The safeguards that hold somebody.
  public var safeguards: [SafeguardRow]
  /// The last backup that was proved.
  public var backup: BackupStatus
  /// The size of the newest checkpoint and when it was signed.
  public var checkpoint: (size: Int64, signed: Timestamp)?
  /// Why the log does not continue its newest checkpoint; nil when it does.
  public var fork: Fault?
  /// How the last reading of the whole log by the worker ended.
  public var rehash: Rehash.Outcome?
  /// The anchors of the configuration and how far each has been told.
  public var anchors: [AnchorState]

  /// Reads it from views that are brought up to date first. Throws the faults of log and views.
  public init(_ ledger: Ledger) throws {
    shown = try ledger.views.catchUp()
    size = try ledger.log.lastPosition()
    people = try ledger.views.statusCounts()
    oldestPending = try ledger.views.oldestPending()
    cycle = try ledger.views.cycles(limit: 1).first
    target = try ledger.views.target()
    url = ledger.configuration.target.url
    worker = ledger.holder(of: .worker)
    importer = ledger.holder(of: .cycle)
    safeguards = try ledger.views.safeguards().filter { $0.holding > 0 }
    backup = try BackupStatus(ledger)
    let newest = try ledger.log.newestCheckpoint()
    checkpoint = newest.map { ($0.checkpoint.size, $0.time) }
    do {
      if let newest { try ledger.log.requireContinuation(of: newest.checkpoint.checkpoint) }
    } catch let fault as Fault where fault.code == .logForked {
      fork = fault
    }
    anchors = try ledger.anchorStates()
    rehash = (try? ledger.keptRehash())?.last
  }

  /// As one JSON object; equal bytes until something is appended or a lock changes hands.
  public var json: JSONValue {
    func number(_ value: some BinaryInteger) -> JSONValue { .integer(Int64(value)) }
    func instant(_ moment: Timestamp?) -> JSONValue { moment.map { .string($0.description) } ?? .null }
    var counts = JSONObject()
    for status in PersonStatus.allCases { counts[status.rawValue] = number(people[status] ?? 0) }
    var object = JSONObject()
    object["log"] = ["size": .string(String(size)), "shown": .string(String(shown))]
    object["people"] = .object(counts)
    object["oldestPending"] = instant(oldestPending)
    object["cycle"] =
      cycle.map { cycle in
        [
          "id": .string(cycle.id), "source": .string(cycle.source.rawValue), "initial": .bool(cycle.isInitial),
          "started": .string(cycle.started.description), "counts": cycle.counts,
        ]
      } ?? .null
    object["target"] = [
      "url": .string(url), "calls": number(target.calls), "lastGoodCall": instant(target.lastGoodCall),
      "lastFault": instant(target.lastFault), "pausedUntil": instant(target.condition.pause?.until),
      "quarantine": target.condition.quarantine.map { .string($0.reason.rawValue) } ?? .null,
    ]
    object["checkpoint"] =
      checkpoint.map { ["size": .string(String($0.size)), "signed": .string($0.signed.description)] } ?? .null
    object["rehash"] =
      rehash.map { rehash in
        [
          "finished": .string(rehash.finished.description), "size": .string(String(rehash.size)),
          "findings": number(rehash.findings), "first": rehash.first.map(JSONValue.string) ?? .null,
        ]
      } ?? .null
    object["forked"] = .bool(fork != nil)
    object["anchors"] = .array(
      anchors.map { anchor in
        [
          "name": .string(anchor.name), "size": anchor.size.map { .string(String($0)) } ?? .null,
          "anchored": instant(anchor.anchored), "failed": instant(anchor.failed),
          "failure": anchor.failure.map(JSONValue.string) ?? .null,
        ]
      })
    object["worker"] = worker.map(number) ?? .null
    object["importer"] = importer.map(number) ?? .null
    object["safeguards"] = .array(safeguards.map(\.json))
    object["backup"] = backup.json
    return .object(object)
  }
}

extension SafeguardRow {
  /// As a JSON object.
  public var json: JSONValue {
    [
      "id": .string(id), "cycle": .string(cycle), "tripped": .string(tripped.description),
      "people": .integer(Int64(people)), "limit": .integer(Int64(limit)), "active": .integer(Int64(active)),
      "holding": .integer(Int64(holding)), "approved": approved.map { .string($0.description) } ?? .null,
      "approvedBy": approvedBy.map(JSONValue.string) ?? .null,
    ]
  }
}
