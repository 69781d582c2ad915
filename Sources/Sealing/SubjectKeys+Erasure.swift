import EventLog
import GRDB
import Provisioning

/// Erasing subjects: the key and the way from the object id to the alias go, together and for good.
extension SubjectKeys {
  /// The log position up to which every erasure has been carried out. Throws faults PL-0401 to PL-0407.
  public func erasedUpTo() throws -> Int64 {
    try faults.map {
      try database.read { try Int64.fetchOne($0, sql: "SELECT position FROM erasure") ?? 0 }
    }
  }

  /// Deletes keys and index rows of subjects, and leaves nothing of them in the file; what is gone already is left out.
  ///
  /// Throws faults PL-0401 to PL-0407.
  public func erase(_ aliases: [String]) throws {
    try faults.map {
      try database.inTransaction(.immediate) { database in
        let delete = try database.cachedStatement(sql: "DELETE FROM subject WHERE alias = ?")
        for alias in aliases { try delete.execute(arguments: [alias]) }
        return .commit
      }
      // secure_delete clears the cells; rows that once stood elsewhere in a page are cleared by writing all anew.
      try database.vacuum()
    }
    for alias in aliases { forget(alias) }
  }

  /// Notes that every erasure up to a position has been carried out. Throws faults PL-0401 to PL-0407.
  public func setErased(upTo position: Int64) throws {
    try faults.map {
      try database.inTransaction(.immediate) { database in
        try database.execute(sql: "UPDATE erasure SET position = ?", arguments: [position])
        return .commit
      }
    }
  }

  /// Lets go of a subject's key for as long as this object lives: its erasure was seen in the log.
  public func forget(_ alias: String) { held.forget(alias) }

  /// Lets go of the keys of everybody whose erasure was recorded since the last call, by any process. What was carried
  /// out before this object opened the file needs no look: those keys were not there to be held.
  func forgetErased(in log: Log) throws {
    var seen = held.seen
    while true {
      let page = try log.read(types: [SubjectErased.type], from: seen + 1)
      for erased in page {
        switch Stream(erased.stream) {
        case .user(let alias)?, .operator(let alias)?: forget(alias)
        default: break
        }
      }
      guard let last = page.last else { break }
      seen = last.position
    }
    held.sawErasures(upTo: seen)
  }
}
