import GRDB
import Provisioning

/// Turns SQLite's errors into faults that name the file and the way out.
struct DatabaseFaults: Sendable {
  var path: String
  var unreadable: FaultCode
  var damaged: FaultCode
  var full: FaultCode
  var busy: FaultCode
  var readOnly: FaultCode

  static func log(_ path: String) -> DatabaseFaults {
    DatabaseFaults(
      path: path, unreadable: .logUnreadable, damaged: .logDamaged, full: .logFull, busy: .logBusy,
      readOnly: .logReadOnly)
  }

  static func keys(_ path: String) -> DatabaseFaults {
    DatabaseFaults(
      path: path, unreadable: .keysUnreadable, damaged: .keysDamaged, full: .keysFull, busy: .keysBusy,
      readOnly: .keysReadOnly)
  }

  /// Runs `body`; what SQLite throws leaves as a fault, all other errors as they are.
  func map<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw fault(error) }
  }

  /// The fault that stands for a database error; any other error is returned as it is.
  func fault(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    // SQLite's own text names tables and columns, never values.
    let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_FULL:
      return Fault(full, "No room is left to write \(path): \(reason). Nothing was written; free some space.")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return Fault(busy, "Another program holds \(path): \(reason). Close it and try again.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      return Fault(readOnly, "\(path) cannot be written: \(reason). Check the permissions of the file and its folder.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA, .SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH,
      .SQLITE_FORMAT, .SQLITE_TOOBIG:
      return Fault(damaged, "\(path) is damaged or not ours: \(reason). Keep a copy of it and restore a backup.")
    default:
      return Fault(unreadable, "\(path) cannot be read or written: \(reason). Check the disk and the permissions.")
    }
  }
}
