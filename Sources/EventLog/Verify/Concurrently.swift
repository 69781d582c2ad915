import Dispatch
import Synchronization

/// Runs `body` for 0..<count on at most so many threads, the caller's among them, and returns the results in order.
///
/// Throws one of the errors that `body` threw; no further numbers are begun then.
func concurrently<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Result
) throws -> [Result] {
  if threads <= 1 || count <= 1 { return try (0..<count).map(body) }
  let turns = Turns<Result>(count: count)
  DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
    while let turn = turns.next() { turns.settle(turn, Swift.Result { try body(turn) }) }
  }
  return try turns.results()
}

/// Hands out numbers and takes results.
private final class Turns<Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var results: [Result?]
    var failure: (any Error)?
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(results: Array(repeating: nil, count: count))) }

  func next() -> Int? {
    state.withLock { state in
      guard state.failure == nil, state.next < state.results.count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func settle(_ turn: Int, _ result: Swift.Result<Result, any Error>) {
    state.withLock { state in
      switch result {
      case .success(let value): state.results[turn] = value
      case .failure(let error): state.failure = state.failure ?? error
      }
    }
  }

  func results() throws -> [Result] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.results.compactMap { $0 }
    }
  }
}
