import Base
import HTTPTypes
import Hummingbird
import JSON
import Logging
import NIOCore
import Provisioning
import SCIM
import Simulators
import TeamViewer
import TeamViewerModel
import Testing

/// The token of all tests; it must never be seen in an error.
let secret = "secret-token-7f3c9b21e0"

let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A company whose token is `secret` and belongs to an administrator.
func company(_ change: (inout SimulatedTeamViewer) -> Void = { _ in }) -> SimulatedTeamViewer {
  var model = TeamViewerService()
  let owner = model.addAccount("boss@corp.example", name: "Bo Ss", isAdministrator: true)
  model.settings.tokens = [.init(secret, owner: owner)]
  var simulated = SimulatedTeamViewer(model: model)
  change(&simulated)
  return simulated
}

/// A client for a port on loopback, shut down after `body`.
func withClient<Result: Sendable>(
  _ baseURL: String, _ configuration: SCIMClient.Configuration = .init(), token: String = secret,
  _ body: (SCIMClient) async throws -> Result
) async throws -> Result {
  let client = try SCIMClient(baseURL: baseURL, configuration: configuration) { token }
  do {
    let result = try await body(client)
    await client.shutdown()
    return result
  } catch {
    await client.shutdown()
    throw error
  }
}

/// A simulator and a client for it.
func withSimulator<Result: Sendable>(
  _ teamViewer: SimulatedTeamViewer, _ configuration: SCIMClient.Configuration = .init(), control: String? = nil,
  _ body: @Sendable @escaping (TeamViewerSimulator, SCIMClient) async throws -> Result
) async throws -> Result {
  try await TeamViewerSimulator.serving(
    teamViewer, configuration: .init(controlToken: control), logger: silentLogger
  ) { simulator, port in
    try await withClient("http://127.0.0.1:\(port)/scim/v2", configuration) { try await body(simulator, $0) }
  }
}

/// A server that gives one answer to everything, on a free port, as long as `body` runs.
func withServer<Result: Sendable>(
  status: HTTPResponse.Status = .ok, type: String, body text: String, headers more: [String: String] = [:],
  _ body: @Sendable @escaping (Int) async throws -> Result
) async throws -> Result {
  try await withServer { _ in
    var headers = HTTPFields()
    headers[.contentType] = type
    headers[.location] = more["location"]
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
  } _: {
    try await body($0)
  }
}

/// A server on a free port, as long as `body` runs.
func withServer<Result: Sendable>(
  _ answer: @Sendable @escaping (Request) -> Response, _ body: @Sendable @escaping (Int) async throws -> Result
) async throws -> Result {
  let (ports, ready) = AsyncStream.makeStream(of: Int.self)
  let application = Application(
    responder: CallbackResponder<BasicRequestContext> { request, _ in answer(request) },
    configuration: .init(address: .hostname("127.0.0.1", port: 0)),
    onServerRunning: { ready.yield($0.localAddress?.port ?? 0) }, logger: silentLogger)
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask {
      try? await application.run()
      return nil
    }
    for await port in ports {
      let result = try await body(port)
      group.cancelAll()
      return result
    }
    throw CancellationError()
  }
}
