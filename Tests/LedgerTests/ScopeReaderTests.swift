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

  @Test("A whole configuration, its scope alone, and Graph's JSON say the same") func forms() throws {
    let whole = "origin: x\nscope:\n" + Self.own.split(separator: "\n").map { "  \($0)\n" }.joined()
    #expect(try scope(Self.own) == scope(Self.graph))
    #expect(try scope(whole) == scope(Self.graph))
    #expect(try scope("filters: []") == ScopingFilter())
  }

  @Test(
    "What is wrong is named with line and column",
    arguments: [
      ("filters:\n  - name: x\n    clauses:\n      - {attribute: a, operator: LIKE, value: x}", 4, 34, "LIKE"),
      ("filters:\n  - name: x\n    clauses: []", 3, 14, "holds no clause"),
      ("filters:\n  - clauses:\n      - {attribute: a, operator: IS NULL}", 2, 5, "name"),
      (
        "filters:\n  - name: x\n    clauses:\n      - {attribute: a, operator: REGEX MATCH, value: \"(\"}", 4, 9,
        "no pattern"
      ),
      ("filtres: []", 1, 1, "filtres"), ("patterns: some\nfilters: []", 1, 11, "part or whole"),
      ("{\"groups\": [], \"inputFilterGroups\": [{\"name\": \"x\"}]}", 1, 37, "experimental"),
    ]) func wrong(_ yaml: String, _ line: Int, _ column: Int, _ word: String)
  {
    let fault = #expect(throws: Fault.self) { try scope(yaml) }
    #expect(fault?.place == Fault.Place(file: "scope.yaml", line: line, column: column))
    #expect(fault?.sentence.contains(word) == true, "\(fault?.sentence ?? "")")
  }
}
