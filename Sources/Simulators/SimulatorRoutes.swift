import Base
import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Provisioning
import SCIM
import ServiceLifecycle
import Synchronization
import TeamViewerModel

extension TeamViewerSimulator {
  /// The largest body of a request, in bytes.
  private static let bodyLimit = 1 << 20

  /// Answers one HTTP request.
  func respond(to request: Request, _ context: SimulatorContext) async throws -> Response {
    let path = request.uri.path
    guard let body = try? await request.body.collect(upTo: Self.bodyLimit) else {
      return Response(status: .contentTooLarge)
    }
    if path == "/_simulator" || path.hasPrefix("/_simulator/") {
      if let refusal = refuse(request) { return Self.response(refusal) }
      return control(request.method, path, request.uri.query, Array(buffer: body))
    }
    if path == "/scim/v2" || path.hasPrefix("/scim/v2/") {
      return try await scim(request, Array(buffer: body), context)
    }
    return webAPI(request, context)
  }

  private func webAPI(_ request: Request, _ context: SimulatorContext) -> Response {
    let token = Self.token(of: request)
    let now = configuration.now()
    return shared.withLock { state in
      let response =
        switch (request.method, request.uri.path) {
        case (.get, "/api/v1/ping"): state.teamViewer.model.ping(token: token)
        case (.get, "/api/v1/account"): state.teamViewer.model.account(token: token)
        default: SCIMResponse(status: 404, json: ["error": "invalid_request", "error_description": "No such route."])
        }
      state.record(entry(request, context, status: response.status, fault: nil, now))
      return Self.response(response)
    }
  }

  private func entry(
    _ request: Request, _ context: SimulatorContext, status: Int?, fault: SimulatedFault.Kind?, _ now: Timestamp
  ) -> SimulatorState.Entry {
    SimulatorState.Entry(
      time: now, method: request.method.rawValue, path: request.uri.description, status: status, fault: fault,
      userAgent: request.headers[.userAgent], connection: context.channel.remoteAddress?.port)
  }

  private func scim(_ request: Request, _ body: [UInt8], _ context: SimulatorContext) async throws -> Response {
    guard let method = SCIMRequest.Method(rawValue: request.method.rawValue) else {
      return Response(status: .methodNotAllowed)
    }
    let path = String(request.uri.path.dropFirst("/scim/v2".count))
    // A body that is no JSON is the model's business: it refuses the request like one without body.
    let message = SCIMRequest(
      method, path.isEmpty ? "/" : path, query: Self.query(request.uri.query), body: try? JSONParser.parse(body))
    let token = Self.token(of: request)
    let now = configuration.now()
    let outcome = shared.withLock { state in
      let outcome = state.teamViewer.react(to: message, token: token, now: now)
      if method.isWrite { state.isSaved = false }
      let status: Int? =
        switch outcome.reaction {
        case .answer(let response), .cutOff(let response): response.status
        case .reset, .silence, .refuse: nil
        }
      state.record(entry(request, context, status: status, fault: outcome.fault?.kind, now))
      return outcome
    }
    if outcome.latency > 0 { try await wait(.milliseconds(outcome.latency)) }
    return try await carryOut(outcome.reaction, on: context.channel)
  }

  // MARK: Faults on the wire

  private func carryOut(_ reaction: SimulatedTeamViewer.Reaction, on channel: any Channel) async throws -> Response {
    switch reaction {
    case .answer(let response): Self.response(response)
    case .cutOff(let whole): Wire.cutOff(Self.response(whole), whole.body, on: channel)
    case .reset, .refuse: try await Wire.reset(channel)
    case .silence: try await Wire.silence(channel) { try await wait(configuration.silence) }
    }
  }

  /// Waits, but no longer than the simulator runs: a shutdown must not wait for a latency or a silence.
  private func wait(_ span: Duration) async throws {
    try await cancelWhenGracefulShutdown { try await self.configuration.sleep(span) }
  }

  // MARK: Messages

  static func response(_ response: SCIMResponse) -> Response {
    Response(status: response.status, response.headers, response.body)
  }

  private static func token(of request: Request) -> String? {
    guard let value = request.headers[.authorization], value.asciiLowercased.hasPrefix("bearer ") else { return nil }
    return String(value.dropFirst("bearer ".count))
  }

  private static func query(_ text: String?) -> [SCIMRequest.QueryItem] {
    (text ?? "").split(separator: "&").prefix(32).compactMap { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
        let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
      else { return nil }
      return SCIMRequest.QueryItem(name, value)
    }
  }
}

extension Response {
  /// A response of its parts.
  init(status: Int, _ fields: [String: String], _ body: [UInt8]) {
    var headers = HTTPFields()
    for (name, value) in fields {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    self.init(status: .init(code: status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }
}
