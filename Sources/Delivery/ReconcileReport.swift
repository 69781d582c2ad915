public import Provisioning

/// What a comparison of TeamViewer with the log found, for the operator who asked.
public struct ReconcileReport: Equatable, Sendable {
  /// An account of ours that is other than the log says.
  public struct Drift: Equatable, Sendable {
    /// The person's alias.
    public var alias: String
    /// The sign-in name in the directory.
    public var name: String?
    /// What differs.
    public var kind: DriftDetected.Kind
    /// True when the account is brought back.
    public var isRepaired: Bool
    /// The account as read; nil when it is missing.
    public var shown: RemoteAccount?
    /// What is wanted.
    public var desired: DesiredAccount?

    init(person: Person, detected: DriftDetected) {
      alias = person.alias
      name = person.user?[.userPrincipalName] ?? person.lastDesired?.userName
      kind = detected.kind
      isRepaired = detected.isRepaired
      shown = detected.account
      desired = person.desired
    }
  }

  /// The accounts that nobody in the log is linked to; they are never recorded.
  public enum Unmanaged: Equatable, Sendable {
    /// As they were read.
    case read([RemoteAccount])
    /// Not read, and why.
    case omitted(String)
  }

  /// How it ended, as the log has it.
  public var finished: ReconcileFinished
  /// What differs.
  public var drift: [Drift]
  /// The accounts that are not ours.
  public var unmanaged: Unmanaged

  /// True when anything differs, or the read was not to be believed.
  public var hasDifferences: Bool { finished.isWithheld || !finished.drift.isEmpty }
}
