public import Audit
import Base
public import JSON
import Provisioning

/// How a row of the audit is told.
extension AuditEntry {
  /// The titles of `cells`.
  public static let header = ["POSITION", "TIME", "ACTOR", "PERSON", "ACTION", "STATUS", "REASON", "EVENT", "WHAT"]

  /// As cells for people.
  public var cells: [String] {
    let what = [row.changes.isEmpty ? nil : row.changes.joined(separator: ", "), row.text].compactMap { $0 }
    return [
      String(row.position), row.time.description, row.actor.description, person ?? row.subject ?? "-",
      row.outcome.action, row.outcome.status.rawValue, row.outcome.reason ?? "-", row.type,
      what.isEmpty ? "-" : what.joined(separator: ": "),
    ]
  }

  /// The columns of the CSV; a later version adds some behind them, and takes none away.
  public static let columns = [
    "position", "time", "occurred", "actor", "type", "person", "alias", "action", "status", "reason", "cycle",
    "correlation", "causation", "changes", "text",
  ]

  /// As fields of CSV, in the order of `columns`.
  public var fields: [String] {
    [
      String(row.position), row.time.description, row.occurred.description, row.actor.description, row.type,
      person ?? "", row.subject ?? "", row.outcome.action, row.outcome.status.rawValue, row.outcome.reason ?? "",
      row.cycle ?? "", row.correlation ?? "", row.causation?.description ?? "", row.changes.joined(separator: " "),
      row.text ?? "",
    ]
  }

  /// As a JSON object.
  public var json: JSONValue {
    func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    return [
      "position": .string(String(row.position)), "time": .string(row.time.description),
      "occurred": .string(row.occurred.description), "actor": .string(row.actor.description),
      "type": .string(row.type), "person": text(person), "alias": text(row.subject),
      "action": .string(row.outcome.action), "status": .string(row.outcome.status.rawValue),
      "reason": text(row.outcome.reason), "cycle": text(row.cycle), "correlation": text(row.correlation),
      "causation": text(row.causation?.description), "changes": .array(row.changes.map(JSONValue.string)),
      "text": text(row.text),
    ]
  }
}
