import Base
import Testing

@testable import Ledger

// Several mistakes in one element, none of which hides another.
extension ConfigurationCheckTests {
  static let several: [(String, [Kind])] = [
    (mapped("target: nope, expression: 'Foo()'"), [.unknownTarget, .unknownFunction]),
    (mapped("target: nope"), [.source, .unknownTarget]),
    (mapped("target: userName, onlyOnCreate: true"), [.source, .matching]),
    (
      mapped(
        "target: userName, attribute: mail, onlyOnCreate: true, default: x}\n    - {target: userName, attribute: a"),
      [.matching, .matching, .duplicateTarget]
    ),
    (
      mapped("target: displayName, expression: 'Foo()'}\n    - {target: displayName, attribute: a"),
      [.unknownFunction, .duplicateTarget]
    ),
    (
      "mapping:\n  userName: mail\n  attributes:\n    - {target: userName, attribute: a, default: x}",
      [.contradiction, .matching]
    ),
    (
      mapped("target: active, constant: 'True', onlyOnCreate: true"), [.activeMapping, .activeMapping]
    ),
    (filtered("attribute: manager, operator: EQUAL, value: x"), [.scopeAttribute, .unknownOperator]),
    (filtered("attribute: manager, operator: REGEX MATCH, value: '('"), [.scopeAttribute, .pattern]),
    (filtered("operator: REGEX MATCH, value: '('"), [.missingKey, .pattern]),
    (filtered("operator: EQUALS"), [.missingKey, .operandMissing]),
    (
      filtered("attribute: manager, operator: Greater_Than, values: [a, b]"),
      [.scopeAttribute, .operandNotNumber, .operandNotNumber]
    ),
  ]

  @Test("Of several mistakes in one element each is told", arguments: several)
  func everyone(_ text: String, _ kinds: [Kind]) {
    let found = Self.check(Self.head + text)
    #expect(found.map(\.kind) == kinds, "\(found.map(\.fault.description))")
  }
}
