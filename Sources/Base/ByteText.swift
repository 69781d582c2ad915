extension String {
  /// Equality of the UTF-8 bytes: Swift's own `==` calls canonically equivalent strings equal, identifiers are not.
  public func hasSameBytes(as other: String) -> Bool {
    // Equal bytes are never called different by the library's fast comparison, so that it can go first.
    guard self == other else { return false }
    var (left, right) = (self, other)
    return left.withUTF8 { left in right.withUTF8 { right in left.elementsEqual(right) } }
  }

  /// The text with A to Z in lower case and nothing else changed.
  public var asciiLowercased: String {
    let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
    guard utf8.contains(where: upper.contains) else { return self }
    return String(decoding: utf8.map { upper.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}

extension String? {
  /// Equality of the UTF-8 bytes, of texts that may be missing.
  public func hasSameBytes(as other: String?) -> Bool {
    guard let self, let other else { return self == nil && other == nil }
    return self.hasSameBytes(as: other)
  }
}

/// A text that is looked up by its bytes: Swift's own equality takes canonically equivalent texts for one.
public struct ByteKey: Hashable, Sendable {
  /// The text.
  public let text: String

  /// A key.
  public init(_ text: String) { self.text = text }

  /// Equal when the bytes are.
  public static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

  /// Feeds the bytes to a hasher.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension StringProtocol {
  /// Without the white space at both ends.
  public var trimmed: String {
    let seen: ClosedRange<UInt8> = 0x21...0x7E
    var part = Substring(self)
    if let first = part.utf8.first, let last = part.utf8.last, seen.contains(first), seen.contains(last) {
      return String(self)
    }
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return String(part)
  }
}
