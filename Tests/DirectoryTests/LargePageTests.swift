import Base
import Provisioning
import Testing

@testable import Directory

/// A page that is made as it is read, and that sees how many bytes its reader holds.
private final class MadePage: DirectoryPage {
  let name = "page"
  let size: Int? = nil
  let company = PageCompany.none
  private(set) var most = 0
  private var given = 0
  private let piece: (Int) -> [UInt8]?

  /// A page of the pieces by number, from 0, until there is none.
  init(_ piece: @escaping (Int) -> [UInt8]?) { self.piece = piece }

  /// `count` pieces of text between a first and a last one.
  convenience init(_ first: String, _ last: String, _ count: Int, _ piece: @escaping (Int) -> String) {
    self.init { number in
      number > count + 1 ? nil : Array((number == 0 ? first : number > count ? last : piece(number)).utf8)
    }
  }

  func read(into bytes: inout [UInt8]) -> Bool {
    guard let piece = piece(given) else { return false }
    given += 1
    bytes += piece
    most = max(most, bytes.count)
    return true
  }
}

@Suite("Large pages")
struct LargePageTests {
  private func read(_ page: MadePage, limits: Limits = Limits()) throws -> GraphPage {
    let meter = Meter(total: 0, limit: limits.total, report: { _ in })
    return try GraphPage(TextHead(MeteredPage(page, meter)), limits: limits)
  }

  @Test("a page of many users is read in pieces, whole and with every line known")
  func users() throws {
    let bulk = String(repeating: "é", count: 500)
    let page = MadePage(#"{"value":[{"id":"0"}"#, "\n]}", 5000) { number in
      ",\n" + #"{"id":"\#(number)","displayName":"\#(bulk)"}"#
    }
    let read = try read(page)
    #expect(read.changes.count == 5001 && read.changes.last?.place.line == 5001)
    #expect(page.most < 4096)
  }

  @Test(
    "what does not end is refused before it is held", arguments: [#"{"value":["#, #"{"value":[{"id":""#, #"{"x":""#])
  func endless(start: String) {
    let page = MadePage(start, "", 1000) { _ in String(repeating: "a", count: 64 << 10) }
    expectFault(start.hasSuffix("[") ? .jsonShape : .inputTooLarge, line: 1) { _ = try read(page) }
    #expect(page.most <= (1 << 20) + (128 << 10))
  }

  @Test("members without end beside the users are refused, and white space is passed over")
  func members() throws {
    let many = MadePage("{", "}", 200_000) { #""member\#($0)":\#($0),"# }
    expectFault(.inputTooLarge, line: 1) { _ = try read(many) }
    let space = MadePage(#"{"value":["#, "]}", 1000) { _ in String(repeating: " \n", count: 10_000) }
    #expect(try read(space).changes.isEmpty && space.most < 64 << 10)
  }

  @Test("a page that grows over the limit is refused")
  func limit() {
    var limits = Limits()
    limits.page = 100_000
    let space = MadePage(#"{"value":["#, "]}", 10) { _ in String(repeating: " ", count: 10_001) }
    expectFault(.inputTooLarge) { _ = try read(space, limits: limits) }
  }

  @Test("a character that is cut between two pieces is read; one that never ends is refused with its line")
  func characters() throws {
    let bytes = Array("{\"value\":[\n{\"id\":\"€\"}]}".utf8)
    for end in 1..<bytes.count {
      let pieces = [Array(bytes[..<end]), Array(bytes[end...])]
      let page = MadePage { $0 < 2 ? pieces[$0] : nil }
      #expect(try read(page).changes.map(\.id) == ["€"])
    }
    // The piece ends within the character, and so does the page.
    expectFault(.inputEncoding, line: 2) { _ = try read(MadePage { $0 == 0 ? Array(bytes.prefix(20)) : nil }) }
  }
}
