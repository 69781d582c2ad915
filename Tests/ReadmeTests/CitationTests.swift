import Foundation
import Testing

/// Holds what code and comments refer to: something in this repository, or a public page by its name.
@Suite("Citations")
struct CitationTests {
  /// The text of everything that people write: code, SQL and tools.
  private static func texts() throws -> [(path: String, text: String)] {
    let endings: Set<String> = ["swift", "sql", "c", "h", "py", ""]
    return try ["Sources", "Tests", "migrations", "tools"].flatMap(Repository.files)
      .filter { path in
        let url = Repository.root.appendingPathComponent(path)
        let isHidden = url.lastPathComponent.hasPrefix(".")
        return !isHidden && endings.contains(url.pathExtension) && !url.isDirectory && !path.contains("/Ledgers/")
      }
      .map { ($0, try Repository.text($0)) }
  }

  @Test("each document that is named lies in the repository")
  func documents() throws {
    let known = Set(try Repository.documents().map(\.name))
    for (path, text) in try Self.texts() {
      for match in text.matches(of: #/([A-Za-z0-9_-]+)\.md\b/#) {
        #expect(known.contains(String(match.output.1)), "\(path) names \(match.output.0)")
      }
      for match in text.matches(of: #/the article ([A-Z]\w+)/#) {
        #expect(known.contains(String(match.output.1)), "\(path) names \(match.output.0)")
      }
    }
  }

  @Test("no comment leads to papers that only their authors have")
  func papers() throws {
    for (path, text) in try Self.texts() {
      for match in text.matches(of: #/\((?:reference|design)\b|\breference:? \d|\breference section/#) {
        Issue.record("\(path): \(match.output); say the fact, or name a public page and its section")
      }
    }
  }
}

extension URL {
  fileprivate var isDirectory: Bool { (try? resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false }
}
