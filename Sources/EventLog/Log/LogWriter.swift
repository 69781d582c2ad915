import Base

/// Gives appends their positions, versions and hashes. Used inside the writer's transaction.
///
/// What it knows of the log is true as long as the log has the size of `tree`. A transaction that fails leaves it ahead
/// of the file, so it must `forget` then.
struct LogWriter {
  private var tree = CompactRange()
  private var lastTime: Timestamp?
  private var types: [String: Int64] = [:]
  private var streams: [String: Stream] = [:]
  private var highestID: EventID?
  private var encoder: EntryEncoder
  private var isChecked = false

  init(origin: String) { encoder = EntryEncoder(origin: origin) }

  /// The time of the newest event.
  var newest: Timestamp? { lastTime }

  /// Takes in what other processes have appended since the last transaction. To be called first in each.
  mutating func catchUp(_ session: LogSession) throws {
    let size = try session.size()
    guard size != tree.size || !isChecked else { return }
    forget()
    tree = try session.tree()
    if !isChecked, let newest = try session.newestCheckpoint() {
      // Once, when a process begins to write: nothing is added to a log that was cut or rewritten.
      try session.requireContinuation(of: newest.signed().checkpoint, size: size, root: tree.root)
    }
    isChecked = true
    lastTime = try session.time(at: size)
    highestID = try session.highestID()
  }

  /// Lets go of all that it knows of the log; `catchUp` reads it anew.
  mutating func forget() {
    tree = CompactRange()
    lastTime = nil
    types = [:]
    streams = [:]
    highestID = nil
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

  /// Nil for a number that is still to be given.
  private struct Stream {
    var id: Int64?
    var version: Int
  }

  /// The most streams that are kept in mind: some megabytes.
  private static let mostStreams = 100_000

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
    let isMany = appends.count > 1 || appends.contains { $0.events.count > 1 }
    var somePresent: EventID?
    var count = 0
    for append in appends {
      for event in append.events {
        count += 1
        if isMany, !ids.insert(event.id).inserted { throw AppendConflict.idTwice(event.id) }
        // Ids grow with time, so most need no look into the index.
        if highestID.map({ $0 < event.id }) ?? true { continue }
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
    if let stream = streams[name] ?? self.streams[name] { return stream }
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
    if streams.count > Self.mostStreams { streams = [:] }
    for row in rows {
      let stream = try number(row.stream, session)
      streams[row.stream] = Stream(id: stream, version: row.version)
      let leaf = Merkle.leaf(row.entry)
      try session.insert(
        .init(
          position: row.position, id: row.id, stream: stream, version: row.version, type: try type(row.type, session),
          time: row.time, leaf: leaf, entry: row.entry))
      try tree.append(leaf) { try session.insert($0) }
      lastTime = row.time
      highestID = highestID.map { max($0, row.id) } ?? row.id
    }
    // A trigger that somebody added can drop a row without a word.
    if let last = rows.last, try session.size() != last.position { throw StoreDamage("an entry was not kept") }
    return rows.map(\.position)
  }

  private func number(_ stream: String, _ session: LogSession) throws -> Int64 {
    try streams[stream]?.id ?? session.streamID(stream) ?? session.insertStream(stream)
  }

  private mutating func type(_ name: String, _ session: LogSession) throws -> Int64 {
    if let known = types[name] { return known }
    let id = try session.typeID(name) ?? session.insertType(name)
    types[name] = id
    return id
  }
}
