public import Base
import Synchronization

/// Makes ids that grow within one process: milliseconds, then a counter of 42 bits that starts anywhere in its lower
/// half, then 32 random bits (RFC 9562 section 6.2, methods 1 and 2).
///
/// A clock that is set back does not set the ids back: they go on from the latest moment seen.
public final class EventIDGenerator: Sendable {
  private struct State {
    var milliseconds: UInt64 = 0
    var counter: UInt64 = 0
  }

  private static let counterLimit: UInt64 = 1 << 42
  private let state = Mutex(State())
  private let random: @Sendable () -> UInt64

  /// A generator over the kernel's random source.
  public convenience init() { self.init { RandomWords.shared.next() } }

  /// A generator over another random source: each call gives 64 random bits.
  public init(random: @escaping @Sendable () -> UInt64) { self.random = random }

  /// The next id; `moment` is the present.
  public func next(at moment: Timestamp) -> EventID {
    let now = UInt64(clamping: moment.milliseconds)
    let (milliseconds, counter) = state.withLock { state in
      if now > state.milliseconds {
        state = State(milliseconds: now, counter: random() % (Self.counterLimit / 2))
      } else {
        state.counter += 1
        if state.counter == Self.counterLimit { state = State(milliseconds: state.milliseconds + 1, counter: 0) }
      }
      return (state.milliseconds, state.counter)
    }
    let high = milliseconds << 16 | 0x7000 | counter >> 30
    let low = 0x8000_0000_0000_0000 | (counter & 0x3FFF_FFFF) << 32 | random() & 0xFFFF_FFFF
    return EventID(high: high, low: low)
  }
}
