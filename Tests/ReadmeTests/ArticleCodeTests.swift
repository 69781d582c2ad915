import Base
import Foundation
import Provisioning
import Testing

/// Holds the codes that the documents name against the program's.
@Suite("Error codes and exits in the documents")
struct ArticleCodeTests {
  private let article: Document

  init() throws { article = try Repository.article("ErrorsAndExits") }

  @Test("each error code of the program has a heading with its meaning, in order, and no other has one")
  func headings() {
    let told = article.sections(3).map(\.heading)
    let known = FaultCode.all.sorted { $0.description < $1.description }.map { "\($0.description) \($0.meaning)" }
    #expect(told == known)
  }

  @Test("each says its exit code first, and then the cure")
  func cures() throws {
    let sections = Dictionary(article.sections(3).map { ($0.heading, $0.lines) }) { first, _ in first }
    for code in FaultCode.all {
      let lines = try #require(sections["\(code.description) \(code.meaning)"], "\(code) has no heading")
      let body = lines.joined(separator: " ").trimmingCharacters(in: .whitespaces)
      let start = "Ends with \(code.exit.rawValue). "
      #expect(body.hasPrefix(start), "\(code) ends with \(code.exit.rawValue)")
      let cure = body.dropFirst(start.count)
      #expect(cure.count > 20 && cure.hasSuffix("."), "\(code) has no cure")
    }
  }

  @Test("each stands under the heading of its module")
  func groups() {
    let groups = article.sections(2).filter { $0.heading.hasPrefix("PL-") }
    for group in groups {
      for section in Document.sections(3, in: group.lines) {
        #expect(section.heading.hasPrefix(group.heading.prefix(5)), "\(section.heading) under \(group.heading)")
      }
    }
    let modules = Set(FaultCode.all.map { String($0.description.prefix(5)) })
    #expect(Set(groups.map { String($0.heading.prefix(5)) }) == modules)
  }

  @Test("each code that any document names is one of the program's")
  func named() throws {
    let known = Set(FaultCode.all.map(\.description))
    for document in try Repository.documents() {
      for match in (document.prose + document.fenced).joined(separator: "\n").matches(of: #/PL-\d{4}/#) {
        #expect(known.contains(String(match.output)), "\(match.output) in \(document.path)")
      }
    }
  }

  @Test("the exit codes are those of the program")
  func exits() {
    #expect(article.table(under: "Exit codes").map { $0[0] } == ExitStatus.allCases.map { String($0.rawValue) })
  }
}
