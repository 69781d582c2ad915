public import Base
import NIOSSL

/// Certificates of authorities that are trusted beside the system's, from a file in PEM form (RFC 7468).
public struct Authorities: Sendable {
  let certificates: [NIOSSLCertificate]

  /// When each of them ends, in the order of the file.
  public var ends: [Timestamp] {
    certificates.map { Timestamp(milliseconds: Int64(clamping: $0.notValidAfter) &* 1000) }
  }

  /// Reads a file of at most 1 MiB. Throws `Fault` with `certificatesUnusable`, also when none of them holds at `now`.
  public init(file path: String, now: Timestamp) throws(Fault) {
    let text: String
    do {
      let bytes = try OutsideFile.read(path, limit: 1 << 20)
      // A DER sequence of 128 bytes or more.
      if bytes.starts(with: [0x30, 0x82]) || bytes.starts(with: [0x30, 0x81]) {
        throw Self.fault(path, "is in DER form; convert it: openssl x509 -inform der -in \(path) -out authorities.pem")
      }
      text = String(decoding: bytes, as: UTF8.self)
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Self.fault(path, "\((error as? OutsideFile.Failure)?.text ?? "cannot be read"); correct the path")
    }
    certificates = try Self.certificates(text, path)
    let seconds = now.milliseconds / 1000
    guard certificates.contains(where: { $0.notValidBefore <= seconds && seconds <= $0.notValidAfter }) else {
      let last = ends.max().map { "; the last ended at \($0)" } ?? ""
      throw Self.fault(path, "holds no certificate that is valid now\(last); get the authority's present one")
    }
  }

  private static func certificates(_ text: String, _ path: String) throws(Fault) -> [NIOSSLCertificate] {
    var certificates: [NIOSSLCertificate] = []
    var rest = Substring(text)
    while let start = rest.firstRange(of: "-----BEGIN CERTIFICATE-----") {
      let end = rest[start.upperBound...].firstRange(of: "-----END CERTIFICATE-----")?.upperBound ?? rest.endIndex
      let block = Array(rest[start.lowerBound..<end].utf8) + [0x0A]
      guard let certificate = try? NIOSSLCertificate(bytes: block, format: .pem) else {
        throw fault(path, "has a certificate that cannot be read, number \(certificates.count + 1); save it again")
      }
      certificates.append(certificate)
      rest = rest[end...]
    }
    guard certificates.isEmpty else { return certificates }
    throw fault(path, "\(what(text)); name a file with the certificate of the authority in PEM form")
  }

  private static func what(_ text: String) -> String {
    if text.allSatisfy(\.isWhitespace) { return "is empty" }
    if text.contains("PRIVATE KEY-----") { return "holds a private key and no certificate" }
    if text.contains("CERTIFICATE REQUEST-----") { return "holds a request for a certificate and no certificate" }
    return "holds no certificate"
  }

  private static func fault(_ path: String, _ what: String) -> Fault {
    Fault(.certificatesUnusable, "The file \(path) of authorities to trust \(what).")
  }
}
