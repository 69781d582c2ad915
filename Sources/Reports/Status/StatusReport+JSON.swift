import Base
import EventLog
public import JSON
import Ledger
import Provisioning
public import Views

extension StatusReport {
  /// As one JSON object; equal bytes until something is appended, a lock changes hands, its holder is stopped or continued,
  /// or a configured limit passes.
  public var json: JSONValue {
    func number(_ value: some BinaryInteger) -> JSONValue { .integer(Int64(value)) }
    func instant(_ moment: Timestamp?) -> JSONValue { moment.map { .string($0.description) } ?? .null }
    var counts = JSONObject()
    for status in PersonStatus.allCases { counts[status.rawValue] = number(people[status] ?? 0) }
    var object = JSONObject()
    object["log"] = ["size": .string(String(size)), "shown": .string(String(shown))]
    object["people"] = .object(counts)
    object["oldestPending"] = instant(drain.backlog.oldest)
    object["drain"] = drain.json
    object["closed"] = .array(closures.map(\.json))
    object["silence"] = silence?.json ?? .null
    var errors = JSONObject()
    for (word, count) in drain.backlog.errors.sorted(by: { $0.key < $1.key }) { errors[word] = number(count) }
    object["errors"] = .object(errors)
    object["reconciled"] = target.condition.reconciled?.statusJSON ?? .null
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
    object["worker"] = worker.map { number($0.process) } ?? .null
    object["workerStopped"] = .bool(worker?.isStopped ?? false)
    object["importer"] = importer.map { number($0.process) } ?? .null
    object["safeguards"] = .array(safeguards.map(\.json))
    object["backup"] = backup.json
    return .object(object)
  }
}

extension ReconcileFinished {
  fileprivate var statusJSON: JSONValue {
    var counts = JSONObject()
    for kind in DriftDetected.Kind.allCases { counts[kind.rawValue] = .integer(Int64(drift[kind] ?? 0)) }
    return [
      "finished": .string(finished.description), "accounts": .integer(Int64(accounts)),
      "unmanaged": .integer(Int64(unmanaged)), "drift": .object(counts), "repairs": .integer(Int64(repairs)),
      "withheld": .bool(isWithheld),
    ]
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
