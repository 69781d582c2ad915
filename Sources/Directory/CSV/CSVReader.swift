import Base
import Provisioning

/// A CSV file row by row: RFC 4180 with comma only, CRLF or LF, and line breaks in quotes.
///
/// Only the row at hand is in memory. A row is at most `Limits.object` bytes, so a quote that is never closed does not
/// swallow the file.
struct CSVReader {
  private var lines: LineReader
  private let limit: Int
  private var rest: ArraySlice<UInt8> = []
  /// The values of the row at hand, one after the other, and where each ends.
  private var values: [UInt8] = []
  private var ends: [Int] = []
  /// The line on which the row at hand starts.
  private(set) var line = 0

  init(_ head: TextHead, limits: Limits) {
    lines = LineReader(head, limit: limits.line)
    limit = limits.object
  }

  /// The number of fields of the row at hand.
  var count: Int { ends.count }

  /// True when the row at hand comes from a line without a character.
  private(set) var isBlank = false

  /// A field of the row at hand.
  subscript(index: Int) -> String {
    String(decoding: values[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
  }

  /// Reads the next row; false at the end of the file.
  mutating func next() throws -> Bool {
    guard let first = try lines.next() else { return false }
    rest = first
    line = lines.number
    values.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    isBlank = first.isEmpty || first.elementsEqual([UInt8(ascii: "\r")])
    while true {
      if rest.first == UInt8(ascii: "\"") { try quotedField() } else { try plainField() }
      ends.append(values.count)
      guard rest.popFirst() == UInt8(ascii: ",") else { return true }
    }
  }

  /// A fault at the row at hand.
  func fault(_ code: FaultCode, _ sentence: String) -> Fault { lines.fault(code, sentence, line: line) }

  /// The place of the row at hand.
  var place: Fault.Place { lines.place(line) }

  // MARK: Fields

  private mutating func plainField() throws {
    var end = rest.startIndex
    while end < rest.endIndex, rest[end] != UInt8(ascii: ",") {
      if rest[end] == UInt8(ascii: "\"") {
        throw lines.fault(
          .csvQuote,
          "field \(count + 1) holds a quote but does not start with one; quote it and double the quote inside")
      }
      if rest[end] == UInt8(ascii: "\r") {
        try requireLineEnd(after: end)
        break
      }
      end += 1
    }
    try take(rest[..<end], from: lines.number)
    rest = rest[end...]
  }

  private mutating func quotedField() throws {
    let start = lines.number
    rest.removeFirst()
    while true {
      guard let quote = rest.firstIndex(of: UInt8(ascii: "\"")) else {
        try take(rest, from: start)
        try take([UInt8(ascii: "\n")], from: start)
        guard let next = try lines.next() else {
          throw lines.fault(
            .csvQuote, "the quote that opens field \(count + 1) is never closed; export the users again", line: start)
        }
        rest = next
        continue
      }
      try take(rest[..<quote], from: start)
      rest = rest[(quote + 1)...]
      guard rest.first == UInt8(ascii: "\"") else { break }
      try take(rest.prefix(1), from: start)
      rest.removeFirst()
    }
    switch rest.first {
    case nil, UInt8(ascii: ","): break
    case UInt8(ascii: "\r"): try requireLineEnd(after: rest.startIndex)
    default:
      throw lines.fault(
        .csvQuote,
        "text follows after the quote that closes field \(count + 1); double a quote that is part of the text",
        line: start)
    }
  }

  private mutating func take(_ piece: ArraySlice<UInt8>, from start: Int) throws {
    values.append(contentsOf: piece)
    if values.count > limit {
      throw lines.fault(
        .inputTooLarge,
        "the row is larger than \(limit >> 10) KiB at field \(count + 1); it is no user, or a quote is not closed",
        line: start)
    }
  }

  private func requireLineEnd(after index: Int) throws {
    guard index + 1 == rest.endIndex else {
      throw lines.fault(.csvRow, "a carriage return stands alone; end lines with CRLF or LF, or quote the field")
    }
  }
}
