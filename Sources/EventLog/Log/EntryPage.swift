public import Base
import Glibc

/// Entries that follow each other in the log, in one piece of memory: for passes over all of it that want the bytes alone.
public struct EntryPage: Sendable {
  /// The most bytes of a page, but for its last entry.
  static let mostBytes = 8 << 20

  /// The position of the last entry; nil when there is none.
  public private(set) var last: Int64?
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// A page with room for as many entries of the usual length.
  init(reserving count: Int) {
    ends.reserveCapacity(count)
    bytes.reserveCapacity(min(count << 10, Self.mostBytes))
  }

  /// How many entries it has.
  public var count: Int { ends.count }

  /// Adds an entry; false when the page is full.
  mutating func append(_ entry: UnsafeRawBufferPointer, at position: Int64) -> Bool {
    bytes.append(contentsOf: entry)
    ends.append(bytes.count)
    last = position
    return bytes.count < Self.mostBytes
  }

  /// Hands out the entries, in order, where they lie: their bytes are gone when `body` returns. Throws what `body` throws.
  public func withEntries<Result>(_ body: ([UnsafeBufferPointer<UInt8>]) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      return try body(
        ends.map { end in
          defer { start = end }
          return UnsafeBufferPointer(rebasing: bytes[start..<end])
        })
    }
  }
}

/// What an entry says of itself that its payload is opened with, read where it lies.
public struct EntryParts {
  /// Its identifier.
  public let id: EventID
  /// The stream that it belongs to.
  public let stream: String
  /// Where the value of one member of its payload stands; nil where there is none.
  public let member: Range<Int>?

  /// Reads an entry; `member` names the member of the payload. Throws `FaultCode.entryUnreadable` for what is no envelope.
  public init(_ entry: UnsafeBufferPointer<UInt8>, member: StaticString) throws {
    do {
      let ranges = try EnvelopeRanges(entry, member: member)
      guard let id = EventID(text: UnsafeBufferPointer(rebasing: entry[ranges.id])) else {
        throw EnvelopeRanges.Malformed(offset: ranges.id.lowerBound, wanted: "an id")
      }
      self.id = id
      self.member = ranges.member
      stream = EnvelopeRanges.text(ranges.stream, of: entry)
    } catch let malformed as EnvelopeRanges.Malformed {
      throw malformed.fault
    }
  }
}
