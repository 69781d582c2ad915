import Base
import Foundation
import GRDB
import LogSupport
import Testing

@testable import EventLog

/// Somebody who may write the file, and knows how it is made: whatever is changed, the rest is made to fit.
struct Forger {
  struct Row {
    var stream: String
    var event: NewEvent
    var time: Timestamp
  }

  let database: Database

  /// Edits the list of all events, then writes entries, leaves, versions, positions and the tree anew.
  func rewrite(_ edit: (inout [Row]) throws -> Void) throws {
    var rows = try read()
    try edit(&rows)
    try database.execute(sql: "BEGIN; DELETE FROM event; DELETE FROM merkle_node")
    let insert = try database.makeStatement(
      sql: "INSERT INTO event VALUES (?, ?, (SELECT id FROM stream WHERE name = ?), ?, 1, ?, ?, ?)")
    var encoder = EntryEncoder(origin: "example.org/test")
    var versions: [String: Int] = [:]
    var tree = CompactRange()
    for (index, row) in rows.enumerated() {
      versions[row.stream, default: 0] += 1
      let version = versions[row.stream] ?? 0
      let entry = try encoder.encode(
        row.event, stream: row.stream, version: version, position: Int64(index + 1), time: row.time)
      let leaf = Merkle.leaf(entry)
      try insert.execute(
        arguments: [
          index + 1, Data(row.event.id.bytes), row.stream, version, row.time.milliseconds, Data(leaf.bytes),
          Data(entry),
        ])
      try tree.append(leaf) { tile in
        try database.execute(
          sql: "INSERT INTO merkle_node VALUES (?, ?, ?)", arguments: [tile.level, tile.index, Data(tile.root.bytes)])
      }
    }
    try database.execute(sql: "COMMIT")
  }

  private func read() throws -> [Row] {
    let sql = "SELECT entry, id, (SELECT name FROM stream WHERE id = e.stream), time FROM event e ORDER BY position"
    return try GRDB.Row.fetchAll(database, sql: sql).map { row in
      let envelope = try Envelope(Array(row[0] as Data))
      let id = EventID(bytes: Array(row[1] as Data)) ?? ids.next(at: moment)
      let event = NewEvent(
        id: id, type: "test.happened", occurred: envelope.occurred ?? moment, actor: envelope.actor,
        data: Array(envelope.data))
      return Row(stream: row[2], event: event, time: Timestamp(milliseconds: row[3]))
    }
  }
}

/// The file of a log with 600 events, the odd positions in stream a, the even ones in b, and checkpoints of the sizes 100,
/// 300 and 550 in it; one of size 600 is kept elsewhere.
struct FilledLog: Sendable {
  let bytes: Data
  let key: LogKey
  let elsewhere: SignedCheckpoint

  static let origin = "example.org/test"

  private static let made = Task {
    let folder = try Folder()
    let log = try folder.open()
    let key = try LogKey(origin: origin)
    var size = 0
    for next in [100, 300, 550, 600] {
      try await log.append((size..<next).map { .init(stream: $0 % 2 == 0 ? "a" : "b", events: events(1)) })
      size = next
      if next < 600 { try await log.checkpoint(origin: origin, signedBy: [key], known: [key.verifier]) }
    }
    let head = try log.head()
    let text = Checkpoint(origin: origin, size: head.size, root: head.root).text
    let elsewhere = try SignedCheckpoint(SignedNote(text, signedBy: [key]))
    let scope = VerificationScope(keys: [key.verifier], keptElsewhere: [elsewhere], viewsPosition: 600)
    let verification = try log.verify(scope)
    #expect(verification.findings == [] && verification.checkpoints == 4)
    try log.close()
    return FilledLog(bytes: try Data(contentsOf: URL(filePath: folder.log)), key: key, elsewhere: elsewhere)
  }

  static func get() async throws -> FilledLog { try await made.value }

  var scope: VerificationScope { VerificationScope(keys: [key.verifier]) }
  var scopeWithElsewhere: VerificationScope { VerificationScope(keys: [key.verifier], keptElsewhere: [elsewhere]) }

  func folder() throws -> Folder {
    let folder = try Folder()
    try bytes.write(to: URL(filePath: folder.log))
    return folder
  }
}
