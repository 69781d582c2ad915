import Base
import Crypto
import CryptoExtras
import Foundation

/// A private key and its certificate, from one text in PEM form (RFC 7468), in either order.
public struct ClientCertificate: Sendable {
  private let key: _RSA.Signing.PrivateKey
  /// The SHA-256 digest of the certificate (`x5t#S256`, RFC 7515, section 4.1.8), base64url.
  let thumbprint: String

  /// Why a text is none, in words that follow the name of its place; never the text.
  public struct Objection: Error, Equatable, CustomStringConvertible {
    /// The words.
    public let description: String
  }

  /// Reads a key of 2048 bits and more, without a passphrase, and the first certificate. Throws `Objection`.
  public init(pem text: String) throws(Objection) {
    guard let certificate = Self.blocks("CERTIFICATE", text).first else {
      throw Objection(description: "holds no certificate; put the certificate behind the key")
    }
    guard let bytes = Data(base64Encoded: Self.body(certificate)) else {
      throw Objection(description: "has a certificate that cannot be read; save it again")
    }
    if text.contains("ENCRYPTED") {
      throw Objection(description: "holds a key with a passphrase; save it without: openssl pkey -in KEY -out NEW")
    }
    guard let block = (Self.blocks("PRIVATE KEY", text) + Self.blocks("RSA PRIVATE KEY", text)).first else {
      throw Objection(description: "holds no private key; put the certificate's key before it")
    }
    guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: block) else {
      throw Objection(description: "holds no RSA key of 2048 bits or more that can be read")
    }
    self.key = key
    thumbprint = Base64URL.text(SHA256.hash(data: bytes))
  }

  /// Signs by RSASSA-PSS with SHA-256 (PS256, RFC 7518, section 3.5). Throws the library's error.
  func signature(of text: String) throws -> [UInt8] {
    Array(try key.signature(for: SHA256.hash(data: Data(text.utf8)), padding: .PSS).rawRepresentation)
  }

  private static func blocks(_ label: String, _ text: String) -> [String] {
    var blocks: [String] = []
    var rest = Substring(text)
    while let start = rest.firstRange(of: "-----BEGIN \(label)-----"),
      let end = rest[start.upperBound...].firstRange(of: "-----END \(label)-----")
    {
      blocks.append(String(rest[start.lowerBound..<end.upperBound]))
      rest = rest[end.upperBound...]
    }
    return blocks
  }

  /// What stands between the two lines of dashes.
  private static func body(_ block: String) -> String {
    block.split(whereSeparator: \.isNewline).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined()
  }
}

/// Base64 with the alphabet for URLs, and without padding (RFC 4648, section 5).
enum Base64URL {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
