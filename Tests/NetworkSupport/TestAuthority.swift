public import Base
import Crypto
import Foundation
public import NIOSSL

/// An authority made for one test, and the certificates that it signs: X.509 version 3 (RFC 5280) with keys on P-256.
public struct TestAuthority: Sendable {
  private let key = P256.Signing.PrivateKey()
  private let name: String
  private let now: Timestamp
  /// The authority's own certificate.
  public let pem: String

  /// An authority whose certificate began two days before a moment and ends so many days after it.
  public init(name: String = "Test Authority", days: Int = 60, from now: Timestamp = SystemClock.now()) throws {
    self.name = name
    self.now = now
    pem = try Self.certificate(for: key.publicKey, of: name, host: nil, by: key, named: name, now, days)
  }

  /// The authority's key, which belongs into no file of certificates.
  public var keyPEM: String { key.pemRepresentation }

  /// What a server of that name needs.
  public func server(_ host: String) throws -> NIOSSLContext {
    let own = try files(host)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(NIOSSLCertificate(bytes: Array(own.certificate.utf8), format: .pem))],
        privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(own.key.utf8), format: .pem))))
  }

  /// The same as the texts of two files in PEM.
  public func files(_ host: String) throws -> (certificate: String, key: String) {
    let own = P256.Signing.PrivateKey()
    let pem = try Self.certificate(for: own.publicKey, of: host, host: host, by: key, named: name, now, 30)
    return (pem, own.pemRepresentation)
  }

  // MARK: The certificate

  private static func certificate(
    for subject: P256.Signing.PublicKey, of name: String, host: String?, by key: P256.Signing.PrivateKey,
    named issuer: String, _ now: Timestamp, _ days: Int
  ) throws -> String {
    let body = DER.sequence([
      DER.tagged(0xA0, DER.integer([2])), DER.integer([1] + (0..<8).map { _ in UInt8.random(in: 0...255) }),
      algorithm, DER.name(issuer),
      DER.sequence([DER.time(now + .seconds(-172_800)), DER.time(now + .seconds(86_400 * days))]),
      DER.name(name), Array(subject.derRepresentation),
      DER.tagged(0xA3, DER.sequence(extensions(host))),
    ])
    let signature = try key.signature(for: body).derRepresentation
    let whole = DER.sequence([body, algorithm, DER.tagged(0x03, [0] + signature)])
    let lines = Data(whole).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
    return "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
  }

  /// ecdsa-with-SHA256 (RFC 5758, section 3.2).
  private static let algorithm = DER.sequence([DER.identifier([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02])])

  /// basicConstraints of an authority, subjectAltName of a host (RFC 5280, sections 4.2.1.9 and 4.2.1.6).
  private static func extensions(_ host: String?) -> [[UInt8]] {
    guard let host else {
      let value = DER.tagged(0x04, DER.sequence([[0x01, 0x01, 0xFF]]))
      return [DER.sequence([DER.identifier([0x55, 0x1D, 0x13]), [0x01, 0x01, 0xFF], value])]
    }
    let value = DER.tagged(0x04, DER.sequence([DER.tagged(0x82, Array(host.utf8))]))
    return [DER.sequence([DER.identifier([0x55, 0x1D, 0x11]), value])]
  }
}

/// As much of the Distinguished Encoding Rules (X.690) as a certificate needs.
private enum DER {
  static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    let bytes = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)].drop { $0 == 0 }
    let length = count < 0x80 ? Array(bytes.isEmpty ? [0] : bytes) : [0x80 | UInt8(bytes.count)] + bytes
    return [tag] + length + content
  }

  static func sequence(_ elements: [[UInt8]]) -> [UInt8] { tagged(0x30, elements.flatMap { $0 }) }
  static func integer(_ bytes: [UInt8]) -> [UInt8] { tagged(0x02, bytes) }
  static func identifier(_ bytes: [UInt8]) -> [UInt8] { tagged(0x06, bytes) }

  static func name(_ text: String) -> [UInt8] {
    let common = sequence([identifier([0x55, 0x04, 0x03]), tagged(0x0C, Array(text.utf8))])
    return sequence([tagged(0x31, common)])
  }

  /// UTCTime, such as `261128163000Z`.
  static func time(_ moment: Timestamp) -> [UInt8] {
    let digits = moment.description.filter(\.isNumber)
    return tagged(0x17, Array("\(digits.dropFirst(2).prefix(12))Z".utf8))
  }
}
