public import Base
import Foundation
import Hummingbird
import JSON
public import Logging
import Provisioning
public import ServiceLifecycle
import Synchronization
public import TeamViewerModel

/// TeamViewer on loopback: its SCIM API under `/scim/v2`, two routes of its Web API, and a control side under
/// `/_simulator` (see `ControlSide`). Faults of the plan are carried out on the wire.
///
/// The control side asks for no token: the simulator listens on 127.0.0.1 only and holds no real data.
public final class TeamViewerSimulator: Service {
  /// How the simulator runs.
  public struct Configuration: Sendable {
    /// The port; 0 takes a free one.
    public var port: Int
    /// Where the state is kept over restarts; nil keeps it in memory.
    public var stateFile: String?
    /// The bearer token of the control side; nil where everybody who reaches the port may use it.
    public var controlToken: String?
    /// How long a request stays without an answer at most, where a fault says that none comes.
    public var silence = Duration.seconds(120)
    /// The time.
    public var now: @Sendable () -> Timestamp = SystemClock.now
    /// Waits: for a latency, a delay, a silence.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    /// A configuration.
    public init(port: Int = 0, stateFile: String? = nil, controlToken: String? = nil) {
      self.port = port
      self.stateFile = stateFile
      self.controlToken = controlToken
    }
  }

  let configuration: Configuration
  let logger: Logger
  let shared: Mutex<SimulatorState>
  private let onReady: @Sendable (Int) async -> Void

  /// A simulator of a company; `onReady` is told the port as soon as the simulator listens.
  ///
  /// Throws `Fault` with `inputUnreadable` when the state file exists and holds no state.
  public init(
    _ teamViewer: SimulatedTeamViewer, configuration: Configuration = Configuration(), logger: Logger,
    onReady: @escaping @Sendable (Int) async -> Void = { _ in }
  ) throws(Fault) {
    var teamViewer = teamViewer
    if let file = configuration.stateFile, FileManager.default.fileExists(atPath: file) {
      let bytes = try? OutsideFile.read(file, limit: 256 << 20)
      guard let state = bytes.flatMap({ try? JSONParser.parse($0) }), teamViewer.model.load(state) else {
        throw Fault(
          .inputUnreadable, "\(file) holds no state of the simulator. Name another file, or delete it to begin anew.")
      }
    }
    self.configuration = configuration
    self.logger = logger
    self.onReady = onReady
    shared = Mutex(SimulatorState(teamViewer))
  }

  /// What the simulator holds at this moment.
  public var teamViewer: SimulatedTeamViewer { shared.withLock { $0.teamViewer } }

  /// Changes what the simulator holds, at once as seen by every request.
  public func change<Result: Sendable>(_ body: (inout SimulatedTeamViewer) -> Result) -> Result {
    shared.withLock { state in
      state.isSaved = false
      return body(&state.teamViewer)
    }
  }

  /// Listens until its service group shuts down.
  public func run() async throws {
    let application = Application(
      responder: CallbackResponder<SimulatorContext> { request, context in
        try await self.respond(to: request, context)
      },
      configuration: .init(
        address: .hostname("127.0.0.1", port: configuration.port), serverName: "TeamViewerSimulator"),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? self.configuration.port
        self.shared.withLock { $0.listen(on: port) }
        await self.onReady(port)
      },
      logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await listening(on: self.configuration.port) { try await application.run() } }
      group.addTask { try await self.keepSaving() }
      // The saving task never ends by itself: the first to end is the server.
      _ = try await group.next()
      group.cancelAll()
    }
    try save()
  }

  /// Runs the simulator as long as `body` runs, which is given the port.
  public static func serving<Result: Sendable>(
    _ teamViewer: SimulatedTeamViewer, configuration: Configuration = Configuration(), logger: Logger,
    _ body: @Sendable @escaping (TeamViewerSimulator, Int) async throws -> Result
  ) async throws -> Result {
    try await serve(logger: logger) { onReady in
      try TeamViewerSimulator(teamViewer, configuration: configuration, logger: logger, onReady: onReady)
    } _: { simulator, port in
      try await body(simulator, port)
    }
  }

  // MARK: The state file

  /// Saves once a second what has changed, so that a killed simulator loses little.
  private func keepSaving() async throws {
    while true {
      try await Task.sleep(for: .seconds(1))
      try save()
    }
  }

  private func save() throws {
    guard let file = configuration.stateFile else { return }
    let state: JSONValue? = shared.withLock { state in
      if state.isSaved { return nil }
      state.isSaved = true
      return state.teamViewer.model.state
    }
    guard let state else { return }
    try Data(state.text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
  }
}
