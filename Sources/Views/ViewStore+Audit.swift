public import Base
import GRDB
public import JSON
public import Provisioning

/// One thing that an operator did, or that became of the ledger itself.
public struct Act: Equatable, Sendable {
  /// Where it stands in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// Who did it.
  public var actor: Actor
  /// The event type.
  public var type: String
  /// What the event says in clear.
  public var content: JSONValue
}

/// What operators did, who they are, and cycles that are not over.
extension ViewStore {
  /// Acts in the order of their positions, a page at a time; `after` is the last position seen.
  public func acts(after position: Int64 = 0, by actor: Actor? = nil, limit: Int = 1000) throws -> [Act] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM act WHERE position > ?1 AND (?2 IS NULL OR actor = ?2) ORDER BY position LIMIT ?3",
        arguments: [position, actor?.description, limit]
      ).map { row in
        Act(
          position: row["position"], time: Timestamp(milliseconds: row["time"]), actor: Actor(row["actor"] as String),
          type: row["type"], content: try JSONParser.parse((row["content"] as String).utf8))
      }
    }
  }

  /// What was seen last of the human behind an actor; nil when nothing was, or it was erased since.
  public func operatorIdentity(of actor: Actor) throws -> OperatorIdentity? {
    try ask { database in
      try String.fetchOne(
        database, sql: "SELECT details FROM operator WHERE actor = ? AND erased IS NULL ORDER BY seen DESC, alias",
        arguments: [actor.description]
      ).flatMap { try JSONParser.parse($0.utf8).object.flatMap { OperatorIdentity($0) } }
    }
  }

  /// The aliases under which an actor was seen and that are not erased, or the one that is named; empty for nobody.
  public func operators(_ name: String) throws -> [String] {
    try read { database in
      try String.fetchAll(
        database, sql: "SELECT alias FROM operator WHERE erased IS NULL AND (actor = ?1 OR alias = ?1) ORDER BY alias",
        arguments: [name])
    }
  }

  /// Cycles that neither finished nor were closed, the oldest first.
  public func openCycles() throws -> [String] {
    try ask {
      try String.fetchAll(
        $0, sql: "SELECT id FROM cycle WHERE last_position IS NULL AND interrupted IS NULL ORDER BY first_position")
    }
  }

  /// Cycles that have not finished, closed or not: what they decided does not count.
  public func unfinishedCycles() throws -> Set<String> {
    try ask { try String.fetchSet($0, sql: "SELECT id FROM cycle WHERE last_position IS NULL") }
  }

  /// Whether there is a cycle that has not finished, and behind it none of its source that has: a later one sorts out what
  /// it left.
  public func hasLooseCycles() throws -> Bool {
    try ask { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM cycle AS cut WHERE cut.last_position IS NULL AND NOT EXISTS (
            SELECT 1 FROM cycle AS next WHERE next.first_position > cut.first_position
              AND next.last_position IS NOT NULL AND next.directory = cut.directory))
          """) ?? false
    }
  }
}
