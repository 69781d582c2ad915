public import Base
public import Ledger
public import MicrosoftGraph
public import Operations
public import Provisioning

/// Cycles over a tenant, and looks for leavers between them.
public struct GraphCycles: CycleSource {
  private let ledger: OpenLedger
  private let cycle: GraphCycle
  private let directory: DirectorySourceID

  /// Cycles into a ledger, of the people whom a directory source owns, done by `actor`.
  public init(
    over source: GraphSource, into ledger: OpenLedger, directory: DirectorySourceID = .standard, actor: Actor
  ) {
    self.ledger = ledger
    self.directory = directory
    cycle = GraphCycle(over: source, into: ledger, directory: directory, actor: actor)
  }

  /// What log lines call it.
  public var name: String { directory.name }

  /// When the newest cycle began that has finished.
  public func lastCycle() throws -> Timestamp? { try ledger.newestCycle(of: directory) }

  /// Runs one cycle.
  public func run() async throws -> CycleSummary? { try await cycle.run() }

  /// Takes over who was disabled or deleted since the last cycle; nil when nobody was.
  public func leavers() async throws -> CycleSummary? { try await cycle.leavers() }
}
