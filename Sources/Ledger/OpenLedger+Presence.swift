public import Base
import Foundation
import Glibc

/// Whether there is a ledger in a folder, and whether this user may look.
extension OpenLedger {
  /// Throws `FaultCode.ledgerMissing` when there is no ledger in a folder, and `FaultCode.ledgerForbidden` when the system
  /// does not let this user look, or read the log.
  package static func requirePresence(in folder: String) throws {
    let log = "\(folder)/\(File.log)"
    switch Presence(log) {
    case .missing:
      throw Fault(
        .ledgerMissing, "There is no ledger in \(folder); make one with `provledger init --ledger \(folder)`.")
    case .unknown(let reason): throw forbidden("Whether a ledger is in \(folder) cannot be seen", folder, reason)
    case .there:
      guard access(log, R_OK) != 0, errno == EACCES else { return }
      throw forbidden("The ledger in \(folder) cannot be read", folder, systemError())
    }
  }

  /// Throws `FaultCode.keysMissing` when a folder has no key file: a new, empty one would make everybody look erased, and be
  /// new people to the next cycle.
  package static func requireKeys(in folder: String) throws {
    guard FileManager.default.fileExists(atPath: "\(folder)/\(File.keys)") else {
      throw Fault(.keysMissing, "There is no \(File.keys) in \(folder), which opens the log; restore it from a backup.")
    }
  }

  /// Why this user may not look into a folder; nil when they may.
  public static func refusal(toLookInto folder: String) -> Fault? {
    do { try requirePresence(in: folder) } catch let fault as Fault where fault.code == .ledgerForbidden {
      return fault
    } catch {}
    return nil
  }

  private static func forbidden(_ what: String, _ folder: String, _ reason: String) -> Fault {
    let owner = try? FileManager.default.attributesOfItem(atPath: folder)[.ownerAccountName] as? String
    let way = owner.flatMap { $0.isEmpty ? nil : "run `sudo -u \($0) provledger …`" } ?? "run it as the ledger's owner"
    return Fault(.ledgerForbidden, "\(what) by this user: \(reason); \(way).")
  }

  /// Where the configuration of a ledger is.
  public static func configurationPath(in folder: String) -> String { "\(folder)/\(File.configuration)" }

  /// The text of a configuration file. Throws `FaultCode.configurationUnreadable`.
  public static func configurationText(_ path: String) throws -> String {
    let bytes = try OutsideFile.read(
      path, limit: Configuration.limit, fault: .configurationUnreadable,
      "put it back, or let this user read it.")
    // YAML allows a byte order mark, which its parser does not know (YAML 1.2.2, section 5.2).
    let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let text = String(validating: bytes.dropFirst(mark), as: UTF8.self) else {
      throw Fault(.configurationUnreadable, "\(path) is no UTF-8 text; put it back.")
    }
    return text
  }
}
