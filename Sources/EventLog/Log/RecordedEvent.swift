public import Base

/// An event as the log holds it.
public struct RecordedEvent: Equatable, Sendable {
  /// Its place in the whole log, from 1 without gaps.
  public let position: Int64
  /// Its identifier.
  public let id: EventID
  /// The stream that it belongs to.
  public let stream: String
  /// Its place in the stream, from 1 without gaps.
  public let version: Int
  /// Its type.
  public let type: String
  /// When it was recorded; never less than that of the event before it.
  public let time: Timestamp
  /// Its exact bytes: one line of canonical JSON, without the line's end.
  public let entry: [UInt8]

  /// Reads the other attributes out of the entry.
  ///
  /// Throws `FaultCode.entryUnreadable` when the bytes are not an envelope: the log's file was changed.
  public func envelope() throws -> Envelope { try Envelope(entry) }
}

extension RecordedEvent {
  /// The event of an entry that stands alone, away from its log; that it is the log's is `EventProof`'s to show. Throws
  /// `FaultCode.entryUnreadable`.
  public init(alone entry: [UInt8]) throws {
    let place = try Envelope(entry).place
    guard let position = Int64(place.position), let id = EventID(place.id), let version = Int(place.version),
      let time = Timestamp(place.time)
    else {
      throw Fault(
        .entryUnreadable, "An entry says no position, id, version or time that can be; ask for the file again.")
    }
    self.init(
      position: position, id: id, stream: place.stream, version: version, type: place.type, time: time, entry: entry)
  }
}

/// The attributes of an entry, read on demand.
public struct Envelope: Sendable {
  /// The exact bytes of the entry.
  public let entry: [UInt8]
  private let ranges: EnvelopeRanges

  /// Finds the attributes in an entry's bytes. Throws `FaultCode.entryUnreadable`.
  public init(_ entry: [UInt8]) throws {
    self.entry = entry
    do {
      ranges = try entry.withUnsafeBufferPointer { try EnvelopeRanges($0) }
    } catch let malformed as EnvelopeRanges.Malformed {
      throw malformed.fault
    }
  }

  /// Who or what did it.
  public var actor: String { text(ranges.actor) }
  /// What it belongs to.
  public var correlation: String? { ranges.correlation.map(text) }
  /// The event that led to it.
  public var causation: EventID? { ranges.causation.flatMap { EventID(text($0)) } }
  /// The alias of the person that it is about.
  public var subject: String? { ranges.subject.map(text) }
  /// When it happened; nil when the entry was changed to hold something else.
  public var occurred: Timestamp? { Timestamp(text(ranges.occurred)) }
  /// The URN of the log that it was first recorded in.
  public var source: String { text(ranges.source) }
  /// The version of the payload's schema; nil when the entry was changed to hold something else.
  public var schema: Int? {
    // Asked for at every event that is decoded, so no text is made of it.
    let digits = entry[ranges.dataschema].reversed().prefix { $0 != UInt8(ascii: ":") }
    guard (1...9).contains(digits.count) else { return nil }
    var schema = 0
    for digit in digits.reversed() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      schema = schema * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return schema
  }
  /// Where the payload, a JSON object, stands in `entry`.
  public var dataRange: Range<Int> { ranges.data }
  /// The payload's bytes.
  public var data: ArraySlice<UInt8> { entry[ranges.data] }

  /// What a log keeps beside the entry, as the entry itself says it.
  fileprivate var place: (position: String, id: String, stream: String, version: String, type: String, time: String) {
    (
      text(ranges.position), text(ranges.id), text(ranges.stream), text(ranges.version), text(ranges.type),
      text(ranges.time)
    )
  }

  private func text(_ range: Range<Int>) -> String {
    entry.withUnsafeBufferPointer { EnvelopeRanges.text(range, of: $0) }
  }
}
