import Synchronization

/// What arrives while the worker is busy, handed over in one go: so appends of many answers become one.
final class Inbox<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  private let bell: AsyncStream<Void>
  private let ringer: AsyncStream<Void>.Continuation

  init() {
    (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ element: Element) {
    elements.withLock { $0.append(element) }
    ringer.yield()
  }

  /// Waits until something is there, and takes all of it; empty only when the task is cancelled.
  func take() async -> [Element] {
    for await _ in bell {
      let taken = elements.withLock { elements in
        defer { elements = [] }
        return elements
      }
      if !taken.isEmpty { return taken }
    }
    return []
  }
}
