import Base
public import Crypto
import Foundation
import Glibc

/// The private key that signs a log's checkpoints: Ed25519.
///
/// Its file holds lines `PRIVATE+KEY+name+hhhhhhhh+base64`, the form that other tools for signed notes use. Two lines,
/// the older first, stand there only while a rotation is under way: then both sign.
public struct LogKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  /// The public half, named by the log's origin.
  public let verifier: VerifierKey

  private init?(name: String, _ key: Curve25519.Signing.PrivateKey) {
    guard let verifier = VerifierKey(name: name, bytes: Array(key.publicKey.rawRepresentation)) else { return nil }
    self.key = key
    self.verifier = verifier
  }

  /// A new key for the log with this origin. Throws `FaultCode.logKeyUnusable` for an origin that cannot name a key.
  public init(origin: String) throws {
    guard let key = LogKey(name: origin, Curve25519.Signing.PrivateKey()) else {
      throw Fault(.logKeyUnusable, "\"\(origin)\" cannot name a key; use an origin without spaces and `+`.")
    }
    self = key
  }

  /// The key with these 32 bytes as its seed; nil when there are not 32.
  init?(name: String, seed: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
    self.init(name: name, key)
  }

  private init?(line: Substring) {
    let parts = line.split(separator: "+", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, parts[0] == "PRIVATE", parts[1] == "KEY", let data = Data(base64Encoded: parts[4]),
      data.first == VerifierKey.Kind.ed25519.rawValue
    else { return nil }
    self.init(name: parts[2], seed: Array(data.dropFirst()))
    guard parts[3] == Hex.text(verifier.id) else { return nil }
  }

  private var line: String {
    let id = Hex.text(verifier.id)
    let data = Data([VerifierKey.Kind.ed25519.rawValue] + Array(key.rawRepresentation))
    return "PRIVATE+KEY+\(verifier.name)+\(id)+\(data.base64EncodedString())\n"
  }

  /// The signature line's bytes for a text: key id and signature.
  func sign(_ text: [UInt8]) throws -> [UInt8] { verifier.id + Array(try key.signature(for: text)) }

  /// A secret that only the holder of the key can derive, for what must not be forged between two runs.
  public func secret(for purpose: String) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: SymmetricKey(data: key.rawRepresentation), info: Data("provledger/\(purpose)".utf8),
      outputByteCount: 32)
  }

  // MARK: The file

  /// Two lines have some hundred bytes.
  private static let limit = 16_384

  /// Reads the keys of a log, the older first; mostly one. Throws `FaultCode.logKeyUnusable`.
  public static func read(path: String, origin: String) throws -> [LogKey] {
    func refuse(_ what: String) -> Fault {
      Fault(.logKeyUnusable, "The log's key \(path) \(what); put the right file back, or restore it from a copy.")
    }
    guard let text = OutsideFile.text(path, limit: limit) else { throw refuse("is missing or unreadable") }
    let lines = text.split(separator: "\n")
    let keys = lines.compactMap { LogKey(line: $0) }
    guard (1...2).contains(keys.count), keys.count == lines.count else { throw refuse("holds no private key") }
    guard keys.allSatisfy({ $0.verifier.name == origin }) else { throw refuse("belongs to a log of another origin") }
    return keys
  }

  /// Writes the keys, for their owner's eyes only, whole or not at all. Throws `FaultCode.logKeyUnusable`.
  public static func write(_ keys: [LogKey], path: String) throws {
    do {
      try PrivateFile.write(Array(keys.map(\.line).joined().utf8), path: path)
    } catch let reason as PrivateFile.Failure {
      throw Fault(
        .logKeyUnusable, "The log's key \(path) cannot be written: \(reason.text). Check the folder's permissions.")
    }
  }
}
