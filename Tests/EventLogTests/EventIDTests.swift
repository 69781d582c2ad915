import Base
import LogSupport
import Testing

@testable import EventLog

@Suite struct EventIDTests {
  @Test func textGoesBothWays() throws {
    let text = "0197c3e1-7a3b-7c40-8f00-9d0c1b2a3948"
    let id = try #require(EventID(text))
    #expect(id.description == text)
    #expect(id.bytes == hex("0197c3e17a3b7c408f009d0c1b2a3948"))
    #expect(id.bytes.withUnsafeBytes { EventID(bytes: $0) } == id)
    for bad in [
      "", "0197C3E1-7A3B-7C40-8F00-9D0C1B2A3948", "0197c3e17a3b7c408f009d0c1b2a3948", text + "0",
      "0197c3e1-7a3b-7c40-8f00-9d0c1b2a394g", "0197c3e1-7a3b-7c40-8f0-09d0c1b2a3948",
    ] { #expect(EventID(bad) == nil) }
    #expect([UInt8](repeating: 0, count: 15).withUnsafeBytes { EventID(bytes: $0) } == nil)
  }

  @Test func anyIDIsReadAsItIsWritten() {
    for _ in 0..<1000 {
      let id = EventID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
      var text = id.description
      #expect(EventID(text) == id && text.utf8.count == 36, "\(id)")
      #expect(text.withUTF8 { id.isWritten(as: UnsafeRawBufferPointer($0)) }, "\(id)")
    }
  }

  @Test func idsAreVersion7AndGrow() {
    let generator = EventIDGenerator()
    var last: EventID?
    // A clock that stands still, and one that is set back.
    for time: Int64 in Array(repeating: 5000, count: 1000) + [4000, 1, 5001, 6000, 5999] {
      let id = generator.next(at: Timestamp(milliseconds: time))
      #expect(id.high >> 12 & 0xF == 7)
      #expect(id.low >> 62 == 2)
      #expect(id.high >> 16 >= UInt64(time))
      if let last { #expect(last < id) }
      last = id
    }
  }

  @Test func counterThatRunsOutGoesOnInTheNextMillisecond() {
    // All random bits set: the counter starts at the top of its lower half.
    let generator = EventIDGenerator { UInt64.max }
    let first = generator.next(at: Timestamp(milliseconds: 1))
    let second = generator.next(at: Timestamp(milliseconds: 1))
    #expect(first < second)
    #expect(first.description == "00000000-0001-77ff-bfff-ffffffffffff")
    #expect(second.description == "00000000-0001-7800-8000-0000ffffffff")
  }

  @Test func concurrentCallersGetDifferentIDs() async {
    let generator = EventIDGenerator()
    let all = await withTaskGroup(of: [EventID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<1000).map { _ in generator.next(at: moment) } } }
      return await group.reduce(into: Set<EventID>()) { $0.formUnion($1) }
    }
    #expect(all.count == 8000)
  }
}
