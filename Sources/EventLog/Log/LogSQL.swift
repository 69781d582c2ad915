/// Every statement of the log.
enum LogSQL: Int, CaseIterable {
  case insertEvent, insertNode, insertStream, insertType, lastStream, lastType, size, time, streamID, typeID, version
  case highestID, find, leaves, nodes, entries, events, streamEvents, typePositions
  case insertCheckpoint, newestCheckpoint, checkpoints, insertAnchor, tellAnchor, failAnchor, anchors, forgetAnchor
  case verifyEvents, verifyEntries, verifyNext, verifyTiles, verifyNode, verifyNodes, verifyHighestNode
  case verifyIDs, verifyVersions, verifyNextType, verifyTypes, verifyStreamNames, verifyTypeNames
  case verifyCheckpoints, verifyNewestCheckpoint, verifyID, verifyVersion, verifyType, schema

  var text: String {
    switch self {
    case .insertEvent:
      """
      INSERT INTO event (position, id, stream, version, type, time, leaf_hash, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """
    case .insertNode:
      "INSERT INTO merkle_node (level, idx, hash) VALUES (?, ?, ?)"
    case .insertStream:
      "INSERT INTO stream (id, name) VALUES (?, ?)"
    case .insertType:
      "INSERT INTO event_type (id, name) VALUES (?, ?)"
    case .lastStream:
      "SELECT max(id) FROM stream"
    case .lastType:
      "SELECT max(id) FROM event_type"
    case .size:
      "SELECT max(position) FROM event"
    case .time:
      "SELECT time FROM event WHERE position = ?"
    case .streamID:
      "SELECT id FROM stream WHERE name = ?"
    case .typeID:
      "SELECT id FROM event_type WHERE name = ?"
    case .version:
      "SELECT max(version) FROM event WHERE stream = ?"
    case .highestID:
      "SELECT max(id) FROM event"
    case .find:
      "SELECT position, stream, type FROM event WHERE id = ?"
    case .leaves:
      "SELECT leaf_hash FROM event WHERE position >= ?1 AND position < ?2 ORDER BY position"
    case .nodes:
      "SELECT hash FROM merkle_node WHERE level = ?3 AND idx >= ?1 AND idx < ?2 ORDER BY idx"
    case .entries:
      "SELECT position, entry FROM event WHERE position >= ? ORDER BY position LIMIT ?"
    case .events:
      """
      SELECT e.position, e.id, s.name, e.version, e.type, t.name, e.time, e.entry
      FROM event e LEFT JOIN stream s ON s.id = e.stream LEFT JOIN event_type t ON t.id = e.type
      WHERE e.position >= ? ORDER BY e.position LIMIT ?
      """
    case .streamEvents:
      """
      SELECT e.position, e.id, s.name, e.version, e.type, t.name, e.time, e.entry
      FROM event e LEFT JOIN stream s ON s.id = e.stream LEFT JOIN event_type t ON t.id = e.type
      WHERE e.stream = ? AND e.version >= ? ORDER BY e.version LIMIT ?
      """
    case .typePositions:
      "SELECT position FROM event WHERE type = ? AND position >= ? ORDER BY position LIMIT ?"
    case .insertCheckpoint:
      "INSERT INTO checkpoint (size, time, note) VALUES (?, ?, ?)"
    case .newestCheckpoint:
      "SELECT size, time, note FROM checkpoint ORDER BY size DESC LIMIT 1"
    case .checkpoints:
      "SELECT size, time, note FROM checkpoint WHERE size >= ? ORDER BY size LIMIT ?"
    case .insertAnchor:
      "INSERT OR IGNORE INTO anchor (name) VALUES (?)"
    case .tellAnchor:
      "UPDATE anchor SET size = ?2, anchored = ?3, failed = NULL, failure = NULL WHERE name = ?1"
    case .failAnchor:
      "UPDATE anchor SET failed = ?2, failure = ?3 WHERE name = ?1"
    case .anchors:
      "SELECT name, size, anchored, failed, failure FROM anchor ORDER BY name"
    case .forgetAnchor:
      "DELETE FROM anchor WHERE name = ?"
    // What `verify` reads. The unary plus keeps the planner from the table, so that the index itself is read.
    case .verifyEvents:
      """
      SELECT position, id, stream, version, type, time, leaf_hash, entry FROM event
      WHERE position >= ? AND position <= ? ORDER BY position
      """
    case .verifyEntries:
      "SELECT position, entry FROM event WHERE position >= ? AND position <= ? ORDER BY position"
    case .verifyNext:
      "SELECT min(position) FROM event WHERE position >= ?"
    case .verifyTiles:
      "SELECT idx, hash FROM merkle_node WHERE level = 8 AND idx >= ? AND idx < ? ORDER BY idx"
    case .verifyNode:
      "SELECT hash FROM merkle_node WHERE level = ? AND idx = ?"
    case .verifyNodes:
      "SELECT level, count(*), min(idx), max(idx) FROM merkle_node GROUP BY level ORDER BY level"
    case .verifyHighestNode:
      "SELECT max(idx) FROM merkle_node WHERE level = ?"
    case .verifyIDs:
      """
      SELECT id, position FROM event WHERE (id, position) > (?1, ?2) AND +position <= ?3 ORDER BY id, position LIMIT ?4
      """
    case .verifyVersions:
      """
      SELECT stream, version, position FROM event WHERE (stream, version, position) > (?1, ?2, ?3) AND +position <= ?4
      ORDER BY stream, version, position LIMIT ?5
      """
    case .verifyNextType:
      "SELECT min(type) FROM event WHERE type > ?"
    case .verifyTypes:
      "SELECT position FROM event WHERE type = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?"
    case .verifyStreamNames:
      "SELECT id, name FROM stream ORDER BY id"
    case .verifyTypeNames:
      "SELECT id, name FROM event_type ORDER BY id"
    case .verifyCheckpoints:
      "SELECT size, note FROM checkpoint WHERE size > ? AND size <= ? ORDER BY size LIMIT ?"
    case .verifyNewestCheckpoint:
      "SELECT max(size) FROM checkpoint"
    // Single rows, each found through the index that is to hold it.
    case .verifyID:
      "SELECT position FROM event INDEXED BY event_id WHERE id = ? LIMIT 2"
    case .verifyVersion:
      "SELECT position FROM event INDEXED BY event_version WHERE stream = ? AND version = ? LIMIT 2"
    case .verifyType:
      "SELECT position FROM event INDEXED BY event_kind WHERE type = ? AND position = ?"
    case .schema:
      """
      SELECT type || ' ' || name, sql FROM sqlite_master
      WHERE sql IS NOT NULL AND NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))
      """
    }
  }
}
