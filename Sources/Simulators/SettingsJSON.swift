import JSON
import Provisioning
import SCIM
import TeamViewerModel

/// The settings on the control side, under the names that the article TeamViewerAsKnown lists.
enum SettingsJSON {
  typealias Settings = TeamViewerService.Settings

  /// A switch with its values as text.
  private struct Switch {
    var values: [String]
    var get: (Settings) -> String
    var set: (inout Settings, String) -> Void

    /// A switch between two values, of which the first means true.
    init(_ path: WritableKeyPath<Settings, Bool>, _ on: String, _ off: String) {
      values = [on, off]
      get = { $0[keyPath: path] ? on : off }
      set = { $0[keyPath: path] = $1 == on }
    }

    /// A switch between the cases of an enumeration.
    init<Value: RawRepresentable & CaseIterable>(_ path: WritableKeyPath<Settings, Value>)
    where Value.RawValue: LosslessStringConvertible {
      values = Value.allCases.map { String($0.rawValue) }
      get = { String($0[keyPath: path].rawValue) }
      set = { settings, text in
        guard let value = Value.RawValue(text).flatMap(Value.init(rawValue:)) else { return }
        settings[keyPath: path] = value
      }
    }
  }

  private static var switches: KeyValuePairs<String, Switch> {
    [
      "patch_add_as_replace": Switch(\.patchAddAsReplace, "on", "off"),
      "bool_strings": Switch(\.acceptsBooleanStrings, "accept", "reject"),
      "patch": Switch(\.patch), "patchop_urn": Switch(\.patchOpURN), "list_start_index": Switch(\.listStartIndex),
      "list_member_schemas": Switch(\.listMemberSchemas, "present", "absent"),
      "list_inactive": Switch(\.hidesInactive, "hidden", "shown"), "email_change": Switch(\.emailChange),
      "delete_user": Switch(\.deleteUser), "discovery": Switch(\.discovery), "external_id": Switch(\.externalId),
      "meta": Switch(\.meta, "present", "absent"), "duplicate_status": Switch(\.duplicateStatus),
      "error_shape": Switch(\.errorShape), "name_limits": Switch(\.nameLimits, "on", "off"),
      "email_pattern": Switch(\.emailPattern, "on", "off"),
    ]
  }

  // MARK: Writing

  /// All settings; of a token only what it may do, never its value.
  static func write(_ teamViewer: SimulatedTeamViewer) -> JSONValue {
    let settings = teamViewer.model.settings
    var object = JSONObject()
    object["auth"] = .array(
      settings.tokens.map { token in
        [
          "scopes": .array(token.scopes.map(\.rawValue).sorted().map(JSONValue.string)),
          "owner": token.owner.map(JSONValue.string) ?? .null,
        ]
      })
    for (name, entry) in switches { object[name] = .string(entry.get(settings)) }
    object["rate_limit"] = "off"
    if let limit = settings.rateLimit {
      object["rate_limit"] = [
        "calls": .integer(Int64(limit.calls)), "windowMilliseconds": .integer(limit.windowMilliseconds),
        "refusal": .string(limit.refusal.rawValue),
      ]
    }
    object["foreign_accounts"] = .array(settings.foreignAccounts.map(JSONValue.string))
    object["latency"] = [.integer(teamViewer.latency.lowerBound), .integer(teamViewer.latency.upperBound)]
    object["faults"] = FaultsJSON.write(teamViewer.plan)
    return .object(object)
  }

  // MARK: Reading

  /// The settings with the named ones changed; throws with a sentence that names the first wrong one.
  static func apply(_ json: JSONValue?, to teamViewer: SimulatedTeamViewer) throws(ControlError) -> SimulatedTeamViewer
  {
    guard let object = json?.object else { throw ControlError(400, "The body is no JSON object.") }
    var changed = teamViewer
    for member in object.members {
      switch member.name {
      case "auth": changed.model.settings.tokens = try tokens(member.value)
      case "rate_limit": changed.model.settings.rateLimit = try rateLimit(member.value)
      case "foreign_accounts":
        guard let entries = member.value.array else { throw .wrong(member.name, "an array of addresses") }
        changed.model.settings.foreignAccounts = entries.compactMap(\.string)
      case "latency":
        guard let bounds = member.value.array?.compactMap(\.integer), bounds.count == 2, bounds[0] >= 0,
          bounds[0] <= bounds[1]
        else { throw .wrong(member.name, "two numbers of milliseconds") }
        changed.latency = Int64(bounds[0])...Int64(bounds[1])
      case "faults": changed.plan = try FaultsJSON.apply(member.value, to: changed.plan)
      default:
        guard let entry = switches.first(where: { $0.key == member.name })?.value else {
          throw ControlError(400, "There is no setting \(member.name).")
        }
        guard let value = text(member.value), entry.values.contains(value) else {
          throw .wrong(member.name, "one of \(entry.values.joined(separator: ", "))")
        }
        entry.set(&changed.model.settings, value)
      }
    }
    return changed
  }

  private static func text(_ value: JSONValue) -> String? { value.string ?? value.integer.map { String($0) } }

  private static func tokens(_ json: JSONValue) throws(ControlError) -> [TeamViewerService.Token] {
    guard let entries = json.array else { throw .wrong("auth", "an array of tokens") }
    var tokens: [TeamViewerService.Token] = []
    for entry in entries {
      guard let value = entry["token"]?.string else { throw ControlError(400, "auth: a token has no member token.") }
      var token = TeamViewerService.Token(value, owner: entry["owner"]?.string)
      if let names = entry["scopes"]?.array {
        let scopes = names.compactMap(\.string).compactMap(TeamViewerService.Token.Scope.init)
        guard scopes.count == names.count else { throw ControlError(400, "auth: a scope is unknown.") }
        token.scopes = Set(scopes)
      }
      tokens.append(token)
    }
    return tokens
  }

  private static func rateLimit(_ json: JSONValue) throws(ControlError) -> Settings.RateLimit? {
    if json == "off" || json == .null { return nil }
    guard let calls = json["calls"]?.integer, calls >= 0, let window = json["windowMilliseconds"]?.integer, window > 0,
      let refusal = Settings.RateLimit.Refusal(rawValue: json["refusal"].flatMap(text) ?? "403")
    else { throw .wrong("rate_limit", "off, or an object with calls, windowMilliseconds and refusal 403 or 429") }
    return Settings.RateLimit(calls: calls, windowMilliseconds: Int64(window), refusal: refusal)
  }
}
