import Expressions
import JSON
import Testing

@testable import Provisioning

@Suite("Synchronization schemas that are exported") struct SchemaExportTests {
  @Test("What a schema cannot say is named") func unsaid() throws {
    let clause = try ScopingClause("department", .regexMatch, ["x"], matchesWhole: true)
    let filter = ScopingFilter(groups: [ScopingFilter.Group(name: "g", clauses: [clause])])
    let left = SchemaExport(Mapping(), ScopePolicy(people: .assigned, filter: filter, skipsDeletions: true)).left
    let first = ["The", "scope.people:", "scope.skipOutOfScopeDeletions", "scope.patterns:"]
    #expect(left.map { String($0.prefix { $0 != " " }) } == first)
    let usual = SchemaExport(Mapping(), ScopePolicy()).left
    #expect(usual.count == 1 && usual[0].contains("id, version and directories"))
  }

  @Test("Functions are exported with what they are given, as Graph has them") func parsed() throws {
    let source = try MappingExpression(#"Switch([state], , "QLD", ToUpper("b"))"#).source
    #expect(source["type"] == "Function" && source["name"] == "Switch")
    #expect(source["expression"] == #"Switch([state], , "QLD", ToUpper("b"))"#)
    let parameters = source["parameters"]?.array ?? []
    #expect(parameters.count == 3 && parameters[0]["value"]?["name"] == "state")
    #expect(parameters[2]["value"]?["parameters"]?.array?.first?["value"]?["type"] == "Constant")
    let switched = ["source", "defaultValue", "switchValue", "switchValue"]
    #expect(try Self.keys(#"Switch([state], "X", "QLD", "Q")"#) == switched)
    #expect(try Self.keys(#"Switch([state], , "QLD", )"#) == ["source", "switchValue", "switchValue"])
    #expect(try Self.keys(#"Replace([mail], "a", , , "b")"#) == ["source", "Find", "Replacement"])
    #expect(try Self.keys(#"Replace([mail], "a", , , , , "b a")"#) == ["source", "oldValue", "template"])
  }

  /// What the parameters of an exported function are called.
  private static func keys(_ text: String) throws -> [String] {
    (try MappingExpression(text).source["parameters"]?.array ?? []).compactMap { $0["key"]?.string }
  }

  @Test("The custom identifier is exported under the name that TeamViewer's extension gives it") func identifier() {
    let schema = SchemaExport(Mapping(ssoCustomerId: "sso-1"), ScopePolicy()).json
    let object = schema["synchronizationRules"]?.array?.first?["objectMappings"]?.array?.first
    let targets = object?["attributeMappings"]?.array?.compactMap { $0["targetAttributeName"]?.string }
    #expect(targets?.last == "urn:ietf:params:scim:schemas:extension:teamviewer:1.0:SsoUser:ssoCustomerId")
  }
}
