import Glibc
import Synchronization

/// Random words from the kernel, drawn in bulk: a system call for each word would cost more than all the rest of an id.
public final class RandomWords: Sendable {
  /// The one of this process.
  public static let shared = RandomWords()

  private let drawn = Mutex<[UInt64]>([])

  /// The next 64 bits.
  public func next() -> UInt64 {
    drawn.withLock { words in
      if let word = words.popLast() { return word }
      words = Self.fresh(count: 32)
      return words.removeLast()
    }
  }

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
    drawn.withLock { words in
      while bytes.count < count {
        if words.isEmpty { words = Self.fresh(count: 32) }
        withUnsafeBytes(of: words.removeLast()) { bytes.append(contentsOf: $0) }
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
