import Base
public import EventLog
import JSON
import Provisioning
public import Sealing
public import Views

/// What leaves the ledger: the events between two positions, in a format.
///
/// It walks the log in pages, and holds a page, and some thousand people, in memory. The bytes depend on the log, the keys
/// and the settings alone.
public struct ExportSource: Sendable {
  /// The most events of a page.
  static let page: Int64 = 2000

  private let log: Log
  private let codec: EventCodec
  private let views: ViewStore

  /// The source of exports of a log; the views have to be up to it.
  public init(log: Log, codec: EventCodec, views: ViewStore) {
    (self.log, self.codec, self.views) = (log, codec, views)
  }

  /// Hands the bytes of an export to `write`, piece by piece, and returns how many records they hold.
  ///
  /// Throws the faults of the log, of the views and of unsealing, and what `write` throws.
  public func write(
    _ format: ExportFormat, _ positions: Range<Int64>, _ settings: ExportSettings, to write: ([UInt8]) throws -> Void
  ) throws -> Int {
    try codec.forgetErased(in: log)
    if let writer = format.writer(settings) { return try records(positions, settings.privacy, writer, write) }
    switch format {
    case .vanta: return try VantaFile(log: log, codec: codec, views: views).write(settings.privacy, to: write)
    case .sqlite: return try SQLiteExport(source: self, views: views).write(positions, settings, to: write)
    default: return try entries(positions, settings.privacy, write)
    }
  }

  /// Hands out each event, with no more of people than is to be shown, and returns how many there are. Throws the faults of the
  /// log and of unsealing, and what `body` throws.
  func forEach(
    _ positions: Range<Int64>, _ privacy: ExportPrivacy, _ body: (ExportedEvent) throws -> Void
  ) throws -> Int {
    var count = 0
    try pages(of: positions, privacy) { page in
      for event in page { try body(event) }
      count += page.count
    }
    return count
  }

  private func records(
    _ positions: Range<Int64>, _ privacy: ExportPrivacy, _ writer: any RecordWriter, _ write: ([UInt8]) throws -> Void
  ) throws -> Int {
    var (writer, count) = (writer, 0)
    try write(Array(writer.head.utf8))
    try pages(of: positions, privacy) { page in
      let records = page.compactMap { writer.record(of: $0) }
      count += records.count
      try write(Array(records.joined().utf8))
    }
    try write(Array(writer.end().utf8))
    return count
  }

  private func pages(
    of positions: Range<Int64>, _ privacy: ExportPrivacy, _ body: ([ExportedEvent]) throws -> Void
  ) throws {
    let fold = ExportFold(log, codec)
    let codec = codec
    try pages(positions) { events in
      try zip(events, codec.decode(events)).map { ($0, $1) }
    } _: { page in
      try body(page.map { try fold.take($0, $1).hiding(privacy) })
    }
  }

  private func entries(
    _ positions: Range<Int64>, _ privacy: ExportPrivacy, _ write: ([UInt8]) throws -> Void
  ) throws -> Int {
    var count = 0
    let codec = codec
    try pages(positions) { events in
      try codec.prepare(events)
      return [(count: events.count, bytes: try OpenedEntry.lines(events, privacy, codec))]
    } _: { page in
      for (events, bytes) in page {
        count += events
        try write(bytes)
      }
    }
    return count
  }

  /// Hands out pages in their order. Two are read and transformed at the same time, while `body` has those before.
  private func pages<Value: Sendable>(
    _ positions: Range<Int64>, _ transform: @escaping @Sendable ([RecordedEvent]) throws -> [Value],
    _ body: ([Value]) throws -> Void
  ) throws {
    let log = log
    @Sendable func load(_ range: Range<Int64>) throws -> [Value] {
      var (values, next): ([Value], Int64) = ([], range.lowerBound)
      // Large entries come in several reads.
      while next < range.upperBound {
        let events = try log.read(from: next, limit: Int(range.upperBound - next))
        guard let last = events.last else { break }
        values += try transform(events)
        next = last.position + 1
      }
      return values
    }
    @Sendable func loadTwo(_ from: Int64) throws -> [Value] {
      let middle = min(from + Self.page, positions.upperBound)
      let end = min(middle + Self.page, positions.upperBound)
      var first: [Value] = []
      let second = try Beside.run {
        try load(middle..<end)
      } while: {
        first = try load(from..<middle)
      }
      return first + second
    }
    var (next, present): (Int64, [Value]) = (positions.lowerBound, [])
    while next < positions.upperBound {
      let (from, ready) = (next, present)
      present = try Beside.run {
        try loadTwo(from)
      } while: {
        try body(ready)
      }
      next += 2 * Self.page
    }
    try body(present)
  }
}
