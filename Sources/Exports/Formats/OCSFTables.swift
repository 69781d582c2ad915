import Provisioning

/// The releases of the Open Cybersecurity Schema Framework that are spoken; a receiver of the older one refuses the newer
/// one's class for accounts.
public enum OCSFVersion: String, CaseIterable, Sendable {
  /// 1.8.0: Account Change, and Entity Management for changed attributes.
  case v1_8 = "1.8"
  /// 1.9.0: User Management, with a fingerprint of each event (profile `record_integrity`).
  case v1_9 = "1.9"

  /// As `metadata.version` says it.
  var schema: String { rawValue + ".0" }
}

/// What an event is in the words of OCSF: a class, and an activity of it.
struct OCSFActivity: Equatable {
  enum Class: Int {
    case base = 0
    case account = 3001
    case entity = 3004
    case user = 3007
    case api = 6003

    var caption: String {
      switch self {
      case .base: "Base Event"
      case .account: "Account Change"
      case .entity: "Entity Management"
      case .user: "User Management"
      case .api: "API Activity"
      }
    }

    var category: (id: Int, caption: String) {
      switch self {
      case .base: (0, "Uncategorized")
      case .account, .entity, .user: (3, "Identity & Access Management")
      case .api: (6, "Application Activity")
      }
    }
  }

  /// What an event of the class Entity Management is about.
  enum Entity: Int {
    case user = 2
    case policy = 5
    case other = 99
  }

  let type: Class
  let id: Int
  let name: String
  var entity = Entity.other

  /// The number that stands for class and activity.
  var uid: Int { type.rawValue * 100 + id }
  /// Its name; an activity that is not in the class's table is `Other`.
  var caption: String { "\(type.caption): \(id == 99 ? "Other" : name)" }

  init(_ event: ExportedEvent, _ version: OCSFVersion) {
    self =
      Self.account(event, version) ?? Self.call(event) ?? Self.entities[event.type]
      ?? OCSFActivity(.base, 99, event.type)
  }

  private init(_ type: Class, _ id: Int, _ name: String, _ entity: Entity = .other) {
    (self.type, self.id, self.name, self.entity) = (type, id, name, entity)
  }

  /// The two releases have different numbers for the same word.
  private static func account(_ event: ExportedEvent, _ version: OCSFVersion) -> OCSFActivity? {
    switch (event.accountAction, version) {
    case (.create, .v1_8): OCSFActivity(.account, 1, "Create")
    case (.enable, .v1_8): OCSFActivity(.account, 2, "Enable")
    case (.disable, .v1_8): OCSFActivity(.account, 5, "Disable")
    // Account Change has no activity for it.
    case (.update, .v1_8): OCSFActivity(.entity, 3, "Update", .user)
    case (.create, .v1_9): OCSFActivity(.user, 1, "Create")
    case (.update, .v1_9): OCSFActivity(.user, 2, "Update")
    case (.enable, .v1_9): OCSFActivity(.user, 4, "Enable")
    case (.disable, .v1_9): OCSFActivity(.user, 5, "Disable")
    default: nil
    }
  }

  private static func call(_ event: ExportedEvent) -> OCSFActivity? {
    guard event.type == "scim.call.finished" else { return nil }
    switch event.call?.method {
    case "POST": return OCSFActivity(.api, 1, "Create")
    case "GET": return OCSFActivity(.api, 2, "Read")
    case "PATCH", "PUT": return OCSFActivity(.api, 3, "Update")
    case "DELETE": return OCSFActivity(.api, 4, "Delete")
    default: return OCSFActivity(.api, 99, event.call?.method ?? "")
    }
  }

  private static let entities = [
    "configuration.applied": OCSFActivity(.entity, 3, "Update", .policy),
    "safeguard.tripped": OCSFActivity(.entity, 12, "Suspend", .policy),
    "safeguard.approved": OCSFActivity(.entity, 13, "Resume", .policy),
    "subject.erased": OCSFActivity(.entity, 99, "Erase", .user),
    "data.viewed": OCSFActivity(.entity, 2, "Read"), "report.exported": OCSFActivity(.entity, 2, "Read"),
  ]
}

extension Severity {
  /// The number and the word of OCSF.
  var ocsf: (id: Int, caption: String) {
    switch self {
    case .informational: (1, "Informational")
    case .low: (2, "Low")
    case .medium: (3, "Medium")
    case .high: (4, "High")
    }
  }
}

extension AuditOutcome.Status {
  /// The number and the word of OCSF; a word that is not in its table goes under `Other`.
  var ocsf: (id: Int, caption: String) {
    switch self {
    case .success: (1, "Success")
    case .failure: (2, "Failure")
    case .skipped, .warning, .pending: (99, rawValue)
    }
  }
}
