public import Base
import EventLog
import Foundation
import Provisioning
package import Sealing

extension SecretSource {
  /// The place that a configuration names; a relative path is seen from the ledger's folder.
  func seen(from folder: String) -> SecretSource {
    guard case .file(let path) = self else { return self }
    let url = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true))
    return .file(url.standardizedFileURL.path)
  }
}

/// The master key of a ledger.
extension OpenLedger {
  /// Where the configuration says that the master key is.
  public var configuredMasterKey: SecretSource { configuration.masterKey.seen(from: folder) }

  /// Wraps all subject keys under another master key; no entry is encrypted anew. The caller has the turn of cycles, and
  /// records it.
  ///
  /// `source` is where the new one is, nil for a fresh one in place of the present file. Throws the faults of the keys.
  package func rotateMasterKey(to source: SecretSource?) throws -> SubjectKeys.Rotation {
    try keys.rotate(to: source?.seen(from: folder))
  }
}
