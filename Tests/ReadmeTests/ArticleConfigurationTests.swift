import Base
import Foundation
import Testing
import Yams

@testable import Ledger

/// Holds the article on the configuration against the template that `init` writes.
@Suite("Configuration in the documents")
struct ArticleConfigurationTests {
  @Test("its keys are those of the template, each once, with default and meaning")
  func keys() throws {
    var keys: Set<String> = []
    for secret in [SecretSource.environment("T"), .file("/t")] {
      let yaml = Configuration.template(
        origin: "o", url: TargetConfiguration.teamViewer, token: secret, master: secret)
      keys.formUnion(Self.keys(try Yams.compose(yaml: yaml)))
    }
    let rows = try Repository.article("Configuration").rows
    #expect(rows.map { Document.spans([$0[0]]).first ?? "" }.sorted() == keys.sorted())
    for row in rows { #expect(row.count == 3 && !row[1].isEmpty && !row[2].isEmpty, "\(row[0])") }
  }

  private static func keys(_ node: Node?) -> [String] {
    (node?.mapping ?? [:]).flatMap { key, value -> [String] in
      let name = key.string ?? ""
      return value.mapping == nil ? [name] : keys(value).map { "\(name).\($0)" }
    }
  }
}
