import Glibc
import Synchronization

/// Random words from the kernel, drawn in bulk: a system call for each word would cost more than all the rest of an id.
public final class RandomWords: Sendable {
  private static let kernel = RandomWords(from: nil)
  /// Words that repeat, for whoever simulates with the real code; nil everywhere else.
  @TaskLocal package static var repeating: RandomWords?

  /// The one of this process.
  public static var shared: RandomWords { repeating ?? kernel }

  private struct State {
    var drawn: [UInt64] = []
    var generator: SeededGenerator?

    mutating func next() -> UInt64 {
      if drawn.isEmpty { drawn = generator?.words(32) ?? RandomWords.fresh(count: 32) }
      return drawn.removeLast()
    }
  }

  private let state: Mutex<State>

  private init(from generator: SeededGenerator?) { state = Mutex(State(generator: generator)) }

  /// Words that follow from a seed: nothing that they seal is secret.
  package convenience init(seed: UInt64) { self.init(from: SeededGenerator(seed: seed)) }

  /// The next 64 bits.
  public func next() -> UInt64 { state.withLock { $0.next() } }

  /// `count` at most 32: getentropy(3) gives no more than 256 bytes, and those whole.
  private static func fresh(count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: count)
    let filled = words.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { getentropy($0, buffer.count) == 0 } ?? false
    }
    if filled { return words }
    var generator = SystemRandomNumberGenerator()
    return words.map { _ in generator.next() }
  }

  /// That many random bytes.
  public func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    state.withLock { state in
      while bytes.count < count { withUnsafeBytes(of: state.next()) { bytes.append(contentsOf: $0) } }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}

extension SeededGenerator {
  fileprivate mutating func words(_ count: Int) -> [UInt64] { (0..<count).map { _ in next() } }
}
