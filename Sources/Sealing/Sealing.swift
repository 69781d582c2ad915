public import Base
public import Crypto
import JSON
import Provisioning

/// Seals parts of a payload with AES-256-GCM under a subject's key, bound to one event of one stream.
///
/// A sealed value is the JSON object `{"alg":"A256GCM","ciphertext":…,"nonce":…,"subject":…}`: base64, the 16-byte tag
/// behind the ciphertext, a random nonce of 96 bits. The associated data is `ledger-sealed/v1`, the stream and the event's
/// id, a line feed between each two, so that a value that was moved to another event does not open.
public enum Sealing {
  private static let algorithm = "A256GCM"
  private static let tagSize = 16

  /// Seals canonical JSON bytes; what comes back is canonical JSON too. Throws CryptoKit's errors, which do not occur.
  public static func seal(_ json: [UInt8], for subject: Subject, stream: String, event: EventID) throws -> [UInt8] {
    try seal(json, for: subject, stream: stream, event: event, nonce: RandomWords.shared.bytes(12))
  }

  /// As above, under a given nonce: never use one twice with a key.
  static func seal(_ json: [UInt8], for subject: Subject, stream: String, event: EventID, nonce: [UInt8]) throws
    -> [UInt8]
  {
    let box = try AES.GCM.seal(
      json, using: subject.key, nonce: AES.GCM.Nonce(data: nonce), authenticating: associated(stream, event))
    var writer = JSONWriter(reserving: json.count * 4 / 3 + 160)
    writer.raw("{\"alg\":\"A256GCM\",\"ciphertext\":\"")
    var sealed = [UInt8](box.ciphertext)
    sealed += box.tag
    sealed.withUnsafeBytes { writer.base64($0) }
    writer.raw("\",\"nonce\":\"")
    nonce.withUnsafeBytes { writer.base64($0) }
    writer.raw("\",\"subject\":")
    writer.string(subject.alias)
    writer.raw("}")
    return writer.bytes
  }

  /// What opening a sealed value gives.
  public enum Opened: Equatable, Sendable {
    /// The JSON bytes that were sealed.
    case open([UInt8])
    /// The key is no more: what it sealed was erased.
    case erased
  }

  /// Opens a sealed value; `key` finds the key of an alias, nil when it was erased.
  ///
  /// Throws `FaultCode.sealBroken` when the value does not authenticate for this stream and event, or is none.
  public static func open(
    _ sealed: some Collection<UInt8>, stream: String, event: EventID, key: (_ alias: String) throws -> SymmetricKey?
  ) throws -> Opened {
    try open(try? JSONParser.parse(sealed, depthLimit: 2), stream: stream, event: event, key: key)
  }

  /// As above, for a value that was parsed already; nil is none of ours.
  static func open(
    _ value: JSONValue?, stream: String, event: EventID, key: (_ alias: String) throws -> SymmetricKey?
  ) throws -> Opened {
    func broken(_ what: String) -> Fault {
      Fault(
        .sealBroken,
        """
        A sealed value of event \(event) in stream \(stream) \(what): it was changed or moved, or keys.sqlite belongs \
        to another ledger. Run `provledger verify`.
        """)
    }
    guard let value, value["alg"]?.string == algorithm,
      let ciphertext = value["ciphertext"]?.string.flatMap({ Base64.decode($0) }),
      let nonce = value["nonce"]?.string.flatMap({ Base64.decode($0) }), nonce.count == 12,
      let alias = value["subject"]?.string, ciphertext.count >= tagSize
    else { throw broken("is not one of ours") }
    guard let key = try key(alias) else { return .erased }
    do {
      let box = try AES.GCM.SealedBox(
        nonce: AES.GCM.Nonce(data: nonce), ciphertext: ciphertext.dropLast(tagSize), tag: ciphertext.suffix(tagSize))
      return .open(Array(try AES.GCM.open(box, using: key, authenticating: associated(stream, event))))
    } catch {
      throw broken("does not authenticate")
    }
  }

  private static func associated(_ stream: String, _ event: EventID) -> [UInt8] {
    var text = JSONWriter(reserving: 96)
    text.raw("ledger-sealed/v1\n")
    text.raw(stream)
    text.raw("\n")
    text.raw(event.description)
    return text.bytes
  }
}
