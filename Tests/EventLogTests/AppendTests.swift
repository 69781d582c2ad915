import Base
import Foundation
import JSON
import LogSupport
import Logging
import Testing

@testable import EventLog

// Testing has one of the same name.
import enum EventLog.Expectation

@Suite struct AppendTests {
  @Test func entryIsOneCanonicalCloudEvent() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let cause = ids.next(at: moment)
    let new = NewEvent(
      id: ids.next(at: moment), type: "account.linked", schema: 3, subject: "abcdefghijklmnop",
      occurred: Timestamp(milliseconds: 5), correlation: "cycle \"7\" \u{e9}", causation: cause, actor: "worker\n1",
      data: (["z": 1, "a": "x"] as JSONValue).canonicalBytes)
    #expect(try await log.append([.init(stream: "account/abc", expectation: .new, events: [new])]) == [1])
    let recorded = try #require(try log.read().first)
    #expect(
      String(decoding: recorded.entry, as: UTF8.self) == """
        {"actor":"worker\\n1","causation":"\(cause)","correlation":"cycle \\"7\\" \u{e9}","data":{"a":"x","z":1},\
        "datacontenttype":"application/json","dataschema":"urn:provledger:schema:account.linked:3",\
        "id":"\(new.id)","occurred":"1970-01-01T00:00:00.005Z","position":"1",\
        "source":"urn:provledger:example.org/test","specversion":"1.0","stream":"account/abc",\
        "subject":"abcdefghijklmnop","time":"2023-11-14T22:13:20.123Z","type":"account.linked","version":"1"}
        """)
    #expect(try JSONParser.parse(recorded.entry).canonicalBytes == recorded.entry)
    #expect(recorded.position == 1 && recorded.version == 1 && recorded.id == new.id)
    #expect(recorded.stream == "account/abc" && recorded.type == "account.linked" && recorded.time == moment)
    let envelope = try recorded.envelope()
    #expect(envelope.actor == "worker\n1" && envelope.correlation == "cycle \"7\" \u{e9}")
    #expect(envelope.causation == cause && envelope.subject == "abcdefghijklmnop" && envelope.schema == 3)
    #expect(envelope.occurred == Timestamp(milliseconds: 5) && envelope.source == "urn:provledger:example.org/test")
    #expect(Array(envelope.data) == new.data && Array(recorded.entry[envelope.dataRange]) == new.data)
  }

  @Test func optionalAttributesAreLeftOut() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([.init(stream: "s", events: [event()])])
    let envelope = try #require(try log.read().first).envelope()
    #expect(envelope.subject == nil && envelope.causation == nil && envelope.correlation == nil)
    #expect(envelope.schema == 1)
  }

  @Test func streamsCountOnTheirOwn() async throws {
    let folder = try Folder()
    let log = try folder.open()
    #expect(
      try await log.append([
        .init(stream: "a", events: events(2)), .init(stream: "b", events: events(1)),
        .init(stream: "a", expectation: .version(2), events: events(1)),
      ]) == [1, 2, 3, 4])
    #expect(try log.read(stream: "a").map(\.position) == [1, 2, 4])
    #expect(try log.read(stream: "a").map(\.version) == [1, 2, 3])
    #expect(try log.read(stream: "a", fromVersion: 2, limit: 1).map(\.position) == [2])
    #expect(try log.read(stream: "none").isEmpty)
    #expect(try log.version(of: "a") == 3 && log.version(of: "b") == 1 && log.version(of: "c") == 0)
    #expect(try log.read(from: 3, limit: 1).map(\.position) == [3])
    #expect(try log.lastPosition() == 4)
    #expect(try log.verify().isSound)
  }

  @Test func readByType() async throws {
    let folder = try Folder()
    let log = try folder.open()
    try await log.append([
      .init(stream: "s", events: events(2, "x") + events(1, "y") + events(1, "z") + events(1, "x"))
    ])
    #expect(try log.read(types: ["x", "z", "none"]).map(\.position) == [1, 2, 4, 5])
    #expect(try log.read(types: ["x", "z"], from: 2, limit: 2).map(\.position) == [2, 4])
    #expect(try log.read(types: []).isEmpty)
  }

  @Test func positionsByTime() async throws {
    let folder = try Folder()
    let clock = SetClock(Timestamp(milliseconds: 0))
    let log = try folder.open(clock: clock.read)
    for time: Int64 in [10, 20, 20, 30] {
      clock.set(Timestamp(milliseconds: time))
      try await log.append([.init(stream: "s", events: events(1))])
    }
    func positions(_ from: Int64, _ to: Int64) throws -> Range<Int64> {
      try log.positions(recorded: Timestamp(milliseconds: from)..<Timestamp(milliseconds: to))
    }
    #expect(try positions(0, 10) == 1..<1)
    #expect(try positions(10, 21) == 1..<4)
    #expect(try positions(20, 20) == 2..<2)
    #expect(try positions(15, 99) == 2..<5)
    #expect(try positions(31, 99) == 5..<5)
  }

  @Test(arguments: [
    (Expectation.new, 0, true), (.version(0), 0, true), (.any, 0, true), (.version(1), 0, false),
    (.new, 2, false), (.version(2), 2, true), (.version(1), 2, false), (.version(3), 2, false), (.any, 2, true),
  ])
  func expectations(_ expectation: Expectation, _ existing: Int, _ taken: Bool) async throws {
    let folder = try Folder()
    let log = try folder.open()
    if existing > 0 { try await log.append([.init(stream: "s", events: events(existing))]) }
    let append = StreamAppend(stream: "s", expectation: expectation, events: events(1))
    if taken {
      #expect(try await log.append([append]) == [Int64(existing) + 1])
    } else {
      let expected = if case .version(let version) = expectation { version } else { 0 }
      await #expect(throws: AppendConflict.wrongVersion(stream: "s", expected: expected, actual: existing)) {
        try await log.append([append])
      }
      #expect(try log.lastPosition() == Int64(existing))
    }
  }

  @Test func appendingAgainCountsAsDone() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let (first, second) = (event("x"), event("y"))
    let append = StreamAppend(stream: "s", expectation: .new, events: [first, second])
    #expect(try await log.append([append]) == [1, 2])
    // The expectation is wrong by now, and not looked at.
    #expect(try await log.append([append]) == [1, 2])
    #expect(try await log.append([.init(stream: "s", events: [second])]) == [2])
    #expect(try log.position(of: second.id) == 2)
    #expect(try log.position(of: ids.next(at: moment)) == nil)

    await #expect(throws: AppendConflict.partlyThere(present: second.id)) {
      try await log.append([.init(stream: "s", events: [event("x"), second])])
    }
    await #expect(throws: AppendConflict.idElsewhere(first.id, position: 1)) {
      try await log.append([.init(stream: "other", events: [first])])
    }
    await #expect(throws: AppendConflict.idElsewhere(first.id, position: 1)) {
      try await log.append([.init(stream: "s", events: [event("z", id: first.id)])])
    }
    let twice = event()
    await #expect(throws: AppendConflict.idTwice(twice.id)) {
      try await log.append([.init(stream: "t", events: [twice]), .init(stream: "s", events: [twice])])
    }
    #expect(try log.lastPosition() == 2)
  }

  @Test func tooLargeAnEntryAppendsNothing() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let small = event()
    func append(_ size: Int) async throws {
      let large = event(id: small.id, data: ["x": .string(String(repeating: "x", count: size))])
      try await log.append([.init(stream: "t", events: events(1)), .init(stream: "s", events: [large])])
    }
    do {
      try await append(65_400)
      Issue.record("it was taken")
    } catch let fault as Fault {
      #expect(fault.code == .entryTooLarge)
    }
    #expect(try log.lastPosition() == 0)
    #expect(try log.version(of: "t") == 0)
    try await log.append([.init(stream: "s", events: [small])])
    // Exactly at the limit.
    let rest = 65_535 - (try log.read()[0].entry.count)
    let full = event(data: ["a": .string(String(repeating: "x", count: rest - 1))])
    try await log.append([.init(stream: "s", events: [full])])
    #expect(try log.read(from: 2)[0].entry.count == 65_535)
    #expect(try log.verify().isSound)
  }

  @Test(arguments: ["[]", "", "{}{}", "{\"a\":1", "{\n}", "{\"a\":\t1}", "1", "{\"\u{7F}\":1}}"])
  func payloadsThatAreNoObjectAreRefused(_ text: String) async throws {
    let folder = try Folder()
    let log = try folder.open()
    var bad = event()
    bad.data = Array(text.utf8)
    await #expect(throws: Fault.self) { try await log.append([.init(stream: "s", events: [bad])]) }
    bad.data = [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]
    await #expect(throws: Fault.self) { try await log.append([.init(stream: "s", events: [bad])]) }
    #expect(try log.lastPosition() == 0)
  }

  @Test func namesThatNoLogHoldsAreRefused() async throws {
    let folder = try Folder()
    let log = try folder.open()
    for stream in ["", "a b", "a\"", "\u{e9}", String(repeating: "x", count: 256)] {
      await #expect(throws: Fault.self) { try await log.append([.init(stream: stream, events: events(1))]) }
      await #expect(throws: Fault.self) { try await log.append([.init(stream: "s", events: events(1, stream))]) }
    }
    await #expect(throws: Fault.self) { try await log.append([.init(stream: "s", events: [])]) }
    #expect(try await log.append([]) == [])
  }

  @Test func clockSetBackIsClampedAndReportedOnce() async throws {
    let folder = try Folder()
    let lines = Recorder.Lines()
    let clock = SetClock(Timestamp(milliseconds: 1000))
    let log = try folder.open(clock: clock.read, logger: Logger(label: "t") { _ in Recorder(lines: lines) })
    let append = { try await log.append([.init(stream: "s", events: events(1))]) }
    _ = try await append()
    clock.set(Timestamp(milliseconds: 400))
    _ = try await append()
    _ = try await append()
    #expect(lines.all.count == 1 && lines.all[0].hasPrefix("warning: The clock was set back"))
    clock.set(Timestamp(milliseconds: 1001))
    _ = try await append()
    #expect(try log.read().map(\.time.milliseconds) == [1000, 1000, 1000, 1001])
    clock.set(Timestamp(milliseconds: 1000))
    _ = try await append()
    #expect(lines.all.count == 2)
    #expect(try log.verify().isSound)
  }

  @Test func largeAppendIsOneTransaction() async throws {
    let folder = try Folder()
    let log = try folder.open()
    let pieces = (0..<300).map { StreamAppend(stream: "s\($0 % 7)", expectation: .any, events: events(2)) }
    let done = try await log.appendLarge { append in for piece in pieces { try append(piece) } }
    #expect(done == LargeAppend(count: 600, last: 600))
    // Once more is nothing new.
    #expect(try await log.appendLarge { append in for piece in pieces { try append(piece) } } == done)
    #expect(try await log.appendLarge { _ in } == nil)
    #expect(try log.lastPosition() == 600)

    struct Stop: Error {}
    await #expect(throws: Stop.self) {
      try await log.appendLarge { append in
        try append(.init(stream: "gone", events: events(300)))
        throw Stop()
      }
    }
    await #expect(throws: AppendConflict.self) {
      try await log.appendLarge { append in
        try append(.init(stream: "gone", events: events(1)))
        try append(pieces[3])
      }
    }
    await #expect(throws: AppendConflict.wrongVersion(stream: "s0", expected: 0, actual: 86)) {
      try await log.appendLarge { append in
        try append(.init(stream: "gone", events: events(1)))
        try? append(.init(stream: "s0", expectation: .new, events: events(1)))
      }
    }
    #expect(try log.lastPosition() == 600 && log.version(of: "gone") == 0)
    try await log.append([.init(stream: "s0", events: events(1))])
    #expect(try log.verify().isSound)
  }

  @Test func reopeningGoesOnWithTheSameTree() async throws {
    let folder = try Folder()
    var entries: [[UInt8]] = []
    // Sizes around the edges of tiles, each after a reopening.
    for step in [0, 1, 1, 5, 120, 128, 1, 1, 40, 200, 14, 1, 1, 87] {
      let log = try folder.open()
      if step > 0 { try await log.append([.init(stream: "s", events: events(step))]) }
      entries += try log.read(from: Int64(entries.count) + 1).map(\.entry)
      let head = try log.head()
      #expect(head.size == Int64(entries.count))
      #expect(head.root.bytes == referenceRoot(entries[...]))
      #expect(try log.verify() == Verification(size: head.size, root: head.root, findings: []))
      try log.close()
    }
    #expect(entries.count == 600)
  }
}
