import Foundation
import Synchronization

/// Two pieces of work at the same time, for the second processor.
package enum Beside {
  /// Runs `work` on a thread of its own while `body` runs on this one. An error of `body` goes first.
  package static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value, while body: () throws -> Void
  ) throws
    -> Value
  {
    let answer = Answer<Value>()
    let group = DispatchGroup()
    group.enter()
    Thread.detachNewThread {
      answer.result.withLock { $0 = Result { try work() } }
      group.leave()
    }
    let done = Result { try body() }
    group.wait()
    try done.get()
    guard let result = answer.result.withLock({ $0 }) else { throw CancellationError() }
    return try result.get()
  }

  /// Makes pieces by their numbers on two threads of their own, and hands them to `take` on this one, in their order. A few at
  /// most are made and not taken. The first error ends all of it.
  package static func inOrder<Value: Sendable>(
    _ count: Int, _ make: @escaping @Sendable (Int) throws -> Value, _ take: (Value) throws -> Void
  ) throws {
    let line = PieceLine<Value>(count: count)
    let group = DispatchGroup()
    for _ in 0..<min(2, count) {
      group.enter()
      Thread.detachNewThread {
        while let number = line.nextToMake() { line.put(number, Result { try make(number) }) }
        group.leave()
      }
    }
    defer {
      line.end()
      group.wait()
    }
    for number in 0..<count { try take(line.piece(number).get()) }
  }

  /// Maps elements, their second half on a thread of its own.
  package static func map<Element: Sendable, Value: Sendable>(
    _ elements: ArraySlice<Element>, _ transform: @escaping @Sendable (Element) throws -> Value
  ) throws -> [Value] {
    let middle = elements.startIndex + elements.count / 2
    var first: [Value] = []
    let second = try run {
      try elements[middle...].map(transform)
    } while: {
      first = try elements[..<middle].map(transform)
    }
    return first + second
  }
}

private final class Answer<Value: Sendable>: Sendable {
  let result = Mutex<Result<Value, any Error>?>(nil)
}

/// Pieces between those who make them and the one who takes them.
private final class PieceLine<Value: Sendable>: Sendable {
  private struct State {
    var next = 0
    var made: [Int: Result<Value, any Error>] = [:]
    var isOver = false
  }

  /// The most pieces that are in hand or wait: so many are in memory, and the one that is taken.
  private static var most: Int { 4 }

  private let count: Int
  private let state = Mutex(State())
  // Both begin at nought: Dispatch ends the program where a semaphore goes away below what it began with.
  private let room = DispatchSemaphore(value: 0)
  private let news = DispatchSemaphore(value: 0)

  init(count: Int) {
    self.count = count
    for _ in 0..<Self.most { room.signal() }
  }

  /// The number of the piece to make next, when there is room for it; nil at the end.
  func nextToMake() -> Int? {
    room.wait()
    let number: Int? = state.withLock { state in
      guard !state.isOver, state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
    // The other thread may wait for room too.
    if number == nil { room.signal() }
    return number
  }

  func put(_ number: Int, _ piece: Result<Value, any Error>) {
    state.withLock { $0.made[number] = piece }
    news.signal()
  }

  /// Waits for a piece, and makes room for another.
  func piece(_ number: Int) -> Result<Value, any Error> {
    while true {
      if let piece = state.withLock({ $0.made.removeValue(forKey: number) }) {
        room.signal()
        return piece
      }
      news.wait()
    }
  }

  func end() {
    state.withLock { $0.isOver = true }
    room.signal()
  }
}
