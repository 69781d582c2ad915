import Crypto
public import EventLog
public import Foundation

/// Sealing what is kept of people beside the log and may be thrown away, such as a snapshot: under a key that follows from the
/// person's own, so that whoever is erased is erased there too, and in every copy of it.
extension EventCodec {
  /// Seals a text about a person; nil when their key is gone. `place` stands for where it is kept: it opens nowhere else.
  ///
  /// Throws the faults of the keys.
  public func seal(_ text: Data, about alias: String, in place: Digest32) throws -> Data? {
    guard let key = try keys.key(of: alias) else { return nil }
    return try AES.GCM.seal(text, using: EventKey.derive(of: place, from: key)).combined
  }

  /// Opens what `seal` gave; nil when the person's key is gone, or when it is not what was sealed for them in this place.
  ///
  /// Throws the faults of the keys.
  public func open(_ sealed: Data, about alias: String, in place: Digest32) throws -> Data? {
    guard let key = try keys.key(of: alias), let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
    return try? AES.GCM.open(box, using: EventKey.derive(of: place, from: key))
  }

  /// Takes the keys of some people into memory at once. Throws the faults of the keys.
  public func prepare(people aliases: [String]) throws { try keys.prepare(aliases) }
}
