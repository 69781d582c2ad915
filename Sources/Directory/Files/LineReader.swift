import Base
import Provisioning

/// The lines of a file, one at a time; memory holds one piece and one line at most.
struct LineReader {
  private let page: MeteredPage
  private let limit: Int
  private var bytes: [UInt8]
  private var start: Int
  /// The number of the line last returned, from 1.
  private(set) var number = 0

  init(_ head: TextHead, limit: Int) {
    page = head.page
    bytes = head.bytes
    start = head.start
    self.limit = limit
  }

  /// The next line without its line feed, UTF-8 and without NUL bytes, or nil at the end.
  mutating func next() throws -> ArraySlice<UInt8>? {
    number += 1
    var searched = start
    while true {
      if let end = bytes.index(of: UInt8(ascii: "\n"), in: searched..<bytes.count) {
        let line = bytes[start..<end]
        start = end + 1
        return try checked(line)
      }
      guard bytes.count - start <= limit else { throw tooLong() }
      bytes.removeSubrange(..<start)
      start = 0
      searched = bytes.count
      if try !page.read(into: &bytes) { break }
    }
    guard start < bytes.count else { return nil }
    defer { start = bytes.count }
    return try checked(bytes[start...])
  }

  /// A fault at the line last returned, or at an earlier one.
  func fault(_ code: FaultCode, _ sentence: String, line: Int? = nil) -> Fault {
    page.fault(code, sentence, line: line ?? number)
  }

  /// The place of a line.
  func place(_ line: Int) -> Fault.Place { .init(file: page.name, line: line) }

  private func checked(_ line: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    guard line.count <= limit else { throw tooLong() }
    if bytes.index(of: 0, in: line.indices) != nil {
      throw fault(.inputEncoding, "the line holds a NUL byte; the file is no text file")
    }
    if firstInvalidUTF8(in: line) != nil {
      throw fault(.inputEncoding, "the line is not valid UTF-8; save the file as UTF-8")
    }
    return line
  }

  private func tooLong() -> Fault {
    fault(.inputTooLarge, "the line is longer than \(limit >> 10) KiB; it is no export of users")
  }
}
