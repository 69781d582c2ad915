import Base
import Crypto
import Foundation

/// A public key by which signatures on notes are checked, in the form that C2SP signed-note calls a vkey.
public struct VerifierKey: Equatable, Sendable {
  /// What its signatures are made over.
  public enum Kind: UInt8, Sendable {
    /// Ed25519 over the note's text: the log's own signature.
    case ed25519 = 1
    /// Ed25519 over a time and the text: a witness's cosignature (C2SP tlog-cosignature).
    case cosignature = 4
  }

  /// Whose key it is; for a log, its origin. Not empty, without white space and `+`.
  public let name: String
  /// What its signatures are made over.
  public let kind: Kind
  /// The public key, 32 bytes.
  public let bytes: [UInt8]

  /// A key; nil when the name or the bytes cannot be one.
  public init?(name: String, kind: Kind = .ed25519, bytes: [UInt8]) {
    guard Self.isName(name), bytes.count == 32, !SmallOrder.holds(bytes),
      (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)) != nil
    else { return nil }
    self.name = name
    self.kind = kind
    self.bytes = bytes
  }

  /// Reads `name+hhhhhhhh+base64`. Throws `FaultCode.verifierKeyInvalid`.
  public init(text: String) throws {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let data = Data(base64Encoded: parts[2]), data.count == 33,
      let kind = data.first.flatMap(Kind.init(rawValue:)),
      let key = VerifierKey(name: parts[0], kind: kind, bytes: Array(data.dropFirst())), key.text == text
    else {
      throw Fault(
        .verifierKeyInvalid,
        "\"\(text)\" is no verifier key; it looks like name+1a2b3c4d+base64, as `provledger log key` prints it.")
    }
    self = key
  }

  /// The first four bytes of SHA-256 over name, line feed, kind and key: what signature lines name the key by.
  public var id: [UInt8] {
    Array(SHA256.hash(data: Array(name.utf8) + [0x0A, kind.rawValue] + bytes).prefix(4))
  }

  /// The vkey: `name+hhhhhhhh+base64(kind || key)`.
  public var text: String {
    "\(name)+\(Hex.text(id))+\(Data([kind.rawValue] + bytes).base64EncodedString())"
  }

  /// Whether a signature line's bytes, after the key id, sign this text.
  func verifies(_ payload: ArraySlice<UInt8>, text: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
    switch kind {
    case .ed25519: return payload.count == 64 && key.isValidSignature(payload, for: text)
    case .cosignature:
      guard payload.count == 72 else { return false }
      let seconds = payload.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return key.isValidSignature(payload.dropFirst(8), for: Array("cosignature/v1\ntime \(seconds)\n".utf8) + text)
    }
  }

  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !name.unicodeScalars.contains { $0 == "+" || $0.value < 0x20 || $0.properties.isWhitespace }
  }
}

/// The Ed25519 public keys under which anybody can sign: points whose order divides 8, in each form in which 32 bytes say
/// them (RFC 8032, section 5.1; the list is that of libsodium's `ge25519_has_small_order`).
private enum SmallOrder {
  private static let points: Set<[UInt8]> = {
    let high: [UInt8] = Array(repeating: 0xFF, count: 30) + [0x7F]
    let zeros = [UInt8](repeating: 0, count: 31)
    let eighth = [
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ].compactMap(Hex.bytes)
    return Set([[0] + zeros, [1] + zeros, [0xEC] + high, [0xED] + high, [0xEE] + high] + eighth)
  }()

  /// The uppermost bit is the sign of the other coordinate.
  static func holds(_ bytes: [UInt8]) -> Bool {
    var bytes = bytes
    if let last = bytes.indices.last { bytes[last] &= 0x7F }
    return points.contains(bytes)
  }
}
