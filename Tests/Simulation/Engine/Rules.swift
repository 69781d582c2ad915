import Base
import Ledger

/// A scope and a mapping, as an administrator writes them.
struct Rules: Equatable {
  private static let scopes = [
    "people: everybody",
    "people: assigned",
    """
    filters:
        - {name: Sales, clauses: [{attribute: department, operator: EQUALS, value: Sales}]}
        - {name: Support, clauses: [{attribute: department, operator: EQUALS, value: Support}]}
    """,
    """
    people: assigned
      filters:
        - {name: Staff, clauses: [{attribute: department, operator: NOT EQUALS, value: IT}]}
    """,
    """
    filters:
        - {name: Titled, clauses: [{attribute: jobTitle, operator: IS NOT NULL}, {attribute: country, operator: REGEX MATCH, value: "^[A-H]"}]}
    """,
  ]

  private static let mappings = [
    "userName: userPrincipalName",
    "userName: mail",
    #"attributes: [{target: displayName, expression: 'Join(" ", [givenName], [surname])'}]"#,
    #"attributes: [{target: displayName, expression: 'IIF(IsPresent([jobTitle]), Join(" - ", [displayName], [jobTitle]), [displayName])'}]"#,
    #"attributes: [{target: displayName, attribute: officeLocation, default: "At home"}]"#,
    #"attributes: [{target: displayName, expression: 'Join(" ", [surname], [extensionAttribute1])'}]"#,
  ]

  /// The places of both.
  var scope: Int
  var mapping: Int

  init(scope: Int = 0, mapping: Int = 0) {
    self.scope = scope
    self.mapping = mapping
  }

  init(_ random: inout SeededGenerator) {
    scope = Int(random.number(in: 0...Int64(Self.scopes.count - 1)))
    mapping = Int(random.number(in: 0...Int64(Self.mappings.count - 1)))
  }

  /// A configuration with these rules.
  var text: String {
    """
    origin: simulation.example/engine
    target:
      url: https://scim.example/v2
      token: {environment: TOKEN}
    scope:
      \(Self.scopes[scope])
    mapping:
      \(Self.mappings[mapping])
    keys: {master: {file: master.key}}

    """
  }

  /// What they mean, read apart from any ledger.
  func policy() throws -> Configuration { try Configuration(yaml: text, file: "rules") }
}
