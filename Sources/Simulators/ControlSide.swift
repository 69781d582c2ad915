import Base
import HTTPTypes
import Hummingbird
import JSON
import Provisioning
import SCIM
import Synchronization
import TeamViewerModel

/// The control side, under `/_simulator`, for this machine alone and with the control token where there is one:
///
/// - `GET state`: accounts, counts, faults, problems; `GET log?after=N`: requests as NDJSON
/// - `GET settings`, `POST settings`: switches, tokens, faults, latency; only what is named changes, all or nothing
/// - `POST accounts`: adds accounts; `POST accounts/ID`: changes one as the console would
/// - `POST reset`: everything as it was at the start
extension TeamViewerSimulator {
  /// The answer to whoever may not use the control side; nil to whoever may.
  func refuse(_ request: Request) -> SCIMResponse? {
    let refusal = ControlAccess(token: configuration.controlToken).refusal(of: request)
    return refusal.map { Self.answer($0.status, ["error": .string($0.sentence)]) }
  }

  func control(_ method: HTTPRequest.Method, _ path: String, _ query: String?, _ body: [UInt8]) -> Response {
    let route = path.split(separator: "/").dropFirst().map(String.init)
    let json = try? JSONParser.parse(body)
    let now = configuration.now()
    let result = shared.withLock { state -> SCIMResponse in
      do throws(ControlError) {
        switch (method, route.first, route.count) {
        case (.get, "state", 1): return Self.answer(200, state.json)
        case (.get, "log", 1): return Self.ndjson(state.requests.lines(query))
        case (.get, "settings", 1): return Self.answer(200, SettingsJSON.write(state.teamViewer))
        case (.post, "settings", 1):
          state.teamViewer = try SettingsJSON.apply(json, to: state.teamViewer)
          return Self.answer(200, SettingsJSON.write(state.teamViewer))
        case (.post, "accounts", 1):
          state.isSaved = false
          return Self.answer(201, try AccountsJSON.add(json, to: &state.teamViewer.model, now))
        case (.post, "accounts", 2):
          state.isSaved = false
          return Self.answer(200, try AccountsJSON.change(route[1], json, in: &state.teamViewer.model, now))
        case (.post, "reset", 1):
          state.reset()
          return Self.answer(200, [:])
        default: throw ControlError(404, "There is no such route.")
        }
      } catch { return Self.answer(error.status, ["error": .string(error.sentence)]) }
    }
    return Self.response(result)
  }

  private static func answer(_ status: Int, _ json: JSONValue) -> SCIMResponse {
    SCIMResponse(status: status, headers: ["content-type": "application/json"], body: Array(json.text.utf8))
  }

  private static func ndjson(_ lines: String) -> SCIMResponse {
    SCIMResponse(status: 200, headers: ["content-type": "application/x-ndjson"], body: Array(lines.utf8))
  }
}

/// Accounts on the control side.
enum AccountsJSON {
  /// Adds `[{"email", "name", "active", "administrator", "foreign"}]`, all or none; the answer names the ids in order,
  /// null for a foreign one.
  static func add(_ json: JSONValue?, to model: inout TeamViewerService, _ now: Timestamp) throws(ControlError)
    -> JSONValue
  {
    guard let entries = json?.array ?? json?["accounts"]?.array else {
      throw ControlError(400, "The body is no array of accounts.")
    }
    var changed = model
    var ids: [JSONValue] = []
    for entry in entries {
      guard let email = entry["email"]?.string else { throw ControlError(400, "An account has no email.") }
      if entry["foreign"]?.bool == true {
        guard !changed.isTaken(email) else { throw ControlError(409, "An address is taken.") }
        changed.settings.foreignAccounts.append(email)
        ids.append(.null)
        continue
      }
      let id = changed.addAccount(
        email, name: entry["name"]?.string ?? email, active: entry["active"]?.bool ?? true,
        isAdministrator: entry["administrator"]?.bool ?? false, now: now)
      guard let id else { throw ControlError(409, "An address is taken.") }
      ids.append(.string(id))
    }
    model = changed
    return ["ids": .array(ids)]
  }

  /// Changes an account by `{"email", "name", "active", "administrator", "confirmEmail": true, "remove": true}`.
  static func change(
    _ id: String, _ json: JSONValue?, in model: inout TeamViewerService, _ now: Timestamp
  ) throws(ControlError) -> JSONValue {
    guard let json, json.object != nil else { throw ControlError(400, "The body is no object.") }
    guard model.user(id: id) != nil else { throw ControlError(404, "There is no such account.") }
    let edited = model.edit(id, now: now) { account in
      account.email = json["email"]?.string ?? account.email
      account.name = json["name"]?.string ?? account.name
      account.active = json["active"]?.bool ?? account.active
      account.isAdministrator = json["administrator"]?.bool ?? account.isAdministrator
    }
    guard edited else { throw ControlError(409, "The address is taken.") }
    if json["confirmEmail"]?.bool == true, !model.confirmEmail(id, now: now) {
      throw ControlError(409, "No address is pending, or it was taken meanwhile.")
    }
    if json["remove"]?.bool == true { model.removeFromCompany(id) }
    return [:]
  }
}
