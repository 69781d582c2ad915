public import Base
public import Operations

/// Where the cycles of a schedule come from.
public protocol CycleSource: Sendable {
  /// What log lines call it.
  var name: String { get }
  /// When its last cycle began that has finished; nil for none. Throws the faults of log and views.
  func lastCycle() throws -> Timestamp?
  /// Runs one cycle; nil when there is nothing that is not known. Throws a `Fault`; nothing counts then.
  func run() async throws -> CycleSummary?
  /// Looks for leavers between two cycles; nil when there is none. Throws as `run` does.
  func leavers() async throws -> CycleSummary?
}

extension CycleSource {
  /// Nobody is looked for between two cycles.
  public func leavers() async throws -> CycleSummary? { nil }
}
