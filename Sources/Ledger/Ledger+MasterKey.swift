public import Base
import EventLog
import Foundation
public import Provisioning
public import Sealing

extension SecretSource {
  /// The place that a configuration names; a relative path is seen from the ledger's folder.
  func seen(from folder: String) -> SecretSource {
    guard case .file(let path) = self else { return self }
    let url = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true))
    return .file(url.standardizedFileURL.path)
  }
}

/// The master key of a ledger.
extension Ledger {
  /// Where the configuration says that the master key is.
  public var configuredMasterKey: SecretSource { configuration.masterKey.seen(from: folder) }

  /// Wraps all subject keys under another master key, and records that; no entry is encrypted anew.
  ///
  /// `source` is where the new one is, nil for a fresh one in place of the present file. Throws the faults of the keys.
  public func rotateMasterKey(to source: SecretSource?, actor: Actor) async throws -> SubjectKeys.Rotation {
    let lock = try await lock(.cycle) { _ in }
    defer { withExtendedLifetime(lock) {} }
    let rotation = try keys.rotate(to: source?.seen(from: folder))
    let rotated = MasterKeyRotated(old: rotation.old, new: rotation.new, count: rotation.count)
    try await append([Event(.ledger, .masterKeyRotated(rotated))], actor: actor)
    return rotation
  }
}
