/// Where the pages of an export come from: files today, the answers of an HTTP endpoint as well. Whoever parses them knows
/// nothing of that.
public protocol DirectorySource {
  /// How many bytes all pages have together, as far as is known.
  var size: Int { get }

  /// The next page; nil after the last. Throws `Fault` with a PL-01xx code that names the page.
  mutating func next() throws -> (any DirectoryPage)?
}

/// One page, read front to back in pieces.
public protocol DirectoryPage: AnyObject {
  /// What a fault calls it: a path, or an address.
  var name: String { get }
  /// How many bytes it has; nil where only its end will tell.
  var size: Int? { get }
  /// What it stands beside.
  var company: PageCompany { get }

  /// Appends the next piece, of 1 to 65,536 bytes, and says whether there was one; at the end nothing is appended, however
  /// often it is asked. Throws `Fault` with a PL-01xx code that names the page.
  func read(into bytes: inout [UInt8]) throws -> Bool
}

/// What a page stands beside: a CSV and an NDJSON file are whole exports, and stand alone.
public enum PageCompany: Equatable, Sendable {
  /// It is the only one.
  case none
  /// There are others.
  case others
  /// It was found in a folder of pages.
  case folder(String)
}

/// The pieces of text that are held already, such as the bodies of answers.
public struct MemoryPages: DirectorySource {
  private let pages: [(name: String, bytes: [UInt8])]
  private var given = 0

  /// Pages by their names.
  public init(_ pages: [(name: String, bytes: [UInt8])]) { self.pages = pages }

  /// The bytes of all pages.
  public var size: Int { pages.reduce(0) { $0 + $1.bytes.count } }

  /// The next page.
  public mutating func next() -> (any DirectoryPage)? {
    guard given < pages.count else { return nil }
    defer { given += 1 }
    return MemoryPage(pages[given].name, pages[given].bytes, company: pages.count == 1 ? .none : .others)
  }
}

/// A page that is held already.
final class MemoryPage: DirectoryPage {
  static let piece = 64 << 10

  let name: String
  let company: PageCompany
  private let bytes: [UInt8]
  private var place = 0

  init(_ name: String, _ bytes: [UInt8], company: PageCompany) {
    self.name = name
    self.bytes = bytes
    self.company = company
  }

  var size: Int? { bytes.count }

  func read(into bytes: inout [UInt8]) -> Bool {
    let end = min(self.bytes.count, place + Self.piece)
    guard place < end else { return false }
    bytes += self.bytes[place..<end]
    place = end
    return true
  }
}
