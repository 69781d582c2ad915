public import Base
public import EventLog
import Foundation
public import Ledger
public import Logging
public import Provisioning
import Synchronization

/// A folder that is gone when the test ends, and the ledger in it.
public final class TestLedger: Sendable {
  /// The temporary folder; input files go here.
  public let root: String
  /// The clock of every ledger that this opens.
  public let clock = TestClock()

  /// The ledger's own folder.
  public var folder: String { "\(root)/ledger" }
  /// The log.
  public var log: String { "\(folder)/ledger.sqlite" }
  /// The views.
  public var views: String { "\(folder)/views.sqlite" }
  /// The configuration.
  public var configuration: String { "\(folder)/provledger.yaml" }

  /// A folder with a ledger in it, unless `isEmpty`.
  public init(isEmpty: Bool = false) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "provledger-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    if !isEmpty { try create() }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// Makes the ledger.
  public func create(
    url: String = "https://example.test/scim/v2", token: SecretSource = .environment("TEST_TOKEN"),
    origin: String? = "example.test/ledger"
  ) throws {
    try OpenLedger.create(folder: folder, url: url, token: token, origin: origin, logger: quiet, clock: clock.read)
  }

  /// Opens the ledger.
  public func open() throws -> OpenLedger { try OpenLedger(folder: folder, logger: quiet, clock: clock.read) }

  /// Writes a file beside the ledger, for its owner's eyes only, and returns its path.
  @discardableResult
  public func write(_ name: String, _ text: String) throws -> String {
    let path = "\(root)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return path
  }

  /// Replaces a piece of the configuration file's text.
  public func reconfigure(_ piece: String, with other: String) throws {
    let text = String(decoding: try bytes(configuration), as: UTF8.self)
    try Data(text.replacing(piece, with: other).utf8).write(to: URL(fileURLWithPath: configuration))
  }

  /// The bytes of a file.
  public func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// A file's or folder's permissions.
  public func permissions(_ path: String) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue ?? -1
  }
}

/// Logs nothing.
public let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A clock that stands still until a test moves it.
public final class TestClock: Sendable {
  private let now = Mutex(Timestamp(milliseconds: 1_767_312_000_000))

  /// A clock that starts on 2026-01-02T00:00:00Z.
  public init() {}

  /// The present moment.
  public var moment: Timestamp { now.withLock { $0 } }
  /// The present moment, as a ledger asks for it.
  public var read: @Sendable () -> Timestamp { { self.moment } }
  /// Moves on.
  public func advance(_ span: Duration) { now.withLock { $0 = $0 + span } }
}

extension OpenLedger {
  /// Appends what the worker would record of one person.
  @discardableResult
  public func account(_ alias: String, _ payloads: EventPayload...) async throws -> [Int64] {
    try await append(payloads.map { Event(.account(alias), $0) }, actor: "worker")
  }

  /// Appends what the worker would record of TeamViewer as a whole.
  public func target(_ payloads: EventPayload...) async throws {
    try await append(payloads.map { Event(.target, $0) }, actor: "worker")
  }

  /// Every event of the log, as it stands there.
  public func recorded() throws -> [RecordedEvent] { try log.read(limit: 1_000_000) }

  /// The event types from a position on.
  public func types(after position: Int64 = 0) throws -> [String] {
    try log.read(from: position + 1, limit: 1_000_000).map(\.type)
  }
}

/// The fault that a body throws; nil when it throws none or something else.
public func fault(_ body: () throws -> Void) -> Fault? {
  do {
    try body()
    return nil
  } catch {
    return error as? Fault
  }
}

/// The fault that a body throws; nil when it throws none or something else.
public func fault(_ body: () async throws -> Void) async -> Fault? {
  do {
    try await body()
    return nil
  } catch {
    return error as? Fault
  }
}
