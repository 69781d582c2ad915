import Foundation
import Testing

/// `Log.head` must mean a type's member, never a module's: a type that has a module's name hides the module.
@Suite("Names of types")
struct TypeNameTests {
  /// Types of the standard library and Foundation that code here names.
  private static let others: Set<String> = [
    "Array", "Bool", "Character", "Collection", "Data", "Date", "Decoder", "Dictionary", "Double", "Duration",
    "Encoder", "Error", "Hasher", "Int", "Int64", "Mirror", "Never", "Optional", "Range", "Regex", "Result", "Sequence",
    "Set",
    "String", "Substring", "Task", "URL", "Unicode",
  ]

  @Test("no type has the name of a module, or of a type that everybody knows")
  func types() throws {
    let modules = Set(try Repository.names(in: "Sources"))
    #expect(modules.count > 15, "the search finds the modules")
    var count = 0
    for path in try Repository.files(under: "Sources") where path.hasSuffix(".swift") {
      let declarations = #/(?m)^ *(?:\w+ )*(?:struct|class|actor|enum|protocol) (\w+)/#
      for declared in try Repository.text(path).matches(of: declarations) {
        count += 1
        #expect(!modules.union(Self.others).contains(String(declared.1)), "\(path) declares \(declared.1)")
      }
    }
    #expect(count > 300, "the search finds the types")
  }
}
