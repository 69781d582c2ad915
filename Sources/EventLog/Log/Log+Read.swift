public import Base

/// How far the log goes, and the one hash that stands for all of it.
public struct LogHead: Equatable, Sendable {
  /// The number of entries, which is the highest position.
  public let size: Int64
  /// The Merkle tree hash of all entries (RFC 6962 section 2.1).
  public let root: Digest32
}

/// An entry where it lies in the database's memory.
public struct ScannedEntry {
  /// Its position.
  public let position: Int64
  /// Its exact bytes; they are gone when the closure that got them returns.
  public let bytes: UnsafeBufferPointer<UInt8>
}

/// Reading. Each call is one short transaction; it throws a `Fault` (PL-0301 to PL-0309) when the log cannot be read.
extension Log {
  /// The size and the root. It reads at most 255 hashes for each of the tree's levels of tiles.
  public func head() throws -> LogHead {
    let tree = try store.read { try $0.tree() }
    return LogHead(size: tree.size, root: tree.root)
  }

  /// The highest position; 0 when the log is empty.
  public func lastPosition() throws -> Int64 { try store.ask { try $0.size() } }

  /// The name of the log that the file is of by its first entry, where that is another one's; nil where it is this log's.
  public func otherOrigin() throws -> String? { try store.read { $0.origin(otherThan: origin) } }

  /// At most `limit` events from a position on, fewer when they take more than 8 MiB; empty only at the end.
  public func read(from position: Int64 = 1, limit: Int = 1000) throws -> [RecordedEvent] {
    try store.ask { try $0.events(from: position, limit: max(0, limit)) }
  }

  /// Hands at most `limit` entries from a position on to `body`, without copying them: for passes over the whole log.
  ///
  /// One transaction is open meanwhile, so ask for a few thousand at a time. Returns the last position; nil only at the
  /// end. What `body` throws is thrown.
  public func scan(from position: Int64 = 1, limit: Int = 1000, _ body: (ScannedEntry) throws -> Void) throws
    -> Int64?
  {
    try store.read { try $0.entries(from: position, limit: max(0, limit), body) }
  }

  /// The entries of at most `limit` events from a position on, fewer when they take more than 8 MiB; empty only at the end.
  public func entries(from position: Int64 = 1, limit: Int = 1000) throws -> EntryPage {
    try store.read { try $0.page(from: position, limit: max(0, limit)) }
  }

  /// At most `limit` events of one stream from a version on, fewer when they take more than 8 MiB; empty at the end,
  /// and when there is no such stream.
  public func read(stream: String, fromVersion version: Int = 1, limit: Int = 1000) throws -> [RecordedEvent] {
    try store.read { session in
      guard let id = try session.streamID(stream) else { return [] }
      return try session.events(stream: id, fromVersion: version, limit: max(0, limit))
    }
  }

  /// Every event of some streams before a position, in order of position, for streams that are short enough to be held.
  public func events(of streams: [String], before position: Int64 = .max) throws -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    for stream in streams {
      var version = 1
      while true {
        let page = try read(stream: stream, fromVersion: version)
        events += page.prefix { $0.position < position }
        guard let last = page.last, last.position < position else { break }
        version = last.version + 1
      }
    }
    return events.sorted { $0.position < $1.position }
  }

  /// At most `limit` events of some types from a position on, in order of position; empty only at the end.
  public func read(types: Set<String>, from position: Int64 = 1, limit: Int = 1000) throws -> [RecordedEvent] {
    try store.read { session in
      var positions: [Int64] = []
      for type in types {
        guard let id = try session.typeID(type) else { continue }
        positions += try session.positions(type: id, from: position, limit: max(0, limit))
      }
      var events: [RecordedEvent] = []
      for position in positions.sorted().prefix(max(0, limit)) {
        events += try session.events(from: position, limit: 1)
      }
      return events
    }
  }

  /// The newest version of a stream; 0 when it has no event.
  public func version(of stream: String) throws -> Int {
    try store.read { session in try session.streamID(stream).map(session.version(ofStream:)) ?? 0 }
  }

  /// The position of an event; nil when it is not there.
  public func position(of id: EventID) throws -> Int64? { try store.read { try $0.find(id)?.position } }

  /// The positions of the events that were recorded in a span of time.
  public func positions(recorded span: Range<Timestamp>) throws -> Range<Int64> {
    try store.read { session in
      let size = try session.size()
      let first = try firstPosition(notBefore: span.lowerBound, size, session)
      return first..<(try firstPosition(notBefore: span.upperBound, size, session))
    }
  }

  /// Bisection, since time never decreases with position.
  private func firstPosition(notBefore moment: Timestamp, _ size: Int64, _ session: LogSession) throws -> Int64 {
    var (low, high) = (Int64(1), size + 1)
    while low < high {
      let middle = low + (high - low) / 2
      if let time = try session.time(at: middle), time >= moment { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
