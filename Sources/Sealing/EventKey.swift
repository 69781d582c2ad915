import Base
import Crypto
import EventLog

/// The key of one event in the second form: HMAC-SHA256 under its subject's key of `ledger-sealed/v2`, a line feed and
/// the 16 bytes of the event's id. What is kept of a person beside the log has a key of the same kind for each place.
///
/// The subject's key serves AES in the first form and HMAC here; neither gives anything away about the other. The two
/// hashes of RFC 2104 are written out: CryptoKit's HMAC, made for keys and messages of any length, costs three times as
/// much, at each event that is read.
enum EventKey {
  private static let label: StaticString = "ledger-sealed/v2\n"
  private static let keptLabel: StaticString = "ledger-kept/v1\n"
  /// The block of SHA-256.
  private static let block = 64

  /// The key; that of the subject has at most 64 bytes.
  static func derive(of event: EventID, from subject: SymmetricKey) -> SymmetricKey {
    event.withBytes { derive(label, $0, from: subject) }
  }

  /// The key of what is kept in one place beside the log: HMAC-SHA256 of `ledger-kept/v1`, a line feed and the 32 bytes
  /// that stand for the place.
  static func derive(of place: Digest32, from subject: SymmetricKey) -> SymmetricKey {
    place.withBytes { derive(keptLabel, $0, from: subject) }
  }

  private static func derive(
    _ label: StaticString, _ message: UnsafeRawBufferPointer, from subject: SymmetricKey
  ) -> SymmetricKey {
    let label = UnsafeRawBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount)
    return subject.withUnsafeBytes { key in
      let inner = digest(key, 0x36, label, message)
      let outer = inner.withUnsafeBytes { digest(key, 0x5C, $0, UnsafeRawBufferPointer(rebasing: label[..<0])) }
      return SymmetricKey(data: outer)
    }
  }

  /// The hash of the padded key with two parts behind it.
  private static func digest(
    _ key: UnsafeRawBufferPointer, _ pad: UInt8, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) -> SHA256Digest {
    precondition(key.count <= block, "longer keys would have to be hashed first")
    let end = block + first.count
    return withUnsafeTemporaryAllocation(byteCount: end + second.count, alignment: 1) { text in
      for index in 0..<block { text[index] = pad ^ (index < key.count ? key[index] : 0) }
      UnsafeMutableRawBufferPointer(rebasing: text[block..<end]).copyMemory(from: first)
      UnsafeMutableRawBufferPointer(rebasing: text[end...]).copyMemory(from: second)
      var hasher = SHA256()
      hasher.update(bufferPointer: UnsafeRawBufferPointer(text))
      return hasher.finalize()
    }
  }
}
