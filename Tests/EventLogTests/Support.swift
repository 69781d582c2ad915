@testable import EventLog
import Foundation
import GRDB
import JSON
import Logging
import Provisioning
import Synchronization

/// A folder that is gone when the test ends.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "eventlog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var log: String { path + "/ledger.sqlite" }
  var lock: String { path + "/ledger.lock" }
  var keys: String { path + "/keys.sqlite" }

  func open(
    clock: @escaping @Sendable () -> Timestamp = { moment }, logger: Logger = quiet, readOnly: Bool = false
  ) throws -> EventLog {
    try EventLog(
      path: log, lockPath: lock, origin: "example.org/test", clock: clock, logger: logger, readOnly: readOnly)
  }

  var master: MasterKeyPlace { .file(path + "/master.key") }

  /// The subject keys, under a master key that is made when it is not there.
  func openKeys() throws -> SubjectKeys {
    if try master.read() == nil { try master.write(MasterKey()) }
    return try SubjectKeys(path: keys, master: master, clock: { moment })
  }

  /// A connection of its own, as somebody with the sqlite3 shell has it.
  func shell() throws -> Shell { try Shell(path: log) }
}

/// A connection that knows nothing of the log's rules. Blocking, also in asynchronous tests.
struct Shell: Sendable {
  private let queue: DatabaseQueue

  init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.allowsUnsafeTransactions = true
    // What a test does to the file need not survive a power loss.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous=OFF") }
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  func run<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try queue.writeWithoutTransaction(body)
  }

  func run(_ sql: String) throws { try run { try $0.execute(sql: sql) } }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
let moment = Timestamp(milliseconds: 1_700_000_000_123)
let ids = EventIDGenerator()

func event(
  _ type: String = "test.happened", id: EventID = ids.next(at: moment), subject: String? = nil,
  data: JSONValue = ["a": 1]
) -> NewEvent {
  NewEvent(id: id, type: type, subject: subject, occurred: moment, actor: "test", data: data.canonicalBytes)
}

func events(_ count: Int, _ type: String = "test.happened") -> [NewEvent] { (0..<count).map { _ in event(type) } }

/// A clock that a test sets.
final class Clock: Sendable {
  private let now: Mutex<Timestamp>
  init(_ now: Timestamp) { self.now = Mutex(now) }
  func set(_ moment: Timestamp) { now.withLock { $0 = moment } }
  var read: @Sendable () -> Timestamp { { self.now.withLock { $0 } } }
}

/// Collects what is logged.
struct Recorder: LogHandler {
  final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level = .trace
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { lines.add("\(event.level): \(event.message)") }
}

func hex(_ text: String) -> [UInt8] {
  let digits = Array(text.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

func size(_ path: String) throws -> Int {
  (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0
}

extension EventLog {
  /// Runs SQL on the writer's own connection, whose settings no other connection can see or change.
  private func onWriter<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws
    -> Result
  {
    try await withCheckedThrowingContinuation { answer in
      store.enqueue { writer in answer.resume(with: Swift.Result { try body(writer.database) }) }
    }
  }

  func settings() async throws -> [String: Int] {
    try await onWriter { database in
      var settings: [String: Int] = [:]
      for name in ["synchronous", "page_size", "wal_autocheckpoint", "cache_size"] {
        settings[name] = try Int.fetchOne(database, sql: "PRAGMA \(name)")
      }
      return settings
    }
  }

  /// A disk that is full, as SQLite sees it.
  func limitPages(toPresent isLimited: Bool) async throws {
    try await onWriter { database in
      let present = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count=\(isLimited ? present + 4 : 1_000_000)")
    }
  }

  func setPatience(milliseconds: Int) async throws {
    try await onWriter { try $0.execute(sql: "PRAGMA busy_timeout=\(milliseconds)") }
  }
}
