import Base
import Crypto
import EventLog
import Foundation
import GRDB
import JSON
import Migrations
import Provisioning
import Sealing
import Synchronization

/// Everybody at some positions, kept beside the views so that a question about the past need not begin with the first event.
///
/// Snapshots are disposable: what they say follows from the log, and each belongs to one beginning of one log, by its root. What
/// of them cannot be opened is taken from the log. Whoever is erased is erased in them too, since each person is sealed under
/// their own key.
extension ViewStore {
  /// How many people are sealed or opened at a time.
  private static let piece = 2048

  /// Keeps a snapshot of the rows where one is due. Without room, or where it cannot be written, there is none: nothing depends
  /// on it but how long a question takes. In the middle of a cycle nobody asks.
  func keepSnapshot(at position: Int64) {
    guard !isFixed, position >= nextSnapshot.withLock({ $0 }), (try? openCycles().isEmpty) == true else { return }
    if shelf.isDue(at: position), shelf.hasRoom { try? writeSnapshot() }
    nextSnapshot.withLock { $0 = shelf.end(ofStretchAt: position, position) }
  }

  private func writeSnapshot() throws {
    try database.read { rows in
      let position = try ViewsSQL.position(rows)
      let head = SnapshotHead(position, root: try log.root(at: position))
      let place = head.place
      try shelf.put(position) { descriptor in
        try PrivateFile.write(head.bytes, to: descriptor)
        try eachPiece(of: rows) { piece in
          try codec.prepare(people: piece.map(\.alias))
          let codec = codec
          let records = try Beside.map(piece[...]) { try SnapshotRecord($0, place, codec).bytes }
          try PrivateFile.write(Array(records.joined()), to: descriptor)
        }
        // An end, so that half a file is told from a whole one.
        try PrivateFile.write(SnapshotHead.end, to: descriptor)
      }
    }
  }

  private func eachPiece(of database: Database, _ body: ([SnapshotRow]) throws -> Void) throws {
    var piece: [SnapshotRow] = []
    let rows = try Row.fetchCursor(
      database, sql: "SELECT alias, state, status = 'erased' FROM person ORDER BY alias")
    while let row = try rows.next() {
      piece.append(SnapshotRow(alias: row[0], state: row[1], isErased: row[2]))
      guard piece.count == Self.piece else { continue }
      try body(piece)
      piece = []
    }
    try body(piece)
  }

  /// The newest snapshot that reaches no further than a position; nil where the log has to be folded from its start.
  func snapshot(upTo position: Int64) throws -> PeopleSnapshot? {
    for place in shelf.positions.reversed() where place > 0 && place <= position {
      if let snapshot = try readSnapshot(place) { return snapshot }
      // Of another log, of another version, or damaged.
      if !isFixed { shelf.remove(place) }
    }
    return nil
  }

  private func readSnapshot(_ position: Int64) throws -> PeopleSnapshot? {
    let head = SnapshotHead(position, root: try log.root(at: position))
    let url = URL(fileURLWithPath: shelf.file(position))
    guard let file = try? Data(contentsOf: url, options: .alwaysMapped), let records = head.records(of: file) else {
      return nil
    }
    var snapshot = PeopleSnapshot(position: position)
    let place = head.place
    for start in stride(from: 0, to: records.count, by: Self.piece) {
      let piece = records[start..<min(start + Self.piece, records.count)]
      try codec.prepare(people: piece.map(\.alias))
      let codec = codec
      let people = try Beside.map(piece) { try $0.person(place, codec) }
      for (record, person) in zip(piece, people) { snapshot.add(person, record.alias) }
    }
    return snapshot
  }
}

/// Everybody as a snapshot has them.
struct PeopleSnapshot {
  /// Where it stands in the log.
  let position: Int64
  /// Those who could be opened, by alias.
  private(set) var people: [String: Person] = [:]
  /// Those of whom only the log can tell.
  private(set) var closed: Set<String> = []

  init(position: Int64) { self.position = position }

  mutating func add(_ person: Person?, _ alias: String) {
    if let person { people[alias] = person } else { closed.insert(alias) }
  }
}

/// The first line of a snapshot: which beginning of which log it is of, and which views wrote it.
struct SnapshotHead {
  /// What stands behind the last record; no record begins so.
  static let end: [UInt8] = [0xFF]

  private let position: Int64
  private let root: Digest32

  init(_ position: Int64, root: Digest32) { (self.position, self.root) = (position, root) }

  private var line: JSONValue {
    [
      "form": "provledger-people/1", "position": .string(String(position)), "root": .string(root.description),
      "views": .string(Migrations.views.newest),
    ]
  }

  /// The line.
  var bytes: [UInt8] { line.canonicalBytes + [0x0A] }

  /// What stands for the place in the keys of what is sealed.
  var place: Digest32 { Digest32(SHA256.hash(data: Data(bytes))) }

  /// The records of a file that begins with this line; nil for another, or half a one.
  func records(of file: Data) -> [SnapshotRecord]? {
    guard file.starts(with: bytes) else { return nil }
    var (records, next): ([SnapshotRecord], Int) = ([], file.startIndex + bytes.count)
    while next < file.endIndex - 1 {
      guard let record = SnapshotRecord(file, &next) else { return nil }
      records.append(record)
    }
    return file[next...].elementsEqual(Self.end) ? records : nil
  }
}
