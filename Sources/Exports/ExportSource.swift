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
  /// The most events of a page: as many as fit the processor's cache with what is made of them.
  static let page: Int64 = 500

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
    let (log, codec) = (log, codec)
    try pages(positions) { from, limit in
      let events = try log.read(from: from, limit: limit)
      return try events.last.map { (try zip(events, codec.decode(events)).map { ($0, $1) }, $0.position) }
    } _: { page in
      try body(page.map { try fold.take($0, $1).hiding(privacy) })
    }
  }

  private func entries(
    _ positions: Range<Int64>, _ privacy: ExportPrivacy, _ write: ([UInt8]) throws -> Void
  ) throws -> Int {
    var count = 0
    let (log, codec) = (log, codec)
    try pages(positions) { from, limit in
      guard privacy == .clear else {
        let events = try log.read(from: from, limit: limit)
        let lines = try ClearEntry.lines(events, isWithSubject: privacy == .pseudonym)
        return events.last.map { ([(count: events.count, bytes: lines)], $0.position) }
      }
      let page = try log.entries(from: from, limit: limit)
      var writer = JSONWriter(reserving: limit << 10)
      try codec.writeOpened(page, to: &writer)
      return page.last.map { ([(count: page.count, bytes: writer.bytes)], $0) }
    } _: { page in
      for (events, bytes) in page {
        count += events
        try write(bytes)
      }
    }
    return count
  }

  /// Hands out pages in their order. Two are made at the same time, while `body` has those before; `load` makes what a number
  /// of positions holds from one on, or the first of it, with the position of the last.
  private func pages<Value: Sendable>(
    _ positions: Range<Int64>, _ load: @escaping @Sendable (Int64, Int) throws -> (values: [Value], last: Int64)?,
    _ body: ([Value]) throws -> Void
  ) throws {
    let count = (positions.count + Int(Self.page) - 1) / Int(Self.page)
    try Beside.inOrder(count) { number in
      var next = positions.lowerBound + Int64(number) * Self.page
      let end = min(next + Self.page, positions.upperBound)
      var values: [Value] = []
      // Large entries come in several reads.
      while next < end, let (more, last) = try load(next, Int(end - next)) {
        values += more
        next = last + 1
      }
      return values
    } _: { page in
      try body(page)
    }
  }
}
