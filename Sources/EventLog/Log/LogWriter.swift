import Provisioning

/// Gives appends their positions, versions and hashes. Used inside the writer's transaction; a value, so that a
/// transaction that fails is undone by putting the former one back.
struct LogWriter {
  private var tree = CompactRange()
  private var lastTime: Timestamp?
  private var types: [String: Int64] = [:]
  private var encoder: EntryEncoder
  private var isChecked = false

  init(origin: String) { encoder = EntryEncoder(origin: origin) }

  /// The time of the newest event.
  var newest: Timestamp? { lastTime }

  /// Takes in what other processes have appended since the last transaction. To be called first in each.
  mutating func catchUp(_ session: LogSession) throws {
    let size = try session.size()
    guard size != tree.size || !isChecked else { return }
    tree = try session.tree()
    if !isChecked, let newest = try session.newestCheckpoint() {
      // Once, when a process begins to write: nothing is added to a log that was cut or rewritten.
      try session.requireContinuation(of: newest.signed().checkpoint, size: size, root: tree.root)
    }
    isChecked = true
    lastTime = try session.time(at: size)
  }

  /// What has been settled about one caller's append before anything is written.
  enum Staged {
    /// All of it is there already, at these positions.
    case present([Int64])
    /// All of it is new.
    case new([Row])
  }

  /// An event with everything but the numbers of its stream and type.
  struct Row {
    var position: Int64
    var id: EventID
    var stream: String
    var version: Int
    var type: String
    var time: Timestamp
    var entry: [UInt8]
  }

  private struct Stream {
    var id: Int64?
    var version: Int
  }

  /// Checks an append and encodes its events. Throws `AppendConflict` and `FaultCode.entryTooLarge` for this caller
  /// alone, and database errors, which concern everybody.
  mutating func stage(_ appends: [StreamAppend], now: Timestamp, _ session: LogSession) throws -> Staged {
    var streams: [String: Stream] = [:]
    if let present = try present(appends, &streams, session) { return .present(present) }
    let time = lastTime.map { max($0, now) } ?? now
    var rows: [Row] = []
    for append in appends {
      var stream = try look(append.stream, &streams, session)
      try require(append.expectation, of: append.stream, at: stream.version)
      for event in append.events {
        stream.version += 1
        let position = tree.size + Int64(rows.count) + 1
        let entry = try encoder.encode(
          event, stream: append.stream, version: stream.version, position: position, time: time)
        rows.append(
          Row(
            position: position, id: event.id, stream: append.stream, version: stream.version, type: event.type,
            time: time, entry: entry))
      }
      streams[append.stream] = stream
    }
    return .new(rows)
  }

  /// The positions of the events, nil when none of them is there.
  private func present(_ appends: [StreamAppend], _ streams: inout [String: Stream], _ session: LogSession) throws
    -> [Int64]?
  {
    var positions: [Int64] = []
    var ids = Set<EventID>()
    var somePresent: EventID?
    var count = 0
    for append in appends {
      for event in append.events {
        count += 1
        guard ids.insert(event.id).inserted else { throw AppendConflict.idTwice(event.id) }
        guard let found = try session.find(event.id) else { continue }
        guard try look(append.stream, &streams, session).id == found.stream,
          try session.typeID(event.type) == found.type
        else { throw AppendConflict.idElsewhere(event.id, position: found.position) }
        positions.append(found.position)
        somePresent = somePresent ?? event.id
      }
    }
    guard let somePresent else { return nil }
    guard positions.count == count else { throw AppendConflict.partlyThere(present: somePresent) }
    return positions
  }

  private func look(_ name: String, _ streams: inout [String: Stream], _ session: LogSession) throws -> Stream {
    if let stream = streams[name] { return stream }
    let id = try session.streamID(name)
    let stream = Stream(id: id, version: try id.map(session.version(ofStream:)) ?? 0)
    streams[name] = stream
    return stream
  }

  private func require(_ expectation: Expectation, of stream: String, at actual: Int) throws {
    let expected: Int
    switch expectation {
    case .any: return
    case .new: expected = 0
    case .version(let version): expected = version
    }
    guard expected == actual else {
      throw AppendConflict.wrongVersion(stream: stream, expected: expected, actual: actual)
    }
  }

  /// Writes staged events, the tiles that they complete, and new names. What it throws must end the transaction.
  mutating func insert(_ rows: [Row], _ session: LogSession) throws -> [Int64] {
    var streams: [String: Int64] = [:]
    for row in rows {
      let stream: Int64
      if let known = try streams[row.stream] ?? session.streamID(row.stream) {
        stream = known
      } else {
        stream = try session.insertStream(row.stream)
      }
      streams[row.stream] = stream
      let leaf = Merkle.leaf(row.entry)
      try session.insert(
        .init(
          position: row.position, id: row.id, stream: stream, version: row.version, type: try type(row.type, session),
          time: row.time, leaf: leaf, entry: row.entry))
      try tree.append(leaf) { try session.insert($0) }
      lastTime = row.time
    }
    return rows.map(\.position)
  }

  private mutating func type(_ name: String, _ session: LogSession) throws -> Int64 {
    if let known = types[name] { return known }
    let id = try session.typeID(name) ?? session.insertType(name)
    types[name] = id
    return id
  }
}
