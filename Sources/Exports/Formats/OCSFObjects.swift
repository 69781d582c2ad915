import JSON
import Provisioning
import Views

/// The objects of an OCSF event: who did it, to whom or what, by which call.
struct OCSFObjects {
  let event: ExportedEvent
  let settings: ExportSettings
  let activity: OCSFActivity

  var members: [(String, JSONValue?)] {
    switch activity.type {
    case .base: []
    case .account: [("actor", actor), ("user", user), ("user_result", result)] + http
    case .user: [("actor", actor), ("user", user), ("updated_user", result)] + http
    case .entity:
      [
        ("actor", actor), ("entity", entity),
        (settings.ocsf == .v1_8 ? "entity_result" : "updated_entity", activity.entity == .user ? changedEntity : nil),
      ] + http
    case .api:
      [
        ("actor", actor), ("api", api), ("src_endpoint", ["svc_name": "provisioning-ledger"]),
        ("dst_endpoint", ["svc_name": .string(settings.target)]), ("resources", resources),
      ] + http
    }
  }

  private var actor: JSONValue {
    let name = JSONValue.string(event.row.actor.description)
    return event.row.actor.isHuman ? ["user": ["name": name, "type_id": 2, "type": "Admin"]] : ["app_name": name]
  }

  /// Somebody without a name has at least an id there.
  private var uid: String { event.person.map { $0.accountID ?? $0.alias } ?? "withheld" }

  private var user: JSONValue {
    let person = event.person
    return .object(
      JSONObject(present: [
        ("uid", .string(uid)), ("uid_alt", text(person?.objectID)),
        ("name", text(person?.userPrincipalName ?? person?.accountName)), ("full_name", text(person?.displayName)),
        ("email_addr", text(person?.mail)), ("type_id", 1), ("type", "User"),
      ]))
  }

  private func value(of attribute: AccountAttribute) -> String? {
    event.changes.first { $0.displayName == attribute.description }?.newValue
  }

  /// What was changed, once it is.
  private var result: JSONValue? {
    let (name, shown) = (value(of: .userName), value(of: .displayName))
    guard event.status == .success, name != nil || shown != nil else { return nil }
    return .object(JSONObject(present: [("uid", .string(uid)), ("name", text(name)), ("full_name", text(shown))]))
  }

  private var entity: JSONValue {
    switch activity.entity {
    case .user: ["type_id": 2, "type": "User", "uid": .string(uid), "user": user]
    case .policy: ["type_id": 5, "type": "Policy", "name": .string(event.stream)]
    case .other: ["type_id": 99, "type": "Report", "name": .string(event.reason ?? event.type)]
    }
  }

  private var changedEntity: JSONValue? {
    result.map { ["type_id": 2, "type": "User", "uid": .string(uid), "user": $0] }
  }

  private var api: JSONValue {
    let call = event.call
    let response = call?.status.map { status -> JSONValue in
      .object(
        JSONObject(present: [
          ("code", OCSFLines.number(status)), ("message", text(event.row.text)), ("error", text(event.reason)),
        ]))
    }
    return .object(
      JSONObject(present: [
        ("operation", .string("\(call?.method ?? "") \(call?.path ?? "")")), ("service", ["name": "SCIM"]),
        ("version", "v2"), ("response", response),
      ]))
  }

  private var resources: JSONValue? {
    event.person.map { _ in [["uid": .string(uid), "type": "User"]] }
  }

  private var http: [(String, JSONValue?)] {
    guard let call = event.call, activity.entity != .policy else { return [] }
    let response = call.status.map { status -> JSONValue in
      .object(
        JSONObject(present: [
          ("code", OCSFLines.number(status)), ("latency", call.milliseconds.map(OCSFLines.number)),
        ]))
    }
    return [
      ("http_request", ["http_method": .string(call.method), "url": ["path": .string(call.path)]]),
      ("http_response", response),
    ]
  }

  private func text(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }
}
