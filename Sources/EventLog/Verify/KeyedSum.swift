import Base

/// A secret under which rows are summed.
///
/// Two lists of rows with the same sum are the same list whatever their order: the hash of a row depends on a key that
/// nobody who prepares a file can know, so sums of different lists meet by chance alone (once in 2^60 or so).
struct SumKey: Equatable, Sendable {
  /// Six words.
  let words: [UInt64]

  init?(words: [UInt64]) {
    guard words.count == 6 else { return nil }
    self.words = words
  }

  private init(fresh words: [UInt64]) { self.words = words }

  /// A key from the kernel's random source.
  static func random() -> SumKey { SumKey(fresh: (0..<6).map { _ in RandomWords.shared.next() }) }

  /// The key as rows are hashed with it: in place, since it is used a few times for each of millions.
  var hash: RowHash {
    RowHash(a: words[0], b: words[1], c: words[2], d: words[3], e: words[4], f: words[5] | 1)
  }
}

/// A keyed hash of three words: products of 64 by 64 bits, folded.
struct RowHash: Sendable {
  var a, b, c, d, e, f: UInt64

  @inline(__always)
  func callAsFunction(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
    let start = fold(first ^ a, second ^ b)
    return fold(fold(start ^ c, third ^ d) ^ e, f)
  }

  @inline(__always)
  func callAsFunction(_ first: Int64, _ second: Int64, _ third: Int64 = 0) -> UInt64 {
    self(UInt64(bitPattern: first), UInt64(bitPattern: second), UInt64(bitPattern: third))
  }

  @inline(__always)
  private func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}

/// What the rows of the table add up to, for each index that is to hold the same.
struct RowSums: Equatable, Sendable {
  var ids: UInt64 = 0
  var versions: UInt64 = 0
  var types: UInt64 = 0

  static func &+= (sums: inout RowSums, more: RowSums) {
    sums.ids &+= more.ids
    sums.versions &+= more.versions
    sums.types &+= more.types
  }
}
