package import EventLog
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

  /// The same of the log at hand. What the file notes counts as far as an erasure stands there whose key is gone; else the log, or
  /// the file, is another state than the note was made of, nothing is known to be carried out, and this is 0.
  ///
  /// Throws faults PL-0401 to PL-0407, and the faults of the log.
  package func erasedUpTo(in log: Log) throws -> Int64 {
    let noted = try erasedUpTo()
    return try isDone(noted, in: log) ? noted : 0
  }

  private func isDone(_ position: Int64, in log: Log) throws -> Bool {
    guard position > 0, let event = try log.read(from: position, limit: 1).first, event.position == position,
      let alias = event.erasedAlias
    else { return false }
    return try aliases(among: [alias]).isEmpty
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
    // At first it is what the file notes, which may be of another state of the log.
    var seen = try held.hasLooked || isDone(held.seen, in: log) ? held.seen : 0
    while true {
      let page = try log.read(types: [SubjectErased.type], from: seen + 1)
      for alias in page.compactMap(\.erasedAlias) { forget(alias) }
      guard let last = page.last else { break }
      seen = last.position
    }
    held.sawErasures(upTo: seen)
  }
}

extension RecordedEvent {
  /// The person, or operator, whom the event says to be erased; nil for every other event.
  package var erasedAlias: String? {
    guard type == SubjectErased.type else { return nil }
    return switch Stream(stream) {
    case .user(let alias)?, .operator(let alias)?: alias
    default: nil
    }
  }
}
