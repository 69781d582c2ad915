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
    // One mistake makes no two findings.
    (filtered("attribute: city, operator: EQUALS, value: [a]"), [.notText]),
    (filtered("attribute: city, operator: EQUALS, values: a"), [.notList]),
    (filtered("attribute: city, operator: EQUALS, value: a, values: [b]"), [.contradiction]),
    (filtered("attribute: city, operator: IS NULL, value: [a]"), [.notText]),
    (
      filtered("attribute: city, operator: EQUALS, value: '', values: [b, c], valeus: [d]"),
      [.contradiction, .unknownKey]
    ),
    (filtered("attribute: city, operator: '', value: a"), [.empty]),
    (filtered("attribute: city, operator: [a], value: a"), [.notText]),
  ]

  @Test("Operators that YAML takes for something else are told to stand in quotes") func quotes() throws {
    let clause = "scope:\n  filters:\n    - name: x\n      clauses:\n        - attribute: city\n          value: x\n"
    let empty = Self.check(Self.head + clause + "          operator: !&\n")
    #expect(empty.map(\.kind) == [.empty], "\(empty.map(\.fault.description))")
    #expect(empty.first?.fault.sentence.contains("`&` and `!&` stand in quotes") == true)
    let broken = Self.check(Self.head + clause + "          operator: &\n")
    #expect(broken.map(\.kind) == [.syntax])
    #expect(broken.first?.fault.sentence.contains("begins with & or * stands in quotes") == true, "\(broken)")
    #expect(Self.check(Self.head + clause + "          operator: \"&\"\n").isEmpty)
  }

  @Test("Of several mistakes in one element each is told", arguments: several)
  func everyone(_ text: String, _ kinds: [Kind]) {
    let found = Self.check(Self.head + text)
    #expect(found.map(\.kind) == kinds, "\(found.map(\.fault.description))")
  }

  @Test("What stands beside an alias is told, too, and the alias once, whatever it stands for") func aliases() {
    let text = """
      origin: o
      target: {token: {file: t}}
      cycles: &a {everyMinutes: 5000, leaversEveryMinutes: *n}
      log: *a
      mapping:
        userName: *u
        attributes: [*m, {target: *t, attribute: mail, onlyOnCreate: *f}]
      keys: {master: *k}
      feeds: *l
      *x : 1
      foo: 1
      """
    let found = Self.check(text)
    let kinds: [Kind] = [
      .missingKey, .outOfRange, .alias, .alias, .alias, .alias, .alias, .alias, .alias, .alias, .alias, .unknownKey,
    ]
    #expect(found.map(\.kind) == kinds, "\(found.map(\.fault.description))")
    #expect(found.map(\.fault.place?.line) == [2, 3, 3, 4, 6, 7, 7, 7, 8, 9, 10, 11])
  }

  @Test("Where an alias hides that others follow, nothing but aliases is told")
  func hidden() {
    let found = Self.check(Self.head + "a: &b [x]\nk: *z \"x\n*b : 1\n\"")
    #expect(found.map(\.kind) == [.alias], "\(found.map(\.fault.description))")
  }

  @Test("What is missing in an empty file is missing on its first line", arguments: ["", "\n", "# nothing\n"])
  func empty(_ text: String) {
    let found = Self.check(text)
    #expect(found.map(\.kind) == [.missingKey, .missingKey], "\(found.map(\.fault.description))")
    #expect(found.allSatisfy { $0.fault.place?.line == 1 && $0.fault.place?.column != nil })
  }
}
