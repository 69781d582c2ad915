import Base
import Foundation
import Provisioning
import Testing

@testable import Directory

/// What every source of pages promises, whatever it reads from: one suite for all of them.
@Suite("Every directory source")
struct SourceConformanceTests {
  /// A way to make a source of some pages; the scratch folder lives as long as it does.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (Scratch, [[UInt8]]) throws -> any DirectorySource
  }

  static let kinds = [
    Kind(testDescription: "files") { scratch, pages in
      let paths = try pages.enumerated().map { try scratch.write("page\($0 + 1)", $1) }
      return try DirectoryFiles(paths: paths)
    },
    Kind(testDescription: "a folder") { scratch, pages in
      for (number, page) in pages.enumerated() { try scratch.write("page\(number + 1)", page) }
      return try DirectoryFiles(paths: [scratch.path])
    },
    Kind(testDescription: "memory") { _, pages in
      MemoryPages(pages.enumerated().map { ("page\($0 + 1)", $1) })
    },
  ]

  private func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8.random(in: 32...126, using: &random) }
  }

  @Test("pages come in order, whole, in pieces of 1 to 65,536 bytes, and end for good", arguments: kinds)
  func pieces(of kind: Kind) throws {
    let scratch = try Scratch()
    let pages = [1, 65_535, 65_536, 65_537, 200_000].enumerated().map { bytes($1, seed: UInt64($0)) }
    var source = try kind.make(scratch, pages)
    #expect(source.size == pages.reduce(0) { $0 + $1.count })
    var read: [[UInt8]] = []
    while let page = try source.next() {
      var all: [UInt8] = []
      var before = 0
      while try page.read(into: &all) {
        #expect((1...65_536).contains(all.count - before))
        before = all.count
      }
      #expect(try page.read(into: &all) == false && all.count == before && page.size == all.count)
      read.append(all)
    }
    #expect(read == pages)
    #expect(try source.next() == nil)
  }

  @Test("an export is read alike from each", arguments: kinds)
  func reading(from kind: Kind) throws {
    let users = (1...50).map { #"{"id":"u\#($0)","userPrincipalName":"u\#($0)@x.example","accountEnabled":true}"# }
    let page = #"{"value":[\#(users.joined(separator: ","))]}"#
    let scratch = try Scratch()
    let reading = try DirectoryReader.read(kind.make(scratch, [Array(page.utf8)]))
    withExtendedLifetime(scratch) {}
    #expect(reading.isSnapshot && reading.ids == (1...50).map { "u\($0)" })
    #expect(reading.changes.allSatisfy { $0.place.file.hasSuffix("page1") })
  }

  @Test("a fault names the page that it stands on", arguments: kinds)
  func fault(from kind: Kind) throws {
    let good = #"{"value":[{"id":"a","userPrincipalName":"a"}],"@odata.nextLink":"https://x/1"}"#
    let scratch = try Scratch()
    let source = try kind.make(scratch, [Array(good.utf8), Array("{\"value\":[{\"id\":7}]}".utf8)])
    let fault = #expect(throws: Fault.self) { try DirectoryReader.read(source) }
    #expect(fault?.place?.file.hasSuffix("page2") == true)
  }

  @Test("a whole export stands alone", arguments: kinds)
  func alone(_ kind: Kind) throws {
    let csv = Array("id,userPrincipalName,accountEnabled\nu1,a,true\n".utf8)
    let scratch = try Scratch()
    let source = try kind.make(scratch, [csv, csv])
    expectFault(.inputFormat) { _ = try DirectoryReader.read(source) }
  }
}
