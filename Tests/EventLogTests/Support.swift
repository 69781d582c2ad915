import Base
import Foundation
import GRDB
import LogSupport
import Logging
import Synchronization

@testable import EventLog

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

extension Log {
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
