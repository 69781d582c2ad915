public import Audit
import Base
import Provisioning

/// The rows that an auditor asks for: a database of its own, opened by whoever asks.
extension OpenLedger {
  private var auditPath: String { "\(folder)/\(File.audit)" }

  /// Opens the rows, as far as they have taken over the log; where nothing can be written, brought up to it. The caller closes
  /// them. Throws the faults of `AuditStore`.
  public func audit(_ progress: (Int64) -> Void = { _ in }) throws -> AuditStore {
    if protection != nil { return try AuditStore(fixed: auditPath, log: log, codec: codec, progress) }
    return try AuditStore(path: auditPath, log: log, codec: codec)
  }

  /// Whether anybody asked yet, so that there are rows.
  public var hasAudit: Bool { AuditStore.exists(at: auditPath) }

  /// Empties the rows: what they were made of is not what the log holds. Throws the faults of `AuditStore`.
  public func resetAudit() throws {
    guard hasAudit else { return }
    let audit = try audit()
    defer { try? audit.close() }
    try audit.reset()
  }

  /// Leaves nothing of some people in the rows.
  func forgetInAudit(_ aliases: [String]) throws {
    guard hasAudit else { return }
    let audit = try audit()
    defer { try? audit.close() }
    try audit.forget(aliases)
  }
}
