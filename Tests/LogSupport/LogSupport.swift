public import Base
public import EventLog
import Foundation
public import GRDB
public import JSON
public import Logging
import Synchronization

/// A folder that is gone when the test ends.
public final class Folder: Sendable {
  /// Where it is.
  public let path: String

  /// Makes it.
  public init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "eventlog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The log's file.
  public var log: String { path + "/ledger.sqlite" }
  /// The file of the writers' lock.
  public var lock: String { path + "/ledger.lock" }
  /// The key file.
  public var keys: String { path + "/keys.sqlite" }

  /// Opens the log.
  public func open(
    clock: @escaping @Sendable () -> Timestamp = { moment }, logger: Logger = quiet, readOnly: Bool = false
  ) throws -> Log {
    try Log(
      path: log, lockPath: lock, origin: "example.org/test", clock: clock, logger: logger, readOnly: readOnly)
  }

  /// A connection of its own, as somebody with the sqlite3 shell has it.
  public func shell() throws -> Shell { try Shell(path: log) }
}

/// A connection that knows nothing of the log's rules. Blocking, also in asynchronous tests.
public struct Shell: Sendable {
  private let queue: DatabaseQueue

  /// Opens a file.
  public init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.allowsUnsafeTransactions = true
    // What a test does to the file need not survive a power loss.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous=OFF") }
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// Runs a body in a transaction of its own making.
  public func run<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try queue.writeWithoutTransaction(body)
  }

  /// Runs SQL.
  public func run(_ sql: String) throws { try run { try $0.execute(sql: sql) } }
}

/// Says nothing.
public let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
/// The present of most tests.
public let moment = Timestamp(milliseconds: 1_700_000_000_123)
/// Ids for events of tests.
public let ids = EventIDGenerator()

/// An event that a test appends.
public func event(
  _ type: String = "test.happened", id: EventID = ids.next(at: moment), subject: String? = nil,
  data: JSONValue = ["a": 1]
) -> NewEvent {
  NewEvent(id: id, type: type, subject: subject, occurred: moment, actor: "test", data: data.canonicalBytes)
}

/// Some events of a type.
public func events(_ count: Int, _ type: String = "test.happened") -> [NewEvent] {
  (0..<count).map { _ in event(type) }
}

/// A clock that a test sets.
public final class SetClock: Sendable {
  private let now: Mutex<Timestamp>
  /// A clock that stands.
  public init(_ now: Timestamp) { self.now = Mutex(now) }
  /// Sets it.
  public func set(_ moment: Timestamp) { now.withLock { $0 = moment } }
  /// Tells it.
  public var read: @Sendable () -> Timestamp { { self.now.withLock { $0 } } }
}

/// The bytes of hexadecimal digits.
public func hex(_ text: String) -> [UInt8] {
  let digits = Array(text.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// How many bytes a file has.
public func size(_ path: String) throws -> Int {
  (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0
}
