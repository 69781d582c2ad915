import Base
import EventLog
import Foundation
import Ledger
import Logging
import Provisioning
import Sealing
import Subprocess
import Synchronization
import TeamViewerModel
import Testing

@testable import Simulators

/// A folder with a ledger, a token file and exports, gone when the test ends.
final class Stage: Sendable {
  static let token = "tk-7d1f0c44-secret-script-token"
  static let owner = "owner@admin.example"

  let folder: String
  private let runs = Mutex(0)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "provledger-e2e-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: "\(folder)/runs", withIntermediateDirectories: true)
    try setToken(Self.token)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var ledgerFolder: String { "\(folder)/ledger" }
  var tokenFile: String { "\(folder)/token" }

  /// Puts a token where the ledger looks for it, for its owner's eyes only, as `doctor` wants it.
  func setToken(_ token: String) throws {
    let path = try write("token", "\(token)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  }

  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  // MARK: Commands

  /// Runs a command on this ledger.
  func run(
    _ arguments: [String], environment: [String: String] = [:], within bound: Duration = .seconds(90),
    during body: @escaping @Sendable (Program.Running) async throws -> Void = { _ in }
  ) async throws -> Program.End {
    let number = runs.withLock { runs in
      runs += 1
      return runs
    }
    return try await Program.run(
      arguments + ["--ledger", ledgerFolder], into: "\(folder)/runs/\(number)", environment: environment,
      within: bound, during: body)
  }

  /// Runs a command, `body` meanwhile.
  func run(
    _ arguments: String..., during body: @escaping @Sendable (Program.Running) async throws -> Void
  ) async throws -> Program.End {
    try await run(arguments, during: body)
  }

  /// Runs a command that must end with a code; what it wrote to standard error is shown when it does not.
  @discardableResult
  func expect(
    _ code: Int, _ arguments: String..., location: SourceLocation = #_sourceLocation
  ) async throws -> Program.End {
    let end = try await run(arguments)
    #expect(
      end.code == code, "\(arguments.joined(separator: " ")): \(end.errors.suffix(600))", sourceLocation: location)
    return end
  }

  /// Makes the ledger, as an operator does.
  func initialize(target: String) async throws {
    let end = try await expect(0, "init", "--target", target, "--token-file", tokenFile)
    try #require(end.code == 0)
  }

  /// Replaces text in `provledger.yaml`, as an operator does with an editor.
  func configure(_ old: String, _ new: String) throws {
    let path = "\(ledgerFolder)/provledger.yaml"
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    try #require(text.contains(old))
    try write("ledger/provledger.yaml", text.replacing(old, with: new))
  }

  // MARK: Looking

  /// The ledger as this process sees it.
  func open() throws -> OpenLedger { try OpenLedger(folder: ledgerFolder, logger: quiet) }

  /// The number of events.
  func size() throws -> Int64 {
    let ledger = try open()
    defer { try? ledger.close() }
    return try ledger.log.lastPosition()
  }

  /// The process that holds the worker lock; nil when none does.
  func lockHolder() throws -> Int? {
    let ledger = try open()
    defer { try? ledger.close() }
    return ledger.lockHolder(of: .worker).map { Int($0.process) }
  }

  /// True when the log holds an event of a type.
  func has(_ type: String) throws -> Bool { try events().contains { $0.recorded.type == type } }

  /// All events in order, decoded.
  func events() throws -> [(recorded: RecordedEvent, event: Event)] {
    let ledger = try open()
    defer { try? ledger.close() }
    var events: [(RecordedEvent, Event)] = []
    var next: Int64 = 1
    while true {
      let page = try ledger.log.read(from: next)
      for recorded in page { events.append((recorded, try ledger.codec.decode(recorded).event)) }
      guard let last = page.last else { return events }
      next = last.position + 1
    }
  }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension Stage {
  /// Runs a test with a simulated TeamViewer on a free port and a new ledger that points at it.
  static func serving(
    plan: FaultPlan = FaultPlan(), latency: ClosedRange<Int64> = 0...0, firstNumber: Int = 1_000_001,
    path: String = "/scim/v2", prepare: (inout TeamViewerService) -> Void = { _ in },
    _ body: @escaping @Sendable (Stage, TeamViewerSimulator) async throws -> Void
  ) async throws {
    var model = TeamViewerService(firstNumber: firstNumber)
    let owner = model.addAccount(Self.owner, name: "Token Owner", isAdministrator: true)
    model.settings.tokens = [TeamViewerService.Token(Self.token, owner: owner)]
    prepare(&model)
    var configuration = TeamViewerSimulator.Configuration()
    // A silence as long as in earnest would be a test as long as that.
    configuration.silence = .milliseconds(150)
    let simulated = SimulatedTeamViewer(model: model, plan: plan, latency: latency)
    try await TeamViewerSimulator.serving(simulated, configuration: configuration, logger: quiet) { simulator, port in
      let stage = try Stage()
      try await stage.initialize(target: "http://127.0.0.1:\(port)\(path)")
      try await body(stage, simulator)
    }
  }
}

extension TeamViewerSimulator {
  /// The company at this moment.
  var model: TeamViewerService { teamViewer.model }
  /// The SCIM requests that arrived so far, those with faults among them.
  var requests: [SimulatorState.Entry] { shared.withLock { $0.log.filter { $0.path.hasPrefix("/scim/v2") } } }
  /// The accounts but the token's owner, by address.
  var accounts: [String: TeamViewerService.Account] {
    let users = model.users.filter { $0.email != Stage.owner }
    return Dictionary(uniqueKeysWithValues: users.map { (Address.folded($0.email), $0) })
  }
}

extension Stage {
  /// Where the ledger's target is, as its configuration says.
  func targetURL() throws -> String {
    let text = try String(contentsOfFile: "\(ledgerFolder)/provledger.yaml", encoding: .utf8)
    return try #require(text.firstMatch(of: #/url: "?(http[^"\s]+)/#).map { String($0.output.1) })
  }
}
