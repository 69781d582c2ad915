import Backup
public import Base
import EventLog
public import JSON
public import Ledger
import Provisioning

/// When a backup was last proved, and when the next proof is due.
public struct BackupStatus: Equatable, Sendable {
  /// When the last proof was recorded; nil when there is none.
  public var proved: Timestamp?
  /// The name of the backup.
  public var name: String?
  /// The number of events in it.
  public var size: Int64?
  /// When the next proof is due, `monitoring.backupDays` after the last one or the ledger's first event; nil for an empty
  /// ledger.
  public var due: Timestamp?
  /// True once that moment has passed.
  public var isOverdue: Bool

  /// Reads it from the log up to a position, as it was at a moment. Throws the faults of the log.
  public init(_ ledger: OpenLedger, upTo position: Int64 = .max, at now: Timestamp) throws {
    let last = try ledger.lastProof(upTo: position)
    proved = last?.time
    name = last?.proof.name
    size = last?.proof.size
    let from = try last?.time ?? ledger.log.read(limit: 1).first?.time
    due = from.map { $0 + .seconds(86_400 * ledger.configuration.monitoring.backupDays) }
    isOverdue = due.map { $0 < now } ?? false
  }

  /// As a JSON object; equal bytes until a proof is recorded or the limit passes.
  public var json: JSONValue {
    [
      "proved": JSONValue(orNull: proved?.description), "name": JSONValue(orNull: name),
      "size": JSONValue(orNull: size.map(String.init)), "due": JSONValue(orNull: due?.description),
      "overdue": .bool(isOverdue),
    ]
  }
}
