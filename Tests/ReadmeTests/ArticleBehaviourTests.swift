import Foundation
import Testing

/// Holds the article on behaviours against the tests that it names.
@Suite("Behaviours in the documents")
struct ArticleBehaviourTests {
  /// How many cases there are; a new one raises this, so that none is lost unseen.
  private static let cases = 100

  private let sections: [Document.Section]
  private let sources: [String]

  init() throws {
    sections = try Repository.article("Behaviours").sections(3)
    sources = try Repository.files(under: "Tests").filter { $0.hasSuffix(".swift") }.map(Repository.text)
  }

  @Test("each case says what happens, and names the tests that show it")
  func cases() {
    #expect(sections.count == Self.cases)
    for section in sections {
      let text = section.lines.drop { $0.isEmpty }.prefix { $0 != "Shown by:" }
      #expect(text.contains { !$0.isEmpty }, "\(section.heading) does not say what happens")
      #expect(!tests(section).isEmpty, "\(section.heading) names no test")
    }
  }

  @Test("each test that is named is there")
  func named() throws {
    for section in sections {
      for name in tests(section) {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        try #require(parts.count == 2, "\(name) is no type and test")
        #expect(sources.contains { has($0, type: parts[0], test: parts[1]) }, "no test \(name)")
      }
    }
  }

  private func tests(_ section: Document.Section) -> [String] {
    Document.spans(Array(section.lines.drop { $0 != "Shown by:" }))
  }

  private func has(_ source: String, type: String, test: String) -> Bool {
    ["struct \(type) ", "struct \(type): ", "extension \(type) "].contains { source.contains($0) }
      && (source.contains("\"\(test)\"") || source.contains("func \(test)("))
  }
}
