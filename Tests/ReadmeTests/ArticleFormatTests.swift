import Foundation
import Provisioning
import Testing

/// Holds the article on formats against the core.
@Suite("Formats in the documents")
struct ArticleFormatTests {
  private let rows: [[String]]

  init() throws { rows = try Repository.article("Formats").table(under: "Event types") }

  @Test("the event types are those of the program, each once, and each says something")
  func types() {
    #expect(rows.map { Document.spans([$0[0]]).first ?? "" }.sorted() == EventPayload.types)
    for row in rows { #expect(row.count == 3 && !row[1].isEmpty, "\(row[0])") }
  }

  @Test("each stands in streams that the program knows")
  func streams() throws {
    for row in rows {
      let names = Document.spans([try #require(row.last)])
      #expect(!names.isEmpty, "\(row[0]) stands in no stream")
      for name in names { #expect(Provisioning.Stream(name.replacing("…", with: "x")) != nil, "\(name)") }
    }
  }
}
