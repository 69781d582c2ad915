import Base
import EventLog
import JSON
import Provisioning
import Views

/// What became of accounts, in Microsoft Sentinel's normalised schema for user management (Microsoft Learn, "The Advanced
/// Security Information Model (ASIM) User Management normalization schema reference", 0.1.1): a JSON object a line.
///
/// Events that are about no account have no place in it.
struct ASIMLines: RecordWriter {
  private let settings: ExportSettings

  init(_ settings: ExportSettings) { self.settings = settings }

  func record(of event: ExportedEvent) -> String? { Self.object(event, settings)?.line }

  /// By what was done to the account.
  private static let types: [Decision.Action: String] = [
    .create: "UserCreated", .update: "UserModified", .disable: "UserDisabled", .enable: "UserEnabled",
  ]

  static func object(_ event: ExportedEvent, _ settings: ExportSettings) -> JSONValue? {
    guard let action = event.accountAction, let type = types[action] else { return nil }
    return .object(JSONObject(present: common(event, settings, type) + whom(event) + actor(event) + change(event)))
  }

  private static func common(_ event: ExportedEvent, _ settings: ExportSettings, _ type: String) -> [(
    String, JSONValue?
  )] {
    let row = event.row
    return [
      ("TimeGenerated", .string(row.time.description)), ("EventCount", 1),
      ("EventStartTime", .string(row.occurred.description)), ("EventEndTime", .string(row.time.description)),
      ("EventType", .string(type)), ("EventResult", event.status == .success ? "Success" : "Failure"),
      ("EventResultDetails", event.status == .success ? nil : text(event.reason)),
      ("EventMessage", .string(event.sentence)), ("EventSeverity", .string(severity(event))),
      ("EventOriginalUid", .string(event.id.description)), ("EventOriginalType", .string(row.type)),
      ("EventProduct", .string(ExportSettings.product)), ("EventVendor", .string(ExportSettings.vendor)),
      ("EventProductVersion", .string(settings.version)), ("EventSchema", "UserManagement"),
      ("EventSchemaVersion", "0.1.1"), ("Dvc", .string(settings.origin)),
    ]
  }

  private static func whom(_ event: ExportedEvent) -> [(String, JSONValue?)] {
    let person = event.person
    let name = person?.userPrincipalName ?? person?.accountName
    return [
      ("TargetUserId", text(person?.accountID ?? person?.alias)),
      ("TargetUserIdType", person == nil ? nil : "Other"), ("TargetUsername", text(name)),
      ("TargetUsernameType", name == nil ? nil : "UPN"), ("TargetUserType", "Regular"),
    ]
  }

  private static func actor(_ event: ExportedEvent) -> [(String, JSONValue?)] {
    let actor = event.row.actor
    return [
      ("ActorUsername", .string(actor.description)), ("ActorUsernameType", "Simple"),
      ("ActorUserType", actor.isHuman ? "Admin" : "Service"), ("ActingAppName", .string(ExportSettings.product)),
      ("ActingAppType", "Service"),
    ]
  }

  /// One attribute has columns of its own; what else changed, and where the event stands, is in `AdditionalFields`.
  private static func change(_ event: ExportedEvent) -> [(String, JSONValue?)] {
    let only = event.changes.count == 1 ? event.changes.first : nil
    return [
      ("EventSubType", text(only?.displayName)), ("UpdatedPropertyName", text(only?.displayName)),
      ("PreviousPropertyValue", text(only?.oldValue)), ("NewPropertyValue", text(only?.newValue)),
      (
        "AdditionalFields",
        .object(
          JSONObject(present: [
            ("position", .string(String(event.position))), ("leafHash", .string(event.leaf.description)),
            ("cycle", text(event.row.cycle)), ("sourceObjectId", text(event.person?.objectID)),
            ("modifiedProperties", .array(event.changes.map(\.json))),
          ]))
      ),
    ]
  }

  private static func severity(_ event: ExportedEvent) -> String {
    switch Severity(event) {
    case .informational: "Informational"
    case .low: "Low"
    case .medium: "Medium"
    case .high: "High"
    }
  }

  private static func text(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }
}
