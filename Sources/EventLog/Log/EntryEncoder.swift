import Base
import JSON

/// Writes the bytes of an entry: one canonical JSON line, a CloudEvents 1.0 envelope whose members stand in the order
/// of RFC 8785.
struct EntryEncoder {
  /// The most that an entry may hold, in bytes.
  static let limit = 65_535

  private let source: [UInt8]
  private var time = TimeText()
  private var occurred = TimeText()

  init(origin: String) {
    var writer = JSONWriter()
    writer.string(sourceURN(origin))
    source = writer.bytes
  }

  /// Throws `FaultCode.entryTooLarge`.
  mutating func encode(_ event: NewEvent, stream: String, version: Int, position: Int64, time: Timestamp) throws
    -> [UInt8]
  {
    var writer = JSONWriter(reserving: event.data.count + 640)
    writer.raw("{\"actor\":")
    writer.string(event.actor)
    if let causation = event.causation {
      writer.raw(",\"causation\":")
      writer.string(causation.description)
    }
    if let correlation = event.correlation {
      writer.raw(",\"correlation\":")
      writer.string(correlation)
    }
    writer.raw(",\"data\":")
    writer.raw(event.data)
    writer.raw(",\"datacontenttype\":\"application/json\",\"dataschema\":\"urn:provledger:schema:")
    writer.raw(event.type)
    writer.raw(":")
    writer.integer(event.schema)
    writer.raw("\",\"id\":\"")
    writer.raw(event.id.description)
    writer.raw("\",\"occurred\":\"")
    writer.raw(occurred.bytes(of: event.occurred))
    writer.raw("\",\"position\":\"")
    writer.integer(position)
    writer.raw("\",\"source\":")
    writer.raw(source)
    writer.raw(",\"specversion\":\"1.0\",\"stream\":\"")
    writer.raw(stream)
    if let subject = event.subject {
      writer.raw("\",\"subject\":\"")
      writer.raw(subject)
    }
    writer.raw("\",\"time\":\"")
    writer.raw(self.time.bytes(of: time))
    writer.raw("\",\"type\":\"")
    writer.raw(event.type)
    writer.raw("\",\"version\":\"")
    writer.integer(version)
    writer.raw("\"}")
    guard writer.bytes.count <= Self.limit else {
      throw Fault(
        .entryTooLarge,
        """
        The event \(event.type) for stream \(stream) would take \(writer.bytes.count.of("byte")), and an entry holds at \
        most \(Self.limit); nothing was appended. Make its payload smaller.
        """)
    }
    return writer.bytes
  }
}

/// The CloudEvents `source` of a log with this origin.
func sourceURN(_ origin: String) -> String { "urn:provledger:\(origin)" }

/// The text of the latest moment asked for: neighbouring entries mostly share it, and making it costs more than the
/// rest of an envelope.
struct TimeText {
  private var moment: Timestamp?
  private var text: [UInt8] = []

  mutating func bytes(of wanted: Timestamp) -> [UInt8] {
    if moment != wanted {
      moment = wanted
      text = Array(wanted.description.utf8)
    }
    return text
  }
}
