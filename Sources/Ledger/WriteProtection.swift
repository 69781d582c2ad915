public import Base
import Foundation
import Glibc

/// Why nothing is written to a ledger's folder: it can only be read, or whoever runs the program would leave files there
/// that lock the folder's owner out.
public struct WriteProtection: Equatable, Sendable {
  /// Why.
  public enum Kind: Equatable, Sendable {
    /// The folder or the log can only be read.
    case readOnly
    /// This is root, and the folder another user's.
    case foreign(owner: String)
  }

  /// Why.
  public let kind: Kind
  /// The ledger's folder.
  public let folder: String

  /// The protection of a folder; nil when it may be written.
  init?(_ folder: String, log: String) {
    self.folder = folder
    var status = stat()
    if geteuid() == 0, stat(folder, &status) == 0, status.st_uid != 0 {
      kind = .foreign(owner: Self.name(status.st_uid, folder))
    } else if access(folder, W_OK) != 0 || access(log, W_OK) != 0 {
      kind = .readOnly
    } else {
      return nil
    }
  }

  private static func name(_ owner: uid_t, _ folder: String) -> String {
    let name = try? FileManager.default.attributesOfItem(atPath: folder)[.ownerAccountName] as? String
    return name.flatMap { $0.isEmpty ? nil : $0 } ?? "#\(owner)"
  }

  /// What is so, and the way out.
  public var sentence: String {
    switch kind {
    case .readOnly: "\(folder) can only be read here. Run the command where the ledger can be written."
    case .foreign(let owner):
      "\(folder) belongs to \(owner), whom files that root makes there would lock out. Run `sudo -u \(owner) provledger …`."
    }
  }

  /// The refusal to write.
  public var fault: Fault { Fault(.ledgerProtected, "Nothing was written: \(sentence)") }

  /// The refusal to show many people's data without a record of it.
  public var unrecorded: Fault {
    Fault(.lookUnrecorded, "This look at people's data cannot be recorded: \(sentence) Or say --unrecorded.")
  }
}
