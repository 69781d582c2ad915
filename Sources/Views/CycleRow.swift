public import Base
public import JSON
public import Provisioning

/// One cycle as the views show it.
public struct CycleRow: Equatable, Sendable {
  /// The cycle's id.
  public var id: String
  /// Snapshot or delta.
  public var source: CycleStarted.Source
  /// True when the ledger knew nobody before.
  public var isInitial: Bool
  /// When it was appended.
  public var started: Timestamp
  /// The position of `cycle.started`.
  public var firstPosition: Int64
  /// The counts as `cycle.finished` has them.
  public var counts: JSONValue
  /// The deltaLink of an export that was read to.
  public var deltaLink: String?
  /// The directory source that was read.
  public var directory: DirectorySourceID
  /// How far it came.
  public var state: State

  /// How far a cycle came.
  public enum State: String, Sendable {
    /// To its end.
    case finished
    /// It was cut off; nothing of it counts.
    case interrupted
    /// Not to its end so far.
    case running
  }
}
