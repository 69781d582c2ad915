public import Base
public import EventLog
public import JSON

/// Opening sealed values.
extension SubjectKeys {
  /// Opens a sealed value with the key of its subject. Throws as `Sealing.open` and `key(of:)` do.
  public func open(_ sealed: JSONValue, stream: String, event: EventID) throws -> Sealing.Opened {
    try Sealing.open(sealed, stream: stream, event: event, key: key(of:))
  }

  /// As above, for the bytes of a sealed value.
  public func open(_ sealed: some Collection<UInt8>, stream: String, event: EventID) throws -> Sealing.Opened {
    try Sealing.open(sealed, stream: stream, event: event, key: key(of:))
  }
}
