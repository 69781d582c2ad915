public import Base
public import GraphModel
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
public import NIOSSL
public import ServiceLifecycle
import Synchronization

/// Microsoft Graph on loopback: version 1.0, the sign-in, the addresses of managed identities, and a control side under
/// `/_simulator` (see `GraphControl`). Faults of the plan are carried out on the wire.
public final class GraphSimulator: Service {
  /// How the simulator runs.
  public struct Configuration: Sendable {
    /// The port; 0 takes a free one.
    public var port: Int
    /// The bearer token of the control side; nil where everybody who reaches the port may use it.
    public var controlToken: String?
    /// Certificate and key; nil serves without TLS.
    public var tls: TLSConfiguration?
    /// How many times as fast as the clock the company lives.
    public var speed = 1.0
    /// How long a request stays without an answer at most, where a fault says that none comes.
    public var silence = Duration.seconds(120)
    /// The time.
    public var now: @Sendable () -> Timestamp = SystemClock.now
    /// Waits: for a latency, a delay, a silence.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// A configuration.
    public init(port: Int = 0, controlToken: String? = nil, tls: TLSConfiguration? = nil) {
      self.port = port
      self.controlToken = controlToken
      self.tls = tls
    }
  }

  /// The largest body of a request, in bytes.
  private static let bodyLimit = 1 << 20

  let configuration: Configuration
  let shared: Mutex<GraphState>
  private let logger: Logger
  private let onReady: @Sendable (Int) async -> Void

  /// A simulator of a tenant in which a company may live; `onReady` is told the port as soon as the simulator listens.
  public init(
    _ graph: SimulatedGraph, life: CompanyLife? = nil, configuration: Configuration = Configuration(), logger: Logger,
    onReady: @escaping @Sendable (Int) async -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.logger = logger
    self.onReady = onReady
    shared = Mutex(GraphState(graph, life: life, speed: configuration.speed, began: configuration.now()))
  }

  /// What the simulator holds at this moment.
  public var graph: SimulatedGraph { shared.withLock { $0.graph } }

  /// Changes what the simulator holds, at once as seen by every request.
  public func change<Result: Sendable>(_ body: (inout SimulatedGraph) -> Result) -> Result {
    shared.withLock { body(&$0.graph) }
  }

  /// Listens until its service group shuts down.
  public func run() async throws {
    let server: HTTPServerBuilder = if let tls = configuration.tls { try .tls(tlsConfiguration: tls) } else { .http1() }
    let application = Application(
      responder: CallbackResponder<SimulatorContext> { request, context in
        try await self.respond(to: request, context)
      },
      server: server,
      configuration: .init(address: .hostname("127.0.0.1", port: configuration.port), serverName: "GraphSimulator"),
      onServerRunning: { channel in
        await self.onReady(channel.localAddress?.port ?? self.configuration.port)
      },
      logger: logger)
    try await listening(on: configuration.port) { try await application.run() }
  }

  /// Runs the simulator as long as `body` runs, which is given the port.
  public static func serving<Result: Sendable>(
    _ graph: SimulatedGraph, life: CompanyLife? = nil, configuration: Configuration = Configuration(), logger: Logger,
    _ body: @Sendable @escaping (GraphSimulator, Int) async throws -> Result
  ) async throws -> Result {
    try await serve(logger: logger) { onReady in
      GraphSimulator(graph, life: life, configuration: configuration, logger: logger, onReady: onReady)
    } _: { simulator, port in
      try await body(simulator, port)
    }
  }

  // MARK: Requests

  private func respond(to request: Request, _ context: SimulatorContext) async throws -> Response {
    guard let body = try? await request.body.collect(upTo: Self.bodyLimit) else {
      return Response(status: .contentTooLarge)
    }
    let path = request.uri.path
    if path == "/_simulator" || path.hasPrefix("/_simulator/") { return control(request, Array(buffer: body)) }
    let message = message(request, Array(buffer: body), context)
    let outcome = shared.withLock { state in
      let now = state.live(configuration.now())
      let outcome = state.graph.react(to: message, now: now, verify: CertificateFile.verify)
      state.record(request, outcome, context.channel.remoteAddress?.port, now)
      return outcome
    }
    if outcome.latency > 0 { try await wait(.milliseconds(outcome.latency)) }
    return try await carryOut(outcome.reaction, on: context.channel)
  }

  private func message(_ request: Request, _ body: [UInt8], _ context: SimulatorContext) -> SimulatedGraph.Request {
    let scheme = configuration.tls == nil ? "http" : "https"
    let host = request.head.authority ?? "127.0.0.1:\(context.channel.localAddress?.port ?? configuration.port)"
    let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
    return SimulatedGraph.Request(
      request.method.rawValue, request.uri.path, query: request.uri.query ?? "", origin: "\(scheme)://\(host)",
      headers: Dictionary(headers) { first, _ in first }, body: body)
  }

  private func carryOut(_ reaction: SimulatedGraph.Reaction, on channel: any Channel) async throws -> Response {
    switch reaction {
    case .answer(let answer): Response(status: answer.status, answer.headers, answer.body)
    case .cutOff(let whole):
      Wire.cutOff(Response(status: whole.status, whole.headers, whole.body), whole.body, on: channel)
    case .reset: try await Wire.reset(channel)
    case .silence: try await Wire.silence(channel) { try await wait(configuration.silence) }
    }
  }

  /// Waits, but no longer than the simulator runs.
  private func wait(_ span: Duration) async throws {
    try await cancelWhenGracefulShutdown { try await self.configuration.sleep(span) }
  }
}
