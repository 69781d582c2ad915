import Base
import Expressions
import Provisioning
import Testing

@testable import Ledger

@Suite("Mapping and scope in the configuration") struct MappingConfigurationTests {
  private func configuration(_ yaml: String) throws -> Configuration {
    try Configuration(yaml: "origin: o\ntarget: {url: u, token: {file: t}}\n" + yaml, file: "f")
  }

  @Test("Attributes, constants and expressions are read, with what belongs to them") func whole() throws {
    let read = try configuration(
      """
      mapping:
        attributes:
          - {target: displayName, expression: 'Join(" ", [givenName], [surname])', default: Unnamed}
          - {target: preferredLanguage, constant: de, onlyOnCreate: true}
          - {target: userName, attribute: mail}
        actions: [create, update]
      scope:
        skipOutOfScopeDeletions: true
        filters:
          - {name: x, clauses: [{attribute: department, operator: IS NOT NULL}]}
      """)
    #expect(read.mapping.own.map(\.target) == [.displayName, .preferredLanguage, .userName])
    #expect(read.mapping.own[0].defaultValue == "Unnamed" && read.mapping.own[1].isOnCreateOnly)
    #expect(read.mapping.own[1].source == MappingExpression(constant: "de"))
    #expect(read.mapping.own[2].source == MappingExpression(attribute: "mail"))
    #expect(read.mapping.actions == [.create, .update])
    #expect(read.scope.skipsDeletions && read.policy.sourceAttributes.map(\.rawValue) == ["department"])
  }

  @Test(
    "What is wrong is named with line and column",
    arguments: [
      ("mapping:\n  attributes:\n    - {target: displayName, expression: 'ToUpr([a])'}", 5, 41, "no function"),
      ("mapping:\n  attributes:\n    - {target: shoeSize, attribute: a}", 5, 7, "no attribute that TeamViewer takes"),
      ("mapping:\n  attributes:\n    - {target: displayName}", 5, 7, "needs one of"),
      ("mapping:\n  attributes:\n    - {target: displayName, attribute: a, constant: b}", 5, 7, "needs one of"),
      (
        "mapping:\n  attributes:\n    - {target: displayName, attribute: a}\n    - {target: displayName, attribute: b}",
        6, 7, "twice"
      ),
      ("mapping:\n  userName: mail\n  attributes:\n    - {target: userName, attribute: a}", 4, 13, "cannot both"),
      ("cycles: {folder: drop}\ngraph: {tenant: t, client: c, credentials: {certificate: p}}", 3, 9, "keep one"),
      ("mapping:\n  actions: [destroy]", 4, 13, "destroy"),
      ("scope:\n  skipOutOfScopeDeletions: maybe", 4, 28, "true or false"),
    ]) func wrong(_ yaml: String, _ line: Int, _ column: Int, _ word: String)
  {
    let fault = #expect(throws: Fault.self) { try configuration(yaml) }
    #expect(fault?.place == Fault.Place(file: "f", line: line, column: column))
    #expect(fault?.sentence.contains(word) == true, "\(fault?.sentence ?? "")")
  }
}
