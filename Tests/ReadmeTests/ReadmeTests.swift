import Foundation
import Testing

/// Holds README.md against the repository: it is short, and what it lists is all that is there.
@Suite("README")
struct ReadmeTests {
  private let readme: Document

  init() throws { readme = try Document("README.md") }

  @Test("a newcomer can read it: at most 12,000 bytes")
  func size() throws {
    let size = try Repository.text("README.md").utf8.count
    #expect(size <= 12_000, "\(size) bytes; move to an article what the first hour does not need")
  }

  @Test("each of its links leads to a file, and each article of the command has one")
  func links() throws {
    let links = readme.prose.joined(separator: "\n").matches(of: #/\]\(([^)]*)\)/#).map { String($0.output.1) }
    for link in links where !link.hasPrefix("https://") { #expect(Repository.exists(link), "\(link) is not there") }
    for article in try Repository.articles() where article.folder.hasSuffix("/provledger.docc") {
      if article.name == "provledger" { continue }
      #expect(links.contains(article.path), "no link to \(article.path)")
    }
  }

  @Test("the layout lists the folders of Sources, all of them")
  func layout() throws {
    let told = readme.table(under: "Layout").compactMap { Document.spans([$0[0]]).first }
    let folders = try Repository.names(in: "Sources")
    #expect(told.filter { $0.hasPrefix("Sources/") }.sorted() == folders.map { "Sources/\($0)" }.sorted())
  }

  @Test("the packages are those that Package.swift names, each with what it is for")
  func dependencies() throws {
    let package = try Repository.text("Package.swift")
    let urls = package.matches(of: #/\.package\(url: "([^"]+)"/#).map { String($0.output.1) }
    let names = urls.compactMap { $0.split(separator: "/").last.map(String.init) }
    let rows = readme.table(under: "Dependencies")
    #expect(rows.flatMap { $0[0].split(separator: ", ").map(String.init) }.sorted() == names.sorted())
    for row in rows { #expect(row.count == 2 && !row[1].isEmpty, "\(row[0]) is for nothing") }
  }

  @Test("it asks for the Swift that the tools ask for")
  func swift() throws {
    func version(_ path: String) throws -> Substring? {
      try Repository.text(path).firstMatch(of: #/Swift (\d+\.\d+) or later/#)?.output.1
    }
    #expect(try version("README.md") != nil)
    #expect(try version("README.md") == version("tools/common"))
  }

  @Test("it names the two commands, and the steps of the first hour")
  func steps() throws {
    let hour = try #require(readme.sections(2).first { $0.heading == "The first hour" })
    #expect(!hour.lines.isEmpty)
    for verb in ["init", "import", "deliver", "why", "report", "verify"] {
      #expect(readme.fenced.contains { "\($0) ".hasPrefix("$ provledger \(verb) ") }, "\(verb) is not shown")
    }
    for tool in ["tools/demo", "tools/test"] { #expect(readme.spans.contains(tool)) }
  }
}
