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
  /// Why a request to the control side is refused; nil when it is not. Pages in a browser on this machine reach the port
  /// too: they say their origin, or, where a name was made to lead here, another host.
  func refuse(_ request: Request) -> SCIMResponse? {
    if request.headers[.origin] != nil { return Self.answer(403, ["error": "Requests of web pages are refused."]) }
    let host = request.head.authority ?? ""
    let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
    guard ["127.0.0.1", "localhost", "[::1]"].contains(name.lowercased()) else {
      return Self.answer(403, ["error": "The request is meant for another host."])
    }
    guard let token = configuration.controlToken else { return nil }
    if request.headers[.authorization] == "Bearer \(token)" { return nil }
    return Self.answer(401, ["error": "The control side has a token of its own, printed at the start."])
  }

  func control(_ method: HTTPRequest.Method, _ path: String, _ query: String?, _ body: [UInt8]) -> Response {
    let route = path.split(separator: "/").dropFirst().map(String.init)
    let json = try? JSONParser.parse(body)
    let now = configuration.now()
    let result = shared.withLock { state -> SCIMResponse in
      do throws(ControlError) {
        switch (method, route.first, route.count) {
        case (.get, "state", 1): return Self.answer(200, state.json)
        case (.get, "log", 1): return Self.ndjson(state.log, after: Self.after(query))
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

  private static func ndjson(_ log: [SimulatorState.Entry], after number: Int) -> SCIMResponse {
    let lines = log.filter { $0.number > number }.map { $0.json.text + "\n" }.joined()
    return SCIMResponse(status: 200, headers: ["content-type": "application/x-ndjson"], body: Array(lines.utf8))
  }

  private static func after(_ query: String?) -> Int {
    (query ?? "").split(separator: "&").first { $0.hasPrefix("after=") }.flatMap { Int($0.dropFirst(6)) } ?? 0
  }
}

/// Why the control side refuses a request.
struct ControlError: Error {
  var status: Int
  var sentence: String

  init(_ status: Int, _ sentence: String) {
    self.status = status
    self.sentence = sentence
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
