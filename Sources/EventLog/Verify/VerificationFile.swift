import Base
public import Crypto
import Foundation
import Glibc
import JSON

/// Where a verification is kept while it is interrupted: a private file beside the log.
///
/// What was read already is not read again, so whoever can edit files must not be able to write this one: it is sealed
/// with AES-256-GCM under a key that is derived from a secret. A copy of an older one opens too; it is believed for a
/// day at most, and only for a log whose tree still begins as it did.
public struct VerificationFile: Sendable {
  /// The file.
  public let path: String
  private let key: SymmetricKey

  /// Findings are bounded, so a run has some hundred kilobytes at most.
  private static let limit = 16 << 20

  /// For how long after its beginning a verification is gone on with.
  public static let lifetime = Duration.seconds(86_400)

  /// A file; `secret` is known to nobody who may not write the log.
  public init(path: String, secret: SymmetricKey) {
    self.path = path
    key = HKDF<SHA256>.deriveKey(
      inputKeyMaterial: secret, info: Data("provledger/verification".utf8), outputByteCount: 32)
  }

  /// The verification of the whole log that was interrupted; nil when there is none that can be gone on with.
  public func load(for scope: VerificationScope, of log: Log) throws -> VerificationRun? {
    guard let bytes = try? OutsideFile.read(path, limit: Self.limit),
      let run = VerificationRun(sealed: Data(bytes), under: key, for: scope)
    else { return nil }
    let age = log.clock() - run.began
    guard age >= .zero, age < Self.lifetime else { return nil }
    return try run.stillFits(log) ? run : nil
  }

  /// Keeps a verification. When it cannot be written there will be nothing to go on with, and that is all.
  public func save(_ run: VerificationRun, for scope: VerificationScope) {
    guard let sealed = try? run.sealed(under: key, for: scope) else { return }
    try? PrivateFile.write(Array(sealed), path: path)
  }

  /// Forgets what is kept.
  public func remove() { unlink(path) }
}

extension VerificationRun {
  /// What the seal binds: the program that can read it, and what the log was verified against.
  private static func associated(_ scope: VerificationScope) -> Data {
    var hash = SHA256()
    for key in scope.keys { hash.update(data: Data("\(key.text)\n".utf8)) }
    for key in scope.formerKeys { hash.update(data: Data("former \(key.text)\n".utf8)) }
    for note in scope.keptElsewhere { hash.update(data: Data("\(note.note)\n".utf8)) }
    return Data("provledger/verification/1".utf8) + Data(hash.finalize())
  }

  func sealed(under key: SymmetricKey, for scope: VerificationScope) throws -> Data? {
    try AES.GCM.seal(Data(json.canonicalBytes), using: key, authenticating: Self.associated(scope)).combined
  }

  init?(sealed data: Data, under key: SymmetricKey, for scope: VerificationScope) {
    guard let box = try? AES.GCM.SealedBox(combined: data),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: Self.associated(scope)),
      let json = try? JSONParser.parse(Array(bytes))
    else { return nil }
    self.init(json: json)
  }

  /// Whether the log begins as it did when this was kept: another log, or one that was put back, is read from its start.
  func stillFits(_ log: Log) throws -> Bool {
    try log.store.read { session in
      guard isWhole else { return true }
      guard tree.size <= (try session.size()) else { return false }
      return try session.tree(size: tree.size).root == tree.root
    }
  }
}
