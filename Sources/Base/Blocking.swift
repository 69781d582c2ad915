import Dispatch

/// The threads that may block: Swift's own must not, of which there are as few as cores.
private let blockingQueue = DispatchQueue(label: "provledger.blocking", attributes: .concurrent)

/// Runs work that blocks (locks, SQLite) on a thread that may; the one way out of the cooperative pool.
public func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { answer in
    blockingQueue.async { answer.resume(with: Swift.Result { try work() }) }
  }
}
