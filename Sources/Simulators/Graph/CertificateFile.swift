public import Base
import Crypto
import CryptoExtras
import Foundation
public import GraphModel
public import NIOSSL

/// Certificates from files: the server's own, and those by which applications sign.
public enum CertificateFile {
  /// What a server needs to speak TLS. Throws `Fault` with `inputUnreadable` when a file is missing or holds something
  /// else.
  public static func server(certificate: String, key: String) throws(Fault) -> TLSConfiguration {
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate)
      return .makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    } catch {
      throw Fault(
        .inputUnreadable,
        "\(certificate) and \(key) hold no certificate with its key; name two files in PEM, the key without a passphrase."
      )
    }
  }

  /// A client's certificate, the first of a file. Throws `Fault` with `inputUnreadable` when there is none.
  public static func client(_ file: String) throws(Fault) -> ClientCertificate {
    do {
      guard let first = try NIOSSLCertificate.fromPEMFile(file).first else { throw NIOSSLError.failedToLoadCertificate }
      let bytes = try first.toDERBytes()
      return ClientCertificate(
        keyId: "certificate", displayName: "certificate", sha1: Array(Insecure.SHA1.hash(data: bytes)),
        sha256: Array(SHA256.hash(data: bytes)), publicKey: try first.extractPublicKey().toSPKIBytes(),
        start: Timestamp(milliseconds: Int64(first.notValidBefore) * 1000),
        end: Timestamp(milliseconds: Int64(first.notValidAfter) * 1000))
    } catch {
      throw Fault(.inputUnreadable, "\(file) holds no certificate; name a file in PEM.")
    }
  }

  /// Whether a signature was made with a certificate's key, by RS256 or PS256 (RFC 7518, sections 3.3 and 3.5).
  @Sendable static func verify(
    _ certificate: ClientCertificate, _ algorithm: String, _ message: [UInt8], _ signature: [UInt8]
  ) -> Bool {
    let paddings: [String: _RSA.Signing.Padding] = ["RS256": .insecurePKCS1v1_5, "PS256": .PSS]
    guard let padding = paddings[algorithm],
      let key = try? _RSA.Signing.PublicKey(derRepresentation: certificate.publicKey)
    else { return false }
    return key.isValidSignature(.init(rawRepresentation: signature), for: message, padding: padding)
  }
}
