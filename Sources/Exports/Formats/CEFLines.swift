import Base
import EventLog
import Provisioning

/// Events in ArcSight's Common Event Format ("Implementing ArcSight Common Event Format (CEF)", version 0), a line each.
struct CEFLines: RecordWriter {
  private let settings: ExportSettings

  init(_ settings: ExportSettings) { self.settings = settings }

  func record(of event: ExportedEvent) -> String? { Self.line(event, settings) + "\n" }

  /// The line of an event, without its end.
  static func line(_ event: ExportedEvent, _ settings: ExportSettings) -> String {
    let head = [
      ExportSettings.vendor, ExportSettings.product, settings.version, event.type,
      "\(event.action) \(event.status.rawValue)", String(severity(event)),
    ]
    let extensions = extensions(event, settings).map { "\($0)=\(value($1))" }
    return "CEF:0|" + head.map(header).joined(separator: "|") + "|" + extensions.joined(separator: " ")
  }

  /// 0 to 3 are low, 4 to 6 medium, 7 and 8 high.
  static func severity(_ event: ExportedEvent) -> Int {
    switch Severity(event) {
    case .informational: 2
    case .low: 3
    case .medium: 5
    case .high: 8
    }
  }

  /// The keys of the dictionary that have a value, always in this order.
  private static func extensions(_ event: ExportedEvent, _ settings: ExportSettings) -> [(String, String)] {
    let (row, person, call) = (event.row, event.person, event.call)
    let keys: [(String, String?)] = [
      ("rt", String(row.time.milliseconds)), ("start", String(row.occurred.milliseconds)),
      ("act", event.action), ("outcome", event.status.rawValue), ("reason", event.reason),
      ("cat", row.type), ("externalId", event.id.description), ("suser", row.actor.description),
      ("duser", person.map(\.name) ?? row.subject), ("duid", person?.accountID),
      ("destinationServiceName", call == nil ? nil : settings.target), ("requestMethod", call?.method),
      ("request", call?.path), ("msg", event.sentence),
    ]
    let custom: [(String, String, String?)] = [
      ("cs1", "correlationId", row.correlation), ("cs2", "stream", event.stream),
      ("cs3", "leafHash", event.leaf.description),
      ("cs4", "cycle", row.cycle), ("cs5", "changes", row.changes.isEmpty ? nil : row.changes.joined(separator: " ")),
      ("cs6", "sourceObjectId", person?.objectID), ("cn1", "sequence", String(event.position)),
      ("cn2", "httpStatus", call?.status.map { String($0) }),
      ("cn3", "milliseconds", call?.milliseconds.map { String($0) }),
    ]
    return keys.compactMap { key, value in value.map { (key, cut($0, longest[key] ?? 1023)) } }
      + custom.flatMap { key, label, value in
        value.map { [(key, cut($0, longest[key] ?? 4000)), ("\(key)Label", label)] } ?? []
      }
  }

  /// How long a value may be, where that is not 1,023 or, of the custom ones, 4,000 characters.
  private static let longest = ["act": 63, "outcome": 63, "externalId": 40]

  private static func cut(_ text: String, _ most: Int) -> String {
    text.count > most ? text.prefix(most - 1) + "…" : text
  }

  private static func header(_ text: String) -> String {
    OutsideText.cleaned(text).replacing("\\", with: "\\\\").replacing("|", with: "\\|")
  }

  private static func value(_ text: String) -> String {
    OutsideText.cleaned(text, keeping: ["\n", "\r"]).replacing("\\", with: "\\\\").replacing("=", with: "\\=")
      .replacing("\r\n", with: "\\r\\n").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
  }
}

/// How much somebody should care.
enum Severity: Equatable {
  case informational, low, medium, high

  /// An alarm is high, whatever is parked or given up medium, what goes on by itself low.
  init(_ event: ExportedEvent) {
    switch (event.type, event.status) {
    case ("safeguard.tripped", _), ("quarantine.entered", _): self = .high
    case ("delivery.abandoned", _) where event.action == "disable": self = .high
    case ("delivery.parked", _), ("delivery.abandoned", _), ("drift.detected", _): self = .medium
    case (_, .failure), (_, .warning): self = .low
    default: self = .informational
    }
  }
}
