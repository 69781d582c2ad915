import Synchronization

/// A number that several tasks share.
public final class Counter: Sendable {
  private let value = Atomic(0)

  /// Nought.
  public init() {}

  /// The number so far.
  public var count: Int { value.load(ordering: .sequentiallyConsistent) }

  /// Adds one, and returns the number before.
  @discardableResult
  public func add() -> Int { value.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue }
}
