import Glibc

/// The names that a table gives to numbers, side by side: a ledger may have a million streams, and each row is
/// compared with one of them.
struct Names: Sendable {
  private var numbers: [Int64] = []
  private var ends: [Int] = []
  private var text: [UInt8] = []

  var count: Int { numbers.count }

  /// Adds a name; numbers must grow.
  mutating func append(_ number: Int64, _ name: UnsafeRawBufferPointer) {
    numbers.append(number)
    text.append(contentsOf: name)
    ends.append(text.count)
  }

  /// Whether the number has just this name.
  func says(_ number: Int64, _ name: UnsafeRawBufferPointer) -> Bool {
    guard let range = range(of: number), range.count == name.count else { return false }
    guard let start = name.baseAddress else { return true }
    return text.withUnsafeBytes { text in
      text.baseAddress.map { memcmp($0 + range.lowerBound, start, name.count) == 0 } ?? false
    }
  }

  /// The name of a number; nil when it has none.
  func name(_ number: Int64) -> String? {
    range(of: number).map { String(decoding: text[$0], as: UTF8.self) }
  }

  private func range(of number: Int64) -> Range<Int>? {
    guard let index = index(of: number) else { return nil }
    return (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// Numbers count from 1 without gaps, unless somebody edited the file.
  private func index(of number: Int64) -> Int? {
    let guess = Int(clamping: number &- 1)
    if numbers.indices.contains(guess), numbers[guess] == number { return guess }
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count && numbers[low] == number ? low : nil
  }
}
