import Base
import EventLog
import JSON
import Provisioning
import Synchronization

/// Somebody who appends, and remembers what came of it.
final class Author: Sendable {
  struct Append: Sendable {
    var appends: [StreamAppend]
    /// Where it was acknowledged to be; nil when it was not.
    var positions: [Int64]?
    var ids: [EventID] { appends.flatMap { $0.events.map(\.id) } }
  }

  private struct Memory {
    var appends: [Append] = []
    var problems: [String] = []
  }

  private let memory = Mutex(Memory())
  private let ids = EventIDGenerator()
  private let key = Result { try LogKey(origin: "example.org/test") }

  var appends: [Append] { memory.withLock { $0.appends } }
  var acknowledged: [Append] { appends.filter { $0.positions != nil } }
  var failed: [Append] { appends.filter { $0.positions == nil } }
  /// What should not have happened.
  var problems: [String] { memory.withLock { $0.problems } }
  func add(_ appends: [Append]) { memory.withLock { $0.appends += appends } }
  func note(_ problem: String) { memory.withLock { $0.problems.append(problem) } }

  func events(_ count: Int) -> [NewEvent] {
    (0..<count).map { _ in
      let data: JSONValue = ["text": .string(String(repeating: "x", count: 120))]
      return NewEvent(
        id: ids.next(at: moment), type: "test.happened", occurred: moment, actor: "test", data: data.canonicalBytes)
    }
  }

  /// Faults that an I/O error may come out as. Damage is not among them: its way out is a backup.
  static let inputOutput: Set<FaultCode> = [.logUnreadable, .logFull, .logBusy, .logReadOnly]

  /// Runs something that may fail with such a fault and no other.
  @discardableResult
  func attempt<Result>(
    _ what: String, allowing allowed: Set<FaultCode> = Author.inputOutput, _ body: () async throws -> Result
  ) async -> Result? {
    do {
      return try await body()
    } catch {
      if let fault = error as? Fault, allowed.contains(fault.code) { return nil }
      note("\(what): \(error)")
      return nil
    }
  }

  /// Appends, and says whether it was acknowledged.
  @discardableResult
  func append(_ appends: [StreamAppend], to log: Log, _ allowed: Set<FaultCode> = Author.inputOutput) async -> Bool {
    var append = Append(appends: appends)
    append.positions = await attempt("append", allowing: allowed) { try await log.append(appends) }
    let (result, isDone) = (append, append.positions != nil)
    memory.withLock { $0.appends.append(result) }
    return isDone
  }

  @discardableResult
  func append(_ count: Int, _ stream: String = "s", to log: Log) async -> Bool {
    await append([StreamAppend(stream: stream, events: events(count))], to: log)
  }

  /// Concurrent callers, whose appends share transactions.
  func appendTogether(callers: Int, to log: Log) async {
    await withTaskGroup(of: Void.self) { group in
      for caller in 0..<callers { group.addTask { await self.append(3, "together/\(caller)", to: log) } }
    }
  }

  /// Signs the head, which proves that the log begins with what was signed before.
  func sign(_ log: Log) async throws {
    let key = try key.get()
    try await log.checkpoint(origin: "example.org/test", signedBy: [key], known: [key.verifier])
  }

  /// Tries what has failed once more, with the same ids.
  func retry(_ log: Log) async {
    let failed = memory.withLock { memory in
      defer { memory.appends.removeAll { $0.positions == nil } }
      return memory.appends.filter { $0.positions == nil }
    }
    for append in failed { await self.append(append.appends, to: log) }
  }

  /// What the log lacks or has too much: what was acknowledged is there, once and at its place; what failed is there
  /// as a whole or not at all; nothing else is there.
  func complaints(about log: Log, isVerified: Bool = true) throws -> [String] {
    var complaints = problems
    var places: [EventID: Int64] = [:]
    var next: Int64 = 1
    while case let batch = try log.read(from: next), let last = batch.last {
      for event in batch {
        if event.position != next { complaints.append("position \(next) is missing") }
        if places.updateValue(event.position, forKey: event.id) != nil { complaints.append("\(event.id) stands twice") }
        next = event.position + 1
      }
      next = last.position + 1
    }
    for append in appends {
      let found = append.ids.map { places.removeValue(forKey: $0) }
      if let positions = append.positions {
        if found != positions.map(Optional.some) { complaints.append("acknowledged at \(positions), is at \(found)") }
      } else if found.contains(where: { $0 == nil }), found.contains(where: { $0 != nil }) {
        complaints.append("half of an append is there: \(found)")
      }
    }
    if !places.isEmpty { complaints.append("\(places.count) events are of nobody") }
    if isVerified { complaints += try log.verify().findings.map(\.description) }
    return complaints
  }
}
