import Base
import Crypto
package import EventLog
import Foundation

/// What the log's key speaks for, besides the log itself.
package enum FileKind: String, Sendable {
  /// The manifest of a backup.
  case backup = "manifest of a backup"
  /// A list of erasures.
  case erasures = "list of erasures"

  /// What is signed: no checkpoint can look like it, since its second line is no number.
  fileprivate func text(_ origin: String, _ bytes: some Sequence<UInt8>) -> String {
    "provledger \(rawValue)\nof \(origin)\nSHA-256 \(Digest32(SHA256.hash(data: Array(bytes))))\n"
  }
}

extension SignedNote {
  /// Whether this is a statement about exactly these bytes, signed by one of the keys. Throws nothing: whoever cannot
  /// believe a file needs no reason.
  package func states(
    _ kind: FileKind, _ bytes: some Sequence<UInt8>, of origin: String, by keys: [VerifierKey]
  ) -> Bool {
    text == kind.text(origin, bytes) && (try? verify(with: keys.filter { $0.name == origin })) != nil
  }
}

/// Files that are kept outside, or handed over, and come back: how the log's key speaks for them.
extension OpenLedger {
  /// Signs a file's bytes, for whoever has a verifier key of the log. Throws `FaultCode.logKeyUnusable`.
  package func statement(_ kind: FileKind, _ bytes: some Sequence<UInt8>) throws -> SignedNote {
    try sign(kind.text(configuration.origin, bytes))
  }

  /// A code over bytes that nobody makes without the log's key, 64 hexadecimal digits. Throws
  /// `FaultCode.logKeyUnusable`.
  package func seal(_ bytes: some Sequence<UInt8>, for purpose: String) throws -> String {
    Hex.text(Array(HMAC<SHA256>.authenticationCode(for: Data(bytes), using: try secret(for: purpose))))
  }

  /// Whether `seal` made this code for these bytes; compared in constant time. Throws `FaultCode.logKeyUnusable`.
  package func isSeal(_ code: String, of bytes: some Sequence<UInt8>, for purpose: String) throws -> Bool {
    guard let digits = Hex.bytes(code) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(
      digits, authenticating: Data(bytes), using: try secret(for: purpose))
  }
}
