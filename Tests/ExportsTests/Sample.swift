import Base
import EventLog
import JSON
import Provisioning
import Views

@testable import Exports

/// Ada's account is renamed, in each of the ways in which that can go.
enum Sample {
  static let settings = ExportSettings(
    origin: "example.test/ledger", version: "1.0.0", target: "https://example.test/scim/v2")

  static func settings(_ version: OCSFVersion) -> ExportSettings {
    var settings = settings
    settings.ocsf = version
    return settings
  }

  static var ada: ExportedPerson {
    var ada = ExportedPerson(alias: "k3v9alias")
    (ada.objectID, ada.userPrincipalName) = ("0b1c0000-0000-4000-8000-000000000001", "ada@example.com")
    (ada.displayName, ada.mail) = ("Ada Lovelace", "ada@example.com")
    (ada.accountID, ada.accountName) = ("u1234567", "ada@example.com")
    return ada
  }

  static func event(
    _ type: String, _ outcome: AuditOutcome, actor: Actor = "worker", stream: String = "account/k3v9alias",
    text: String? = nil
  ) -> ExportedEvent {
    let row = AuditRow(
      position: 42, time: Timestamp(milliseconds: 1_767_323_045_690),
      occurred: Timestamp(milliseconds: 1_767_323_045_678), actor: actor, type: type,
      subject: stream.hasPrefix("account/") ? "k3v9alias" : nil, outcome: outcome, cycle: "c1", correlation: "c1",
      causation: nil, changes: [], text: text)
    return ExportedEvent(
      row, id: EventID(high: 0x0190_f5fe_7c00_7a00, low: 0x8000_0000_0000_0001), leaf: Merkle.leaf([]), stream: stream)
  }

  /// A delivery of a changed name that ended.
  static func delivery(
    _ action: String, _ status: AuditOutcome.Status = .success, _ type: String = "delivery.completed",
    reason: String = "call"
  ) -> ExportedEvent {
    var event = event(type, AuditOutcome(action, status, reason))
    event.person = ada
    event.changes = [ModifiedProperty(displayName: "displayName", oldValue: "Ada", newValue: "Ada Lovelace")]
    event.call = ExportedCall("PATCH /Users/{id}", status: 200, milliseconds: 83)
    event.decided = Timestamp(milliseconds: 1_767_323_045_000)
    event.accountAction = Decision.Action(rawValue: action)
    event.source = ExportedSource(isActive: true, isAssigned: nil, received: .update, isGround: true)
    return event
  }

  static var call: ExportedEvent {
    var event = event("scim.call.finished", AuditOutcome("update", .failure, "HTTP 409"), text: "taken")
    event.person = ada
    event.call = ExportedCall("PATCH /Users/{id}", status: 409, milliseconds: 31)
    return event
  }
}
