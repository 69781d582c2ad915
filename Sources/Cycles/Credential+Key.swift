public import Ledger
public import MicrosoftGraph

extension CycleState.Credential {
  /// What is kept of a key of the registration.
  public init(_ key: ApplicationKey) { self.init(kind: key.kind.rawValue, name: key.name, end: key.end) }
}
