import Foundation
import Testing

/// Holds the form of the articles: DocC reads them, and nobody gets lost between them.
@Suite("Articles")
struct ArticleTests {
  private let articles: [Document]

  init() throws { articles = try Repository.articles() }

  @Test("each begins with its title and an abstract, and closes its fences")
  func form() throws {
    for article in articles {
      #expect(article.prose.first?.hasPrefix("# ") == true, "\(article.path) has no title")
      let lines = article.prose.dropFirst().drop { $0.isEmpty }.prefix { !$0.isEmpty }
      #expect(lines.last?.hasSuffix(".") == true, "\(article.path) has no abstract")
      #expect(lines.first?.hasPrefix("#") == false, "\(article.path) has no abstract")
      #expect(article.isClosed, "\(article.path) leaves a fence open")
    }
  }

  @Test("each catalogue has a page named like its target, which leads to all others")
  func catalogues() throws {
    for (folder, pages) in Dictionary(grouping: articles, by: \.folder) {
      let parts = folder.split(separator: "/").map(String.init)
      let target = try #require(parts.dropFirst().first)
      #expect(parts.last == "\(target).docc", "\(folder) is not named like its target")
      let landing = try #require(pages.first { $0.name == target }, "\(folder) has no page \(target).md")
      #expect(landing.prose.first == "# ``\(target)``")
      #expect(Set(landing.links) == Set(pages.map(\.name)).subtracting([target]))
    }
  }

  @Test("each link leads to an article of the same catalogue")
  func links() throws {
    for article in articles {
      for link in article.links {
        #expect(Repository.exists("\(article.folder)/\(link).md"), "\(article.path) links to \(link): not there")
      }
    }
    #expect(try Document("README.md").links.isEmpty, "only DocC can follow such a link")
  }

  @Test("each path of the repository that is named is there, and each tool is named")
  func paths() throws {
    let starts = ["tools/", "Sources/", "Tests/", "migrations/", ".ci/"]
    let words = try Repository.documents().flatMap(\.words)
    let paths = Set(words.filter { word in starts.contains { word.hasPrefix($0) } })
    for path in paths { #expect(Repository.exists(path), "\(path) is not there") }
    for tool in try Repository.names(in: "tools") {
      let isNamed = paths.contains("tools/\(tool)") || paths.contains { $0.hasPrefix("tools/\(tool)/") }
      #expect(isNamed, "tools/\(tool) is not named")
    }
  }
}
