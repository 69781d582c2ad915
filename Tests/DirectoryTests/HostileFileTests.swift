import Base
import Foundation
import Provisioning
import Testing

@testable import Directory

@Suite("Hostile files")
struct HostileFileTests {
  static let header = "id,userPrincipalName,accountEnabled,displayName\n"

  static let encodings: [(name: String, bytes: [UInt8], line: Int?)] = [
    ("UTF-16 little endian", [0xFF, 0xFE] + Array("id,".utf16).flatMap { [UInt8($0), 0] }, nil),
    ("UTF-16 big endian", [0xFE, 0xFF] + Array("id,".utf16).flatMap { [0, UInt8($0)] }, nil),
    ("UTF-16 without mark", Array("id,".utf16).flatMap { [UInt8($0), 0] }, nil),
    ("UTF-16 big endian without mark", Array("id,".utf16).flatMap { [0, UInt8($0)] }, nil),
    ("gzip", [0x1F, 0x8B, 8, 0], nil),
    ("workbook", [0x50, 0x4B, 3, 4, 20], nil),
    ("NUL bytes only", [0, 0, 0], 1),
    ("invalid UTF-8 in CSV", Array(header.utf8) + Array("u1,a,true,".utf8) + [0xC3, 0x28, 0x0A], 2),
    (
      "Latin-1 in an ignored CSV column",
      Array("id,userPrincipalName,accountEnabled,city\nu1,a,true,K\u{1}".utf8) + [0xF6], 2
    ),
    ("surrogate in CSV", Array(header.utf8) + Array("u1,a,true,".utf8) + [0xED, 0xA0, 0x80], 2),
    ("cut character at the end", Array(header.utf8) + Array("u1,a,true,".utf8) + [0xE2, 0x82], 2),
    ("invalid UTF-8 in NDJSON", Array(#"{"id":"u1","userPrincipalName":"a"}"#.utf8) + [0x0A, 0x7B, 0x22, 0xFF], 2),
    ("invalid UTF-8 in a page", Array("{\"value\":\n[\"".utf8) + [0xFF] + Array("\"]}".utf8), 2),
  ]

  @Test("what is not UTF-8 is refused", arguments: encodings)
  func encoding(name: String, bytes: [UInt8], line: Int?) {
    expectFault(.inputEncoding, line: line) { _ = try read(bytes) }
  }

  @Test("a NUL byte far behind the beginning is found", arguments: [DirectoryFormat.csv, .ndjson, .graph])
  func lateNUL(format: DirectoryFormat) {
    let start: String
    switch format {
    case .csv: start = HostileFileTests.header + (1...4000).map { "u\($0),name\($0),true,A\n" }.joined()
    case .ndjson: start = (1...4000).map { #"{"id":"u\#($0)","userPrincipalName":"n\#($0)"}"# + "\n" }.joined()
    default: start = "{\"value\":[" + String(repeating: "\n", count: 100_000)
    }
    let lines = start.utf8.filter { $0 == 0x0A }.count
    expectFault(.inputEncoding, line: lines + 1) { _ = try read(Array(start.utf8) + [0]) }
  }

  @Test("paths that are not there, and folders of nothing")
  func paths() throws {
    let scratch = try Scratch()
    expectFault(.inputUnreadable) { _ = try DirectoryFiles.read(paths: []) }
    expectFault(.inputUnreadable) { _ = try DirectoryFiles.read(paths: [scratch.file("none")]) }
    expectFault(.inputUnreadable) { _ = try DirectoryFiles.read(paths: [""]) }
    expectFault(.inputEmpty) { _ = try DirectoryFiles.read(paths: [scratch.path]) }
    try scratch.write(".hidden", "x")
    expectFault(.inputEmpty) { _ = try DirectoryFiles.read(paths: [scratch.path]) }
    try FileManager.default.createSymbolicLink(atPath: scratch.file("dangling"), withDestinationPath: "nowhere")
    expectFault(.inputUnreadable) { _ = try DirectoryFiles.read(paths: [scratch.path]) }
  }

  @Test("a folder holds pages only")
  func folders() throws {
    let scratch = try Scratch()
    try scratch.write("users.csv", HostileFileTests.header + "u1,a,true,A\n")
    expectFault(.inputFormat) { _ = try DirectoryFiles.read(paths: [scratch.path]) }
    try FileManager.default.createDirectory(atPath: scratch.file("inner"), withIntermediateDirectories: false)
    expectFault(.inputNotAFile) { _ = try DirectoryFiles.read(paths: [scratch.path]) }
  }

  @Test("a file without read permission is refused", .enabled(if: getuid() != 0))
  func permission() throws {
    let scratch = try Scratch()
    let file = try scratch.write("a", "x")
    chmod(file, 0)
    expectFault(.inputUnreadable) { _ = try DirectoryFiles.read(paths: [file]) }
  }

  @Test("pipes, devices and sockets are refused without being opened", .timeLimit(.minutes(10)))
  func special() throws {
    let scratch = try Scratch()
    let pipe = scratch.file("page1.json")
    #expect(mkfifo(pipe, 0o600) == 0)
    expectFault(.inputNotAFile) { _ = try DirectoryFiles.read(paths: [pipe]) }
    expectFault(.inputNotAFile) { _ = try DirectoryFiles.read(paths: [scratch.path]) }
    expectFault(.inputNotAFile) { _ = try DirectoryFiles.read(paths: ["/dev/zero"]) }
    // A pipe that takes a file's place after the look at it must not block either.
    expectFault(.inputNotAFile) {
      _ = try FilePage(path: pipe)
    }
  }

  // MARK: Size

  @Test("a sparse gigabyte is refused from its first piece", arguments: DirectoryFormat.allCases)
  func sparse(format: DirectoryFormat) throws {
    let scratch = try Scratch()
    let file = try scratch.write("a", format == .csv ? HostileFileTests.header : "")
    #expect(truncate(file, 1 << 30) == 0)
    var bytes = 0
    expectFault(.inputEncoding, line: format == .csv ? 2 : 1) {
      _ = try DirectoryFiles.read(paths: [file], format: format) { bytes = $0.bytes }
    }
    #expect(bytes <= 64 << 10)
  }

  @Test("a long line is refused without being read whole", arguments: [DirectoryFormat.csv, .ndjson])
  func longLine(format: DirectoryFormat) throws {
    let scratch = try Scratch()
    let start =
      format == .csv
      ? "id,userPrincipalName,accountEnabled\nu1,a,true\n" : #"{"id":"u1","userPrincipalName":"a"}"# + "\n"
    let file = try scratch.write("a", Array(start.utf8) + [UInt8](repeating: 0x61, count: 8 << 20))
    var bytes = 0
    expectFault(.inputTooLarge, line: format == .csv ? 3 : 2) {
      _ = try DirectoryFiles.read(paths: [file], format: format) { bytes = $0.bytes }
    }
    #expect(bytes <= (1 << 20) + (128 << 10))
  }

  @Test("a field of a megabyte is refused, quoted over many lines or not")
  func longField() throws {
    let start = "id,userPrincipalName,accountEnabled,city\nu1,a,true,"
    expectFault(.inputTooLarge, line: 2) { _ = try read(start + String(repeating: "a", count: 1_000_000)) }
    expectFault(.inputTooLarge, line: 2) {
      _ = try read(start + "\"" + String(repeating: "a\n", count: 500_000) + "\"")
    }
    expectFault(.inputTooLarge, line: 1) { _ = try read(String(repeating: "id,", count: 300_000)) }
    expectFault(.inputTooLarge, line: 2) {
      _ = try read("id,userPrincipalName,accountEnabled,mail\nu1,a,true," + String(repeating: "a", count: 9000))
    }
  }

  @Test("large values, objects and ids in JSON are refused")
  func largeObjects() throws {
    func page(_ rest: String) -> String { "{\"value\":[\n{\"id\":\"u1\",\"userPrincipalName\":\"a\",\(rest)}]}" }
    func text(_ count: Int) -> String { "\"" + String(repeating: "é", count: count / 2) + "\"" }
    expectFault(.inputTooLarge, line: 2) { _ = try read(page("\"mail\":\(text(8194))")) }
    #expect(try read(page("\"mail\":\(text(8192))")).changes.count == 1)
    expectFault(.inputTooLarge, line: 2) { _ = try read(page("\"other\":\(text(40_000))")) }
    expectFault(.inputTooLarge, line: 1) { _ = try read("{\"@odata.context\":\(text(40_000)),\"value\":[]}") }
    expectFault(.inputTooLarge) { _ = try read("{\"@odata.nextLink\":\(text(9000)),\"value\":[]}") }
    expectFault(.inputTooLarge, line: 1) { _ = try read(#"{"id":"u1","userPrincipalName":"a","x":\#(text(40_000))}"#) }
    let id = String(repeating: "é", count: 129)
    expectFault(.attributeValue, line: 1) { _ = try read(#"{"id":"\#(id)","userPrincipalName":"a"}"#) }
    #expect(try read(#"{"id":"\#(id.dropLast())","userPrincipalName":"a"}"#).changes.count == 1)
  }

  @Test("totals are limited: bytes, files, objects, page sizes")
  func totals() throws {
    let scratch = try Scratch()
    let users = (1...20).map { #"{"id":"u\#($0)","userPrincipalName":"n\#($0)"}"# }
    let lines = users.joined(separator: "\n")
    let page = "{\"value\":[\(users.joined(separator: ","))]}"
    var limits = Limits()
    limits.objects = 19
    expectFault(.inputTooLarge, line: 20) { _ = try read(lines, limits: limits) }
    expectFault(.inputTooLarge, line: 1) { _ = try read(page, limits: limits) }
    limits = Limits()
    limits.page = 100
    expectFault(.inputTooLarge) { _ = try read(page, limits: limits) }
    limits = Limits()
    limits.total = 100
    expectFault(.inputTooLarge) { _ = try read(lines, limits: limits) }
    let grown = MeteredPage(
      try FilePage(path: scratch.write("a", lines)), Meter(total: 1, limit: 1, report: { _ in }))
    var bytes: [UInt8] = []
    expectFault(.inputTooLarge) { _ = try grown.read(into: &bytes) }
    limits = Limits()
    limits.files = 2
    for name in ["b", "c"] { try scratch.write(name, page) }
    expectFault(.inputTooLarge) { _ = try readFiles([scratch.path], limits) }
    let paths = ["a", "b", "c"].map(scratch.file)
    expectFault(.inputTooLarge) { _ = try readFiles(paths, limits) }
  }

  @Test("nesting 100,000 deep is refused")
  func deep() throws {
    for opening in ["[", "{\"a\":"] {
      // A line of NDJSON so deep is too large an object already; one within the size limit is too deep.
      func line(_ depth: Int) -> String { #"{"id":"u1","x":"# + String(repeating: opening, count: depth) }
      expectFault(.inputTooLarge, line: 1) { _ = try read(line(100_000), format: .ndjson) }
      expectFault(.jsonSyntax, line: 1) { _ = try read(line(6000)) }
      let deep = String(repeating: opening, count: 100_000)
      expectFault(.jsonSyntax, line: 2) { _ = try read("{\"value\":[\n{\"id\":" + deep) }
      expectFault(.jsonSyntax, line: 1) { _ = try read("{\"@odata.context\":" + deep) }
      expectFault(.jsonSyntax, line: 1) { _ = try read("{\"x\":" + deep) }
    }
    expectFault(.jsonShape, line: 1) { _ = try read(String(repeating: "[", count: 100_000)) }
    expectFault(.jsonShape, line: 1) { _ = try read("{\"value\":" + String(repeating: "[", count: 100_000)) }
  }
}
