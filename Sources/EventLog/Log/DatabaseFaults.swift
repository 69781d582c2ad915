import Base
import Foundation
import GRDB

/// What a database holds is not what this program wrote: the store is damaged, whatever keeps it.
package struct StoreDamage: Error, Equatable {
  /// What is wrong, without any value.
  package var what: String

  /// Damage of a kind.
  package init(_ what: String) { self.what = what }
}

/// Turns SQLite's errors, and damage, into faults that name the file and the way out.
package struct DatabaseFaults: Sendable {
  var path: String
  var unreadable: FaultCode
  var damaged: FaultCode
  var full: FaultCode
  var busy: FaultCode
  var readOnly: FaultCode

  /// The faults of a log's file.
  package static func log(_ path: String) -> DatabaseFaults {
    DatabaseFaults(
      path: path, unreadable: .logUnreadable, damaged: .logDamaged, full: .logFull, busy: .logBusy,
      readOnly: .logReadOnly)
  }

  /// The faults of a key file.
  package static func keys(_ path: String) -> DatabaseFaults {
    DatabaseFaults(
      path: path, unreadable: .keysUnreadable, damaged: .keysDamaged, full: .keysFull, busy: .keysBusy,
      readOnly: .keysReadOnly)
  }

  /// Runs `body`; what SQLite throws leaves as a fault, all other errors as they are.
  package func map<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw fault(error) }
  }

  /// The fault that stands for a database error; any other error is returned as it is.
  package func fault(_ error: any Error) -> any Error {
    if let damage = error as? StoreDamage { return damagedFault(damage.what) }
    guard let error = error as? DatabaseError else { return error }
    // SQLite's own text names tables and columns, never values.
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    if Self.isForWantOfRoom(error, at: path) {
      return Fault(
        full,
        "No room is left to write \(path): \(reason). What was not finished does not count; free some space, and run it again."
      )
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Fault(busy, "Another program holds \(path): \(reason). Close it and try again.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return Fault(readOnly, "\(path) cannot be written: \(reason). Check the permissions of the file and its folder.")
    case .SQLITE_INTERRUPT: return damagedFault("a query of it does not end")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH,
      .SQLITE_FORMAT, .SQLITE_TOOBIG:
      return damagedFault(reason)
    default:
      return Fault(unreadable, "\(path) cannot be read or written: \(reason). Check the disk and the permissions.")
    }
  }

  /// Whether an error of the database at a path is for want of room. SQLite says so of what it writes; of the index beside a
  /// write-ahead log, which readers need too, only that it cannot be opened or grow.
  package static func isForWantOfRoom(_ error: any Error, at path: String) -> Bool {
    isForWantOfRoom(error, at: path) { DiskRoom.isShort(in: $0) }
  }

  /// The same, where `isShort` says whether a folder has no room.
  static func isForWantOfRoom(_ error: any Error, at path: String, isShort: (_ folder: String) -> Bool) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return switch error.resultCode {
    case .SQLITE_FULL: true
    case .SQLITE_IOERR, .SQLITE_CANTOPEN: isShort(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    default: false
    }
  }

  private func damagedFault(_ reason: String) -> Fault {
    Fault(damaged, "\(path) is damaged or not ours: \(reason). Keep a copy of it and restore a backup.")
  }
}
