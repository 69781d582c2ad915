public import Base
public import Crypto
import EventLog
import Foundation
public import JSON

/// Seals the personal members of a payload with AES-256-GCM, bound to one event of one stream.
///
/// A sealed value is a JSON object in one of two forms, told apart by `alg`; bytes are base64, and the 16-byte tag stands
/// behind the ciphertext. `subject` is the alias whose key is needed.
///
/// - `A256GCM-EVENT`, which all new events have: `{"alg":…,"ciphertext":…,"commit":…,"nonce":…,"subject":…}`. The key
///   is the event's own (`EventKey`). The plaintext is the `SaltedMembers` of the payload, and `commit` the root of their
///   tree, so that one member can be disclosed (`Disclosure`) with nothing else opened. The associated data is
///   `ledger-sealed/v2`, the stream, the id and `commit`, a line feed between each two.
/// - `A256GCM`, the first, which is only read: the same without `commit`, the subject's key itself, the canonical JSON
///   of the members as plaintext, and `ledger-sealed/v1`, the stream and the id as associated data. It opens whole or
///   not at all: the subject's key would open everything else too.
///
/// Whoever loses the subject's key loses the keys and the salts of all events with it: a root alone tells nothing.
public enum Sealer {
  /// Seals members; what comes back is canonical JSON. Throws CryptoKit's errors, which do not occur.
  public static func seal(_ members: JSONObject, for subject: Subject, stream: String, event: EventID) throws
    -> [UInt8]
  {
    let salts = RandomWords.shared.bytes(members.members.count * SaltedMembers.saltSize)
    return try seal(
      SaltedMembers(members, salts: salts), for: subject, stream: stream, event: event,
      nonce: RandomWords.shared.bytes(SealedValue.nonceSize))
  }

  /// As above, with given salts and nonce: never use a nonce twice for an event.
  static func seal(_ members: SaltedMembers, for subject: Subject, stream: String, event: EventID, nonce: [UInt8])
    throws -> [UInt8]
  {
    var writer = JSONWriter(reserving: members.text.count * 4 / 3 + 240)
    let commit = members.tree.root.text
    let box = try AES.GCM.seal(
      members.text, using: EventKey.derive(of: event, from: subject.key), nonce: AES.GCM.Nonce(data: nonce),
      authenticating: SealedValue.associated(stream, event, commit: commit))
    writer.raw("{\"alg\":\"A256GCM-EVENT\",\"ciphertext\":\"")
    // The nonce stands in front, once more.
    box.combined?.withUnsafeBytes { writer.base64(UnsafeRawBufferPointer(rebasing: $0[nonce.count...])) }
    writer.raw("\",\"commit\":\"")
    writer.raw(commit)
    writer.raw("\",\"nonce\":\"")
    nonce.withUnsafeBytes { writer.base64($0) }
    writer.raw("\",\"subject\":")
    writer.string(subject.alias)
    writer.raw("}")
    return writer.bytes
  }

  /// What opening a sealed value gives.
  public enum Opened: Equatable, Sendable {
    /// The members that were sealed.
    case open(JSONObject)
    /// The key is no more: what it sealed was erased.
    case erased
  }

  /// Opens a sealed value of either form; `key` finds the key of an alias, nil when it was erased.
  ///
  /// Throws `FaultCode.sealBroken` when the value does not authenticate for this stream and event, or is none.
  public static func open(
    _ sealed: some Collection<UInt8>, stream: String, event: EventID, key: (_ alias: String) throws -> SymmetricKey?
  ) throws -> Opened {
    let opened = try sealed.withContiguousStorageIfAvailable { try open($0, stream: stream, event: event, key: key) }
    if let opened { return opened }
    return try Array(sealed).withUnsafeBufferPointer { try open($0, stream: stream, event: event, key: key) }
  }

  /// As above, for bytes in memory.
  ///
  /// The tree is not built anew here, at a cost for every event that is read: `commit` is authenticated with the rest, so
  /// that nobody without the key can put another in its place, and what is disclosed is held against it.
  static func open(
    _ bytes: UnsafeBufferPointer<UInt8>, stream: String, event: EventID, key: (_ alias: String) throws -> SymmetricKey?
  ) throws -> Opened {
    let sealed = try SealedValue(bytes, stream: stream, event: event)
    guard let key = try key(sealed.alias) else { return .erased }
    return .open(try sealed.members(key))
  }
}
