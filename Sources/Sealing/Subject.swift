public import Crypto
public import EventLog
import Provisioning

/// A person, or another owner of sealed values, as the log knows them.
public struct Subject: Sendable {
  /// The random name in the log: 16 characters of lower-case base32 for a person, `ledger-…` for the ledger's own.
  public let alias: String
  /// The key that seals what the log holds about them.
  public let key: SymmetricKey

  /// An alias with its key.
  public init(alias: String, key: SymmetricKey) {
    self.alias = alias
    self.key = key
  }
}

extension Log {
  /// Every event about one person before a position, in order; they are few enough to be held.
  public func events(about alias: String, before position: Int64 = .max) throws -> [RecordedEvent] {
    try events(of: [Stream.user(alias), .account(alias)].map(\.description), before: position)
  }
}
