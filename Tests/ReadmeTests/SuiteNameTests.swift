import Foundation
import Testing

/// A name of `--filter` and of the article on behaviours must mean one suite.
@Suite("Names of suites")
struct SuiteNameTests {
  @Test("no two suites of the tree share a name, and none has that of another target")
  func unique() throws {
    let targets = Set(try Repository.names(in: "Tests"))
    var homes: [String: [String]] = [:]
    for path in try Repository.files(under: "Tests") where path.hasSuffix(".swift") {
      let target = String(path.split(separator: "/")[1])
      for declared in try Repository.text(path).matches(of: #/(?:struct|class|actor|enum) (\w+Tests)\b/#) {
        homes[String(declared.1), default: []].append(target)
      }
    }
    #expect(homes.count > 100, "the search finds the suites")
    for (suite, homes) in homes.sorted(by: { $0.key < $1.key }) {
      #expect(homes.count == 1, "\(suite) stands in \(homes)")
      #expect(!targets.subtracting(homes).contains(suite), "\(suite) in \(homes) has the name of a target")
    }
  }
}
