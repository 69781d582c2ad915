import Base
import Provisioning

/// A file whose first piece has been read and looks like UTF-8 text.
struct TextHead {
  let page: MeteredPage
  /// The bytes read so far, a byte order mark included.
  var bytes: [UInt8] = []
  /// Where the text begins: after the byte order mark.
  let start: Int

  init(_ page: MeteredPage) throws {
    self.page = page
    guard try page.read(into: &bytes) else {
      throw page.fault(.inputEmpty, "the file is empty; export the users again")
    }
    try TextHead.refuseBinary(bytes, in: page)
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if first == nil, bytes.count == page.size ?? bytes.count {
      throw page.fault(.inputEmpty, "the file holds only white space; export the users again")
    }
  }

  /// The first byte that is no white space.
  var first: UInt8? { bytes[start...].first { !isSpace($0) } }

  private static func refuseBinary(_ bytes: [UInt8], in page: MeteredPage) throws {
    func refuse(_ form: String, _ wayOut: String, line: Int? = nil) -> Fault {
      page.fault(.inputEncoding, "\(form); \(wayOut)", line: line)
    }
    if bytes.starts(with: [0x1F, 0x8B]) { throw refuse("the file is compressed with gzip", "decompress it first") }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      throw refuse("the file is a ZIP archive or a workbook", "unpack it, or save it as CSV UTF-8")
    }
    // A text of UTF-16 starts with its mark, or with an ASCII character: one byte of the first two is zero.
    let utf16 = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    if utf16 || (bytes.count > 1 && (bytes[0] == 0) != (bytes[1] == 0)) {
      throw refuse("the file is UTF-16", "save it as UTF-8")
    }
    if let zero = bytes.index(of: 0, in: bytes.indices) {
      throw refuse("the file holds a NUL byte", "it is no text file", line: bytes.line(at: zero))
    }
  }
}

/// White space of JSON (RFC 8259 section 2).
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
