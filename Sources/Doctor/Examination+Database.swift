import EventLog
import JSON

/// SQLite, which is the machine's and not ours.
extension Examination {
  /// What is known of a release, and what protects a ledger.
  static func database(_ version: SQLiteVersion) -> [Finding] {
    let facts: JSONValue = ["version": .string("\(version)")]
    if version < .oldest {
      return [
        Finding(
          .failure, "sqlite-too-old",
          "SQLite \(version) runs, and \(SQLiteVersion.oldest) is the oldest with STRICT tables.",
          remedy: "Take a newer SQLite.", facts: facts)
      ]
    }
    var findings = [Finding(.ok, "sqlite", "SQLite \(version) runs.", facts: facts)]
    if version.hasWALResetBug {
      findings.append(
        Finding(
          .notice, "sqlite-wal-reset",
          """
          SQLite \(version) can damage a database when a checkpoint meets another process's commit \
          (sqlite.org/wal.html#walresetbug). In ledger.sqlite none can: only who holds append.lock commits or makes a \
          checkpoint. keys.sqlite has no write-ahead log, and views.sqlite is derived from the log.
          """,
          remedy: """
            Nothing for now, but write to ledger.sqlite with provledger alone. Take 3.51.3 or later (3.50.7, 3.44.6) when \
            the distribution has it; if `views check` finds a difference, `views rebuild` mends it.
            """, facts: facts))
    }
    if version.isWithdrawn {
      findings.append(
        Finding(
          .warning, "sqlite-withdrawn", "SQLite \(version) was withdrawn by its authors.",
          remedy: "Take 3.51.3, or 3.53.0 or later.", facts: facts))
    }
    return findings
  }
}
