import Base
import EventLog
import Foundation
import JSON
import Provisioning

/// Appends the events of one slot in order. Which they are, and how they are cut into appends, depends on the slot
/// alone, so that a process that takes over repeats exactly the append that its predecessor did not see acknowledged.
struct SlotWriter {
  let log: Log
  let slot: UInt64
  /// For what may differ from run to run: the pace.
  private var random: UInt64

  init(log: Log, slot: UInt64, seed: UInt64) {
    (self.log, self.slot) = (log, slot)
    random = seed
  }

  mutating func run(from: Int, to count: Int, most: Int) async throws {
    var (next, left) = (from, most)
    while next < count {
      let size = min(size(at: next), count - next)
      let appends = appends(next..<next + size)
      // One in four appends of several events takes the way of large ones, and is slow while all others wait.
      let positions: [Int64]
      if size > 1, draw(4) == 0 {
        let naps = (0..<size).map { _ in draw(20) == 0 ? UInt32(draw(2000)) : 0 }
        let last =
          try await log.appendLarge { append in
            for (index, event) in appends[0].events.enumerated() {
              if naps[index] > 0 { usleep(naps[index]) }
              try append(StreamAppend(stream: appends[0].stream, events: [event]))
            }
          }?.last ?? 0
        positions = (0..<size).map { last - Int64(size - 1 - $0) }
      } else {
        positions = try await log.append(appends)
      }
      next += size
      line("\(size) \(positions.map(String.init).joined(separator: " "))")
      left -= 1
      if left == 0 { pause() }
      if draw(50) == 0 { try log.checkpointWAL() }
      if draw(8) == 0 { usleep(UInt32(draw(4000))) }
    }
    try log.close()
  }

  private mutating func draw(_ bound: UInt64) -> UInt64 {
    random = Self.mixed(random &+ 1)
    return random % bound
  }

  /// One, a few or many.
  private func size(at index: Int) -> Int {
    let word = Self.mixed(slot << 32 | UInt64(index))
    return switch word % 4 {
    case 0, 1: 1
    case 2: 2 + Int(word >> 8 % 8)
    default: 20 + Int(word >> 8 % 60)
    }
  }

  private func appends(_ range: Range<Int>) -> [StreamAppend] {
    let events = range.map { index in
      let data: JSONValue = ["n": .integer(Int64(index)), "slot": .integer(Int64(slot))]
      return NewEvent(
        id: Self.id(slot, index), type: "test.happened", occurred: Timestamp(milliseconds: 1_700_000_000_000),
        actor: "slot \(slot)", data: data.canonicalBytes)
    }
    return [StreamAppend(stream: "slot/\(slot)", expectation: .version(range.lowerBound), events: events)]
  }

  static func id(_ slot: UInt64, _ index: Int) -> EventID {
    let text = String(format: "00000000-0000-7000-8000-%04x%08x", slot, index)
    guard let id = EventID(text) else { fail("no id: \(text)") }
    return id
  }

  /// splitmix64
  private static func mixed(_ seed: UInt64) -> UInt64 {
    var word = seed &+ 0x9E37_79B9_7F4A_7C15
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}
