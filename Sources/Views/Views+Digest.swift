import GRDB
import Provisioning

extension Views {
  /// The digest of views that are built anew from the log up to a position; the live ones are not looked at.
  ///
  /// Two logs that begin alike have the same one there, as far as their keys open the same. `progress` gets the position
  /// reached. Throws the faults of log and views.
  public func digest(at position: Int64, _ progress: (Int64) -> Void = { _ in }) throws -> String {
    // Where a rebuild goes: what a killed process leaves there is removed by the next one, and by an erasure.
    let beside = path + ".rebuild"
    let lock = try RebuildLock(path: beside + ".lock")
    defer { withExtendedLifetime(lock) {} }
    try removeDatabase(beside)
    defer { try? removeDatabase(beside) }
    return try Self.faults {
      let fresh = try Self.openFresh(beside)
      defer { try? fresh.close() }
      try build(fresh, upTo: position, progress)
      return try fresh.read { database in
        var digest = TableDigest()
        for table in ViewsSQL.tables { digest.add(try TableDigest.of("main.\(table)", database)) }
        return digest.text
      }
    }
  }
}
