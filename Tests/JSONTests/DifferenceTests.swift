import Foundation
import JSON
import Testing

/// Where this reader and Foundation's may differ, and why that is meant.
enum Difference {
  /// Foundation guesses UTF-16 and UTF-32 from NUL bytes, and takes a byte order mark: RFC 8259 section 8.1 demands
  /// UTF-8, and lets a reader refuse the mark.
  case encoding
  /// Foundation takes a comma before a closing bracket, which the grammar does not allow.
  case trailingComma
  /// Foundation keeps one of two members of the same name, so that two readers may see different values; here they
  /// are refused (RFC 7493 section 2.3).
  case duplicateName
  /// Foundation's limit of nesting is 512.
  case depth
  /// Foundation refuses numbers that no double holds; here a number keeps its text.
  case numberRange
  /// Foundation drops U+FEFF at the beginning of a string and behind an escape; here a string is kept as it is.
  case mark
}

@Suite("JSON: compared with Foundation's reader")
struct JSONDifferenceTests {
  // MARK: The comparison

  /// Expects that both read the same or both refuse, unless a difference is meant; which one, is returned.
  @discardableResult
  private func compare(_ bytes: [UInt8], location: SourceLocation = #_sourceLocation) -> Difference? {
    let reference = Reference(bytes)
    switch outcome(bytes, location: location) {
    case .success(let value):
      if reference.agrees(with: value) { return nil }
      if reference.value == nil, value.hasHugeNumber { return .numberRange }
      if reference.value != nil, let plain = withoutMarks(bytes) {
        compare(plain, location: location)
        return .mark
      }
    case .failure(let error):
      guard reference.value != nil else { return nil }
      if let difference = explain(error, bytes, location) { return difference }
    }
    let other = reference.value.map { "\($0)" } ?? "a refusal"
    Issue.record("\(shown(bytes)): \(outcome(bytes)), Foundation: \(other)", sourceLocation: location)
    return nil
  }

  /// Why only Foundation reads some bytes; what can be mended is mended, and compared once more.
  private func explain(_ error: JSONError, _ bytes: [UInt8], _ location: SourceLocation) -> Difference? {
    if isGuessed(bytes) { return .encoding }
    switch error.reason {
    case .duplicateName: return .duplicateName
    case .tooDeep:
      guard let value = try? outcome(bytes, depthLimit: 512).get() else { return nil }
      return Reference(bytes).agrees(with: value) ? .depth : nil
    case .unexpected:
      guard let comma = trailingComma(before: error.offset, in: bytes) else { return nil }
      var mended = bytes
      mended.remove(at: comma)
      compare(mended, location: location)
      return .trailingComma
    default: return nil
    }
  }

  private func isGuessed(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(4).contains(0) || bytes.starts(with: [0xEF, 0xBB, 0xBF]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.starts(with: [0xFF, 0xFE])
  }

  /// The text without U+FEFF; nil when there is none.
  private func withoutMarks(_ bytes: [UInt8]) -> [UInt8]? {
    let plain = bytes.split(separator: [0xEF, 0xBB, 0xBF], omittingEmptySubsequences: false).joined()
    return plain.count == bytes.count ? nil : Array(plain)
  }

  private func trailingComma(before offset: Int, in bytes: [UInt8]) -> Int? {
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "]") || bytes[offset] == UInt8(ascii: "}") else {
      return nil
    }
    let last = bytes[..<offset].lastIndex { !Array(" \t\r\n".utf8).contains($0) }
    return last.flatMap { bytes[$0] == UInt8(ascii: ",") ? $0 : nil }
  }

  // MARK: What is compared

  static let seeds: [UInt64] = Array(1...20)

  @Test("random documents are read the same", arguments: seeds)
  func documents(seed: UInt64) {
    var random = RandomText(seed: seed)
    for _ in 0..<200 {
      let bytes = random.document()
      let difference = compare(bytes)
      #expect([nil, .duplicateName, .numberRange, .mark].contains(difference), "\(shown(bytes))")
    }
  }

  @Test("documents with random damage are read the same, or refused by both", arguments: seeds)
  func damage(seed: UInt64) {
    var random = RandomText(seed: seed + 1000)
    for _ in 0..<500 { compare(random.spoilt()) }
  }

  @Test("all short texts of brackets and separators, and all of literals and quotes, are judged the same")
  func everyShortText() {
    for alphabet in [["[", "]", "{", "}", ",", ":", "\"\"", "1"], ["\"", "\\", "u00", "e9", "n", "é", " ", "0"]] {
      var texts = [""]
      for _ in 0..<4 {
        texts = texts.flatMap { text in alphabet.map { text + $0 } }
        for text in texts { compare(Array(text.utf8)) }
      }
    }
  }

  @Test("every byte of a document replaced is judged the same", arguments: Documents.closed)
  func replacements(text: String) {
    var bytes = Array(text.utf8)
    for index in bytes.indices {
      let old = bytes[index]
      for new in [
        0x00, 0x09, 0x1F, 0x20, 0x22, 0x2C, 0x2D, 0x30, 0x3A, 0x5B, 0x5C, 0x5D, 0x65, 0x7B, 0x7D, 0x80, 0xC3, 0xED,
        0xFF,
      ] as [UInt8] {
        bytes[index] = new
        compare(bytes)
      }
      bytes[index] = old
    }
  }

  // MARK: The differences

  static let differences: [(String, Difference)] = [
    ("\u{FEFF}{}", .encoding), ("[1,]", .trailingComma), ("{\"a\":[{},\n],\t}", .trailingComma),
    (#"{"a":1,"\u0061":2}"#, .duplicateName),
    (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), .depth),
    ("\"\u{FEFF}a\"", .mark), (#"["\n"# + "\u{FEFF}\"]", .mark), ("[1e400]", .numberRange),
    ("{\"a\":-123e456}", .numberRange),
  ]

  @Test("each difference that is meant is told as the one that it is", arguments: differences)
  func meant(text: String, difference: Difference) {
    // A later Foundation may read a text as this reader does, so that no difference is left.
    #expect([nil, difference].contains(compare(Array(text.utf8))))
  }

  // MARK: Writing

  @Test("Foundation reads what is written, and what Foundation writes is read", arguments: seeds)
  func written(seed: UInt64) throws {
    var random = RandomText(seed: seed + 2000)
    for _ in 0..<100 {
      guard case .success(let value) = outcome(random.document()), !value.hasHugeNumber else { continue }
      compare(value.canonicalBytes)
      let other = try #require(Reference(value.canonicalBytes).value)
      let bytes = Array(try JSONSerialization.data(withJSONObject: other, options: [.fragmentsAllowed]))
      compare(bytes)
      if withoutMarks(bytes) == nil, case .success(let read) = outcome(bytes) {
        #expect(Reference(value.canonicalBytes).agrees(with: read), "\(value.text)")
      }
    }
  }
}

extension JSONValue {
  /// Whether a number in it is larger than any double.
  fileprivate var hasHugeNumber: Bool {
    switch self {
    case .decimal(let text): Double(text).map { !$0.isFinite } ?? true
    case .array(let elements): elements.contains(where: \.hasHugeNumber)
    case .object(let object): object.members.contains { $0.value.hasHugeNumber }
    default: false
    }
  }
}
