import Base
import Ledger
import Provisioning
import Testing

@Suite("Scope in a file") struct ScopeReaderTests {
  private func scope(_ yaml: String) throws -> ScopingFilter {
    try ScopePolicy(document: yaml, file: "scope.yaml").filter
  }

  private static let graph = """
    {"groups": [{"name": "EU engineers", "clauses": [
      {"sourceOperandName": "department", "operatorName": "EQUALS", "targetOperand": {"values": ["Engineering"]}},
      {"sourceOperandName": "employeeId", "operatorName": "IS NOT NULL", "targetOperand": {"values": []}}]}],
     "inputFilterGroups": [], "categoryFilterGroups": []}
    """

  private static let own = """
    filters:
      - name: EU engineers
        clauses:
          - {attribute: department, operator: equals, value: Engineering}
          - {attribute: employeeId, operator: IS NOT NULL}
    """

  private static func clause(of attribute: String) -> String {
    "filters:\n  - name: x\n    clauses:\n      - {attribute: \(attribute), operator: IS NOT NULL}"
  }

  @Test("Which attributes are there is known of a tenant, and nowhere else") func attributes() throws {
    #expect(try scope(Self.clause(of: "shoeSize")).attributes == ["shoeSize"])
    let rules = Self.clause(of: "shoeSize").split(separator: "\n").map { "  \($0)\n" }.joined()
    #expect(try scope("scope:\n" + rules).attributes == ["shoeSize"])
    let fault = #expect(throws: Fault.self) { try scope("graph: {tenant: t}\nscope:\n" + rules) }
    #expect(fault?.place == Fault.Place(file: "scope.yaml", line: 6, column: 23))
    let graph = Self.graph.replacing("department", with: "Department")
    #expect(throws: Fault.self) { try scope(graph) }
  }

  @Test("A whole configuration, its scope alone, and Graph's JSON say the same") func forms() throws {
    let whole = "origin: x\nscope:\n" + Self.own.split(separator: "\n").map { "  \($0)\n" }.joined()
    #expect(try scope(Self.own) == scope(Self.graph))
    #expect(try scope(whole) == scope(Self.graph))
    #expect(try scope("filters: []") == ScopingFilter())
  }

  static let mistakes: [(String, Int, Int, String)] = [
    ("filters:\n  - name: x\n    clauses:\n      - {attribute: a, operator: LIKE, value: x}", 4, 34, "LIKE"),
    ("filters:\n  - name: x\n    clauses: []", 3, 14, "holds no clause"),
    ("filters:\n  - clauses:\n      - {attribute: a, operator: IS NULL}", 2, 5, "name"),
    (
      "filters:\n  - name: x\n    clauses:\n      - {attribute: a, operator: REGEX MATCH, value: \"(\"}", 4, 9,
      "no pattern"
    ),
    ("filtres: []", 1, 1, "filtres"), ("patterns: some\nfilters: []", 1, 11, "part or whole"),
    (clause(of: "Department"), 4, 21, "department"), (clause(of: "memberOf"), 4, 9, "several values"),
    (clause(of: "isMemberOf"), 4, 9, "as in Microsoft Entra"),
    (clause(of: "assignedGroups"), 4, 9, "several values"), (clause(of: "extension_x"), 4, 21, "application id"),
    ("{\"groups\": [], \"inputFilterGroups\": [{\"name\": \"x\"}]}", 1, 37, "experimental"),
  ]

  @Test("What is wrong is named with line and column", arguments: mistakes)
  func wrong(_ yaml: String, _ line: Int, _ column: Int, _ word: String) {
    let fault = #expect(throws: Fault.self) { try scope(yaml) }
    #expect(fault?.place == Fault.Place(file: "scope.yaml", line: line, column: column))
    #expect(fault?.sentence.contains(word) == true, "\(fault?.sentence ?? "")")
  }
}
