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
    var counts = JSONObject()
    for status in PersonStatus.allCases { counts[status.rawValue] = number(people[status] ?? 0) }
    var object = JSONObject()
    if let asOf { object["asOf"] = asOf.json }
    object["log"] = ["size": .string(String(size)), "shown": .string(String(shown))]
    object["people"] = .object(counts)
    object["activeLeavers"] = number(activeLeavers)
    object["detached"] = number(detached)
    object["oldestPending"] = JSONValue(orNull: throughput.backlog.oldest?.description)
    object["drain"] = throughput.json
    object["closed"] = .array(blocks.map(\.json))
    object["silence"] = silence?.json ?? .null
    var errors = JSONObject()
    for (word, count) in throughput.backlog.errors.sorted(by: { $0.key < $1.key }) { errors[word] = number(count) }
    object["errors"] = .object(errors)
    object["reconciled"] = target.condition.reconciled?.statusJSON ?? .null
    object["cycle"] =
      cycle.map { cycle in
        [
          "id": .string(cycle.id), "source": .string(cycle.source.rawValue), "initial": .bool(cycle.isInitial),
          "started": .string(cycle.started.description), "state": .string(cycle.state.rawValue),
          "counts": cycle.counts,
        ]
      } ?? .null
    object["progress"] = progress?.json ?? .null
    object["cycles"] = watch.json
    object["target"] = [
      "url": .string(url), "calls": number(target.calls),
      "lastGoodCall": JSONValue(orNull: target.lastGoodCall?.description),
      "lastFault": JSONValue(orNull: target.lastFault?.description),
      "pausedUntil": JSONValue(orNull: target.condition.pause?.until.description),
      "quarantine": JSONValue(orNull: target.condition.quarantine?.reason.rawValue),
    ]
    object["checkpoint"] =
      checkpoint.map { ["size": .string(String($0.size)), "signed": .string($0.signed.description)] } ?? .null
    object["rehash"] =
      rehash.map { rehash in
        [
          "finished": .string(rehash.finished.description), "size": .string(String(rehash.size)),
          "findings": number(rehash.findings), "first": JSONValue(orNull: rehash.first),
        ]
      } ?? .null
    object["forked"] = .bool(fork != nil)
    object["copy"] = .bool(isCopy)
    object["anchors"] = .array(
      anchors.map { anchor in
        [
          "name": .string(anchor.name), "size": JSONValue(orNull: anchor.size.map(String.init)),
          "anchored": JSONValue(orNull: anchor.anchored?.description),
          "failed": JSONValue(orNull: anchor.failed?.description),
          "failure": JSONValue(orNull: anchor.failure),
        ]
      })
    object["worker"] = JSONValue(orNull: worker.map { Int($0.process) })
    object["workerStopped"] = .bool(worker?.isStopped ?? false)
    object["importer"] = JSONValue(orNull: importer.map { Int($0.process) })
    object["safeguards"] = .array(safeguards.map(\.json))
    object["reviews"] = .array(reviews.map(\.json))
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
      "holding": .integer(Int64(holding)), "approved": JSONValue(orNull: approved?.description),
      "approvedBy": JSONValue(orNull: approvedBy),
    ]
  }
}
