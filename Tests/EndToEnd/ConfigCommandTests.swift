import JSON
import Testing

@testable import provledger

@Suite("provledger config", .timeLimit(.minutes(2))) struct ConfigCommandTests {
  @Test("An expression is evaluated without a ledger, with its steps") func expression() async throws {
    let stage = try Stage()
    let end = try await stage.expect(
      0, "config", "expression", #"ToUpper(Append([a], "b"))"#, "--attributes", #"{"a": "x"}"#, "--json")
    let json = try JSONParser.parse(Array(end.output.utf8))
    #expect(json["value"] == "XB")
    #expect(json["steps"]?.array?.map { $0["value"] } == ["xb", "XB"])
  }

  @Test(
    "What is wrong ends with 78 and its place",
    arguments: [("ToUpper([a]", "line 1, column 1"), ("Append([a],\n  CDate([a]))", "line 2, column 3")])
  func wrong(_ text: String, _ place: String) async throws {
    let stage = try Stage()
    let end = try await stage.expect(78, "config", "expression", text, "--attributes", #"{"a": "x"}"#)
    #expect(end.errors.contains("PL-0207"))
    #expect(end.errors.contains(place))
  }

  @Test("Why somebody is out of scope is said clause by clause") func scope() async throws {
    let stage = try Stage()
    let file = try stage.write(
      "scope.yaml", "filters:\n  - {name: g, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}\n")
    let out = try await stage.expect(0, "config", "scope", file, "--attributes", #"{"department": "IT"}"#)
    #expect(out.lines == ["out of scope", "  no  g", #"    no  department EQUALS "Sales": is "IT""#])
    let inside = try await stage.expect(
      0, "config", "scope", file, "--attributes", #"{"department": "Sales"}"#, "--json")
    #expect(try JSONParser.parse(Array(inside.output.utf8))["inScope"] == true)
    let fault = try await stage.expect(78, "config", "scope", try stage.write("bad.yaml", "filters: 5\n"))
    #expect(fault.errors.contains("bad.yaml, line 1"))
  }

  @Test("Extension attributes are found where Graph has them") func extensions() async throws {
    let user = #"{"onPremisesExtensionAttributes": {"extensionAttribute3": "x"}}"#
    let stage = try Stage()
    let end = try await stage.expect(
      0, "config", "expression", "[extensionAttribute3]", "--attributes", user, "--json")
    #expect(end.output.contains(#""value":"x""#))
  }

  @Test("Attributes that are no JSON object end with 65") func attributes() async throws {
    let stage = try Stage()
    let broken = try await stage.expect(65, "config", "expression", "[a]", "--attributes", "{")
    #expect(broken.errors.contains("PL-0121"))
    let list = try await stage.expect(65, "config", "expression", "[a]", "--attributes", "[]")
    #expect(list.errors.contains("PL-0122"))
    _ = try await stage.expect(64, "config", "expression")
  }
}
