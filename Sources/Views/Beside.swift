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
