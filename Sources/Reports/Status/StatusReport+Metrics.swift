import Base
import EventLog
import Ledger
import Provisioning
import Views

extension StatusReport {
  /// As metrics in Prometheus' text format, for the textfile collector of node_exporter. No personal data is in them.
  public func metrics(_ health: Health) -> String {
    var metrics = Exposition()
    metrics.add(
      "provledger_health", .gauge, "How the ledger is: 0 well, 1 degraded, 2 broken.", health.level.rawValue)
    metrics.add(
      "provledger_health_reason", .gauge, "What is wrong with the ledger (1) or not (0).",
      Health.Reason.Code.allCases.map { code in
        (("reason", code.rawValue), health.reasons.contains { $0.code == code } ? "1" : "0")
      })
    addPeople(&metrics)
    addTarget(&metrics)
    addProcesses(&metrics)
    addEvidence(&metrics)
    return metrics.text
  }

  private func addPeople(_ metrics: inout Exposition) {
    metrics.add(
      "provledger_people", .gauge, "People by how they stand.",
      PersonStatus.allCases.map { (("status", $0.rawValue), String(people[$0] ?? 0)) })
    metrics.add(
      "provledger_active_leavers", .gauge,
      "Accounts that are active although they are to be inactive, and nobody brings that about.", activeLeavers)
    let lanes = throughput.backlog.lanes
    metrics.add(
      "provledger_pending_deliveries", .gauge, "Deliveries that wait, by lane.",
      Lane.allCases.map { (("lane", $0.rawValue), String(lanes[$0]?.count ?? 0)) })
    metrics.add(
      "provledger_oldest_pending_timestamp_seconds", .gauge, "Since when the oldest delivery of a lane waits.",
      Lane.allCases.compactMap { lane in
        lanes[lane]?.oldest.map { (("lane", lane.rawValue), Exposition.seconds($0)) }
      })
    metrics.add(
      "provledger_safeguard_held_people", .gauge, "People whom a safeguard holds.",
      safeguards.reduce(0) { $0 + $1.holding })
  }

  private func addTarget(_ metrics: inout Exposition) {
    metrics.add("provledger_target_calls_total", .counter, "Calls to the target.", target.calls)
    metrics.add(
      "provledger_last_good_call_timestamp_seconds", "When the target last answered well.", target.lastGoodCall)
    metrics.add("provledger_last_fault_timestamp_seconds", "When the target last did not.", target.lastFault)
    metrics.add(
      "provledger_blocked", .gauge, "What holds all calls back (1) or does not (0).",
      BlockReport.Reason.allCases.map { reason in
        (("reason", reason.rawValue), blocks.contains { $0.reason == reason } ? "1" : "0")
      })
  }

  private func addProcesses(_ metrics: inout Exposition) {
    metrics.add("provledger_worker_running", .gauge, "Whether a worker runs (1) or not (0).", worker == nil ? 0 : 1)
    metrics.add("provledger_last_cycle_timestamp_seconds", "When the newest cycle started.", cycle?.started)
    metrics.add(
      "provledger_cycle_overdue", .gauge,
      "Whether no cycle over the tenant has finished in two intervals (1) or not (0).",
      watch.silentSince == nil ? 0 : 1)
    metrics.add(
      "provledger_cycle_failing", .gauge, "Whether the last cycle over a tenant or folder failed (1) or not (0).",
      CycleState.Failure.Way.allCases.map { way in
        (("over", way.rawValue), watch.failures.contains { $0.way == way } ? "1" : "0")
      })
    metrics.add(
      "provledger_cycle_progress_percent", .gauge, "How far the phase is that the newest cycle is in.",
      progress?.percent)
    metrics.add("provledger_newest_export_timestamp_seconds", "When the newest export was written.", watch.export)
    metrics.add(
      "provledger_credential_end_timestamp_seconds", "When the first credential for the directory ends.",
      watch.credentials.first?.end)
  }

  private func addEvidence(_ metrics: inout Exposition) {
    metrics.add("provledger_log_events_total", .counter, "Events in the log.", size)
    metrics.add("provledger_checkpoint_events", .gauge, "Events that the newest checkpoint covers.", checkpoint?.size)
    metrics.add(
      "provledger_checkpoint_timestamp_seconds", "When the newest checkpoint was signed.", checkpoint?.signed)
    metrics.add(
      "provledger_log_verified_timestamp_seconds", "When the log was last read again, as long as it was then.",
      rehash?.finished)
    metrics.add("provledger_log_verified_events", .gauge, "How many events were read then.", rehash?.size)
    metrics.add("provledger_log_findings", .gauge, "What was wrong with the log then.", rehash?.findings)
    metrics.add("provledger_anchors", .gauge, "Anchors in the configuration.", anchors.count)
    metrics.add(
      "provledger_anchors_failed", .gauge, "Anchors that did not take the last checkpoint.",
      anchors.count { $0.failure != nil })
    metrics.add("provledger_reviews_open", .gauge, "Access reviews that are open.", reviews.count)
    metrics.add(
      "provledger_reviews_overdue", .gauge, "Access reviews that are open although they were due.",
      reviews.count(where: \.isOverdue))
    metrics.add("provledger_backup_proved_timestamp_seconds", "When a backup was last proved.", backup.proved)
    metrics.add("provledger_backup_due_timestamp_seconds", "When the next proof of a backup is due.", backup.due)
  }
}
