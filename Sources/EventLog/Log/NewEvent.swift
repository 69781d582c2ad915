public import Base
import JSON

/// An event that is to be appended.
public struct NewEvent: Sendable {
  /// The identifier; appending the same one again does nothing.
  public var id: EventID
  /// The event type, such as `account.linked`: 1 to 255 printable ASCII characters.
  public var type: String
  /// The version of the payload's schema, from 1.
  public var schema: Int
  /// The alias of the person that it is about, printable ASCII; nil when it is about nobody.
  public var subject: String?
  /// When it happened, which may be long before it is recorded.
  public var occurred: Timestamp
  /// What it belongs to, such as a cycle.
  public var correlation: String?
  /// The event that led to it.
  public var causation: EventID?
  /// Who or what did it.
  public var actor: String
  /// The payload: one JSON object in the canonical form of RFC 8785, personal data sealed.
  ///
  /// The log checks that it is one object on one line; that it is canonical is the caller's promise
  /// (`JSONValue.canonicalBytes` keeps it).
  public var data: [UInt8]

  /// An event that is to be appended.
  public init(
    id: EventID, type: String, schema: Int = 1, subject: String? = nil, occurred: Timestamp,
    correlation: String? = nil, causation: EventID? = nil, actor: String, data: [UInt8]
  ) {
    self.id = id
    self.type = type
    self.schema = schema
    self.subject = subject
    self.occurred = occurred
    self.correlation = correlation
    self.causation = causation
    self.actor = actor
    self.data = data
  }
}

/// What a stream must look like for an append to be taken.
public enum Expectation: Equatable, Sendable {
  /// Anything.
  case any
  /// The stream must have no event yet.
  case new
  /// The stream's newest version must be this one; 0 is the same as `new`.
  case version(Int)
}

/// Events that are to be appended to one stream.
public struct StreamAppend: Sendable {
  /// The stream, such as `account/abcdefghijklmnop`: 1 to 255 printable ASCII characters.
  public var stream: String
  /// What the stream must look like.
  public var expectation: Expectation
  /// The events, in order; at least one.
  public var events: [NewEvent]

  /// Events that are to be appended to one stream.
  public init(stream: String, expectation: Expectation = .any, events: [NewEvent]) {
    self.stream = stream
    self.expectation = expectation
    self.events = events
  }
}

/// Why the log does not take an append. Nothing of it was appended; the caller decides what follows.
public enum AppendConflict: Error, Equatable, Sendable {
  /// The stream has another version than the one expected (0: it has no event).
  case wrongVersion(stream: String, expected: Int, actual: Int)
  /// Some of the events are there and some are not; `present` names one of the first kind.
  case partlyThere(present: EventID)
  /// The id is there already, but in another stream or with another type.
  case idElsewhere(EventID, position: Int64)
  /// The same id stands twice in one append.
  case idTwice(EventID)
}

extension StreamAppend {
  /// Throws `FaultCode.eventInvalid` for what no log may hold. Asked in the caller's task, before the writer's turn.
  func check() throws {
    func refuse(_ what: String) -> Fault {
      Fault(.eventInvalid, "An event for stream \"\(stream)\" \(what); nothing was appended. This is a defect.")
    }
    guard isName(stream) else { throw refuse("has a stream name that is not 1 to 255 printable ASCII characters") }
    guard !events.isEmpty else { throw refuse("is missing: the append is empty") }
    for event in events {
      guard isName(event.type) else { throw refuse("has a type that is not 1 to 255 printable ASCII characters") }
      guard event.subject.map(isName) ?? true else { throw refuse("has a subject that is no alias") }
      guard event.schema > 0 else { throw refuse("has a schema version below 1") }
      guard knownYears.contains(event.occurred.milliseconds) else { throw refuse("occurred before 0000 or after 9999") }
      guard isObject(event.data) else { throw refuse("has a payload that is not one JSON object on one line") }
    }
  }
}

/// The years 0000 to 9999, which RFC 3339 can write.
private let knownYears: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

/// Printable ASCII that needs no escape in JSON.
private func isName(_ text: String) -> Bool {
  var text = text
  return text.withUTF8 { bytes in
    guard (1...255).contains(bytes.count) else { return false }
    for byte in bytes {
      guard 0x21...0x7E ~= byte, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { return false }
    }
    return true
  }
}

private func isObject(_ data: [UInt8]) -> Bool {
  data.withUnsafeBufferPointer { bytes in
    guard bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return false }
    var (isOneLine, isASCII) = (true, true)
    for byte in bytes {
      if byte < 0x20 { isOneLine = false }
      if byte >= 0x80 { isASCII = false }
    }
    // The parser refuses control characters inside strings, so those that are left are line ends and tabs outside.
    guard isOneLine, isASCII || String(validating: bytes, as: UTF8.self) != nil else { return false }
    do {
      try JSONParser.read(bytes) { parser in
        try parser.skip()
        try parser.end()
      }
      return true
    } catch {
      return false
    }
  }
}
