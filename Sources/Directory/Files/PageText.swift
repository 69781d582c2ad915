import Base
import Provisioning

/// The text of a page as it is read: the bytes at hand, and in which lines they lie. Memory holds what is not done with.
struct PageText {
  private let page: MeteredPage
  private let limit: Int
  private(set) var bytes: [UInt8]
  /// True when no more bytes come.
  private(set) var isEnd = false
  /// How many bytes there were before those at hand.
  private var dropped = 0
  /// Up to where the bytes at hand are known to be UTF-8.
  private var checked = 0
  private var lines = LineCounter()

  /// The page of a head, of at most so many bytes.
  init(_ head: TextHead, limit: Int) throws {
    page = head.page
    bytes = head.bytes
    self.limit = limit
    if let size = page.size, size > limit { throw tooLarge }
    try check()
  }

  /// Reads the next piece. The bytes before an offset are done with: what follows them is at the beginning now.
  mutating func read(after offset: Int) throws {
    _ = line(at: offset)
    lines.drop()
    bytes.removeSubrange(..<offset)
    (dropped, checked) = (dropped + offset, max(0, checked - offset))
    isEnd = try !page.read(into: &bytes)
    guard dropped + bytes.count <= limit else { throw tooLarge }
    try check()
  }

  /// The line, from 1, in which an offset in the bytes at hand lies; asked for rising offsets.
  mutating func line(at offset: Int) -> Int { lines.line(at: offset, in: bytes) }

  /// Refuses what is no text. A character whose end has not been read yet is looked at with the next piece.
  private mutating func check() throws {
    let end = isEnd ? bytes.count : bytes.endOfWholeCharacters
    if let zero = bytes.index(of: 0, in: checked..<bytes.count) {
      throw fault("the file holds a NUL byte; it is no text file", at: zero)
    }
    if let offset = firstInvalidUTF8(in: bytes[checked..<max(checked, end)]) {
      throw fault("the text is not valid UTF-8; save the file as UTF-8", at: offset)
    }
    checked = max(checked, end)
  }

  private func fault(_ sentence: String, at offset: Int) -> Fault {
    var lines = lines
    return page.fault(.inputEncoding, sentence, line: lines.line(at: offset, in: bytes))
  }

  private var tooLarge: Fault {
    page.fault(.inputTooLarge, "the page is larger than \(limit >> 20) MiB; export smaller pages")
  }
}
