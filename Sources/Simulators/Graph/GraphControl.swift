import Base
import GraphModel
import Hummingbird
import JSON
import Synchronization

/// The control side, under `/_simulator`, for this machine alone and with the control token where there is one:
///
/// - `GET state`: counts and faults; `GET log?after=N`: requests as NDJSON
/// - `GET settings`, `POST settings`: switches and faults; only what is named changes, all or nothing
/// - `POST users`, `POST groups`: make objects; `POST users/ID`, `POST groups/ID`: change one as the portal would
/// - `POST assignments`: assigns, or takes away; `POST applications/APPID`: credentials and permissions
/// - `POST tokens`: all tokens end now; `POST reset`: everything as it was at the start
extension GraphSimulator {
  func control(_ request: Request, _ body: [UInt8]) -> Response {
    if let refusal = ControlAccess(token: configuration.controlToken).refusal(of: request) {
      return Self.answer(refusal)
    }
    let route = request.uri.path.split(separator: "/").dropFirst().map { PercentEncoding.decode($0) ?? String($0) }
    let json = try? JSONParser.parse(body)
    return shared.withLock { state in
      do throws(ControlError) {
        let now = state.live(configuration.now())
        switch (request.method, route.first, route.count) {
        case (.get, "log", 1): return Self.ndjson(state.requests.lines(request.uri.query))
        case (.get, "state", 1): return Self.answer(200, state.json)
        case (.get, "settings", 1): return Self.answer(200, GraphSettingsJSON.write(state.graph))
        case (.post, let name?, _): return Self.answer(200, try Self.act(name, route, json, &state, now))
        default: throw ControlError(404, "There is no such route.")
        }
      } catch { return Self.answer(error) }
    }
  }

  private static func act(
    _ name: String, _ route: [String], _ json: JSONValue?, _ state: inout GraphState, _ now: Timestamp
  ) throws(ControlError) -> JSONValue {
    switch (name, route.count) {
    case ("settings", 1):
      state.graph = try GraphSettingsJSON.apply(json, to: state.graph)
      return GraphSettingsJSON.write(state.graph)
    case ("users", 1): return try TenantJSON.add(.user, json, to: &state.graph, now)
    case ("groups", 1): return try TenantJSON.add(.group, json, to: &state.graph, now)
    case ("users", 2), ("groups", 2): return try TenantJSON.change(route[1], json, in: &state.graph.tenant, now)
    case ("assignments", 1): return try TenantJSON.assign(json, in: &state.graph.tenant, now)
    case ("applications", 2): return try ApplicationJSON.change(route[1], json, in: &state.graph.tenant)
    case ("tokens", 1): state.graph.endTokens()
    case ("reset", 1): state.reset(now)
    default: throw ControlError(404, "There is no such route.")
    }
    return [:]
  }

  private static func answer(_ error: ControlError) -> Response {
    answer(error.status, ["error": .string(error.sentence)])
  }

  private static func answer(_ status: Int, _ json: JSONValue) -> Response {
    Response(status: status, ["content-type": "application/json"], Array(json.text.utf8))
  }

  private static func ndjson(_ lines: String) -> Response {
    Response(status: 200, ["content-type": "application/x-ndjson"], Array(lines.utf8))
  }
}
