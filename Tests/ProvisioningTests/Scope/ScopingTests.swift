import Expressions
import JSON
@testable import Provisioning
import Testing

/// Microsoft Learn, "Scoping users or groups to be provisioned with scoping filters", section "Create a scoping filter".
@Suite("Scoping filters") struct ScopingTests {
  private static func clause(_ comparison: ScopingOperator, _ values: [String]) throws -> ScopingClause {
    try ScopingClause("a", comparison, values)
  }

  /// Each operator with its operands, a value, and whether it holds.
  static let table: [(ScopingOperator, [String], ExpressionValue, Bool)] = [
    (.equals, ["Sales"], .text("Sales"), true), (.equals, ["Sales"], .text("sales"), false),
    (.equals, ["é"], .text("e\u{301}"), false), (.equals, ["5"], .number(5), true),
    (.equals, ["True"], .flag(true), true),
    (.equals, ["A", "B"], .text("B"), true), (.equals, ["x"], .null, false), (.equals, ["x"], .text(""), false),
    (.equals, [" x"], .text("x"), false), (.equals, ["a"], .list(["a", "b"]), false),
    (.notEquals, ["Sales"], .text("sales"), true), (.notEquals, ["Sales"], .text("Sales"), false),
    (.notEquals, ["Sales"], .null, false), (.notEquals, ["A", "B"], .text("B"), false),
    (.notEquals, ["A", "B"], .text("C"), true),
    (.isNull, [], .null, true), (.isNull, [], .text(""), true), (.isNull, [], .text("x"), false),
    (.isNull, [], .list([]), true),
    (.isNotNull, [], .text("x"), true), (.isNotNull, [], .null, false), (.isNotNull, [], .flag(false), true),
    (.isTrue, [], .flag(true), true), (.isTrue, [], .flag(false), false), (.isTrue, [], .null, false),
    (.isTrue, [], .text("true"), true),
    (.isFalse, [], .flag(false), true), (.isFalse, [], .flag(true), false), (.isFalse, [], .null, false),
    (.regexMatch, ["([1-9][0-9])"], .text("a42"), true), (.regexMatch, ["^abc$"], .text("ABC"), false),
    (.regexMatch, ["x"], .null, false),
    (.notRegexMatch, ["^abc$"], .text("ABC"), true), (.notRegexMatch, ["^abc$"], .text("abc"), false),
    (.notRegexMatch, ["^abc$"], .null, false),
    (.greaterThan, ["9"], .text("10"), true), (.greaterThan, ["10"], .text("10"), false),
    (.greaterThan, ["9"], .text("x"), false),
    (.greaterThan, ["0"], .text("-1"), false), (.greaterThan, ["9"], .null, false),
    (.greaterThan, ["9"], .number(10), true),
    (.greaterThanOrEquals, ["10"], .text("10"), true), (.greaterThanOrEquals, ["10"], .text("9"), false),
    (.greaterThanOrEquals, ["0"], .null, false),
    (.includes, ["ale"], .text("Sales"), true), (.includes, ["ALE"], .text("Sales"), false),
    (.includes, ["x"], .null, false),
    (.endsWith, ["@x.org"], .text("kim@x.org"), true), (.endsWith, ["@X.org"], .text("kim@x.org"), false),
    (.endsWith, ["x"], .null, false),
    (.isContained, ["DE FR"], .text("DE"), true), (.isContained, ["DE FR"], .text("SE"), false),
    (.isContained, ["x"], .null, false),
    (.isNotContained, ["DE FR"], .text("SE"), true), (.isNotContained, ["DE FR"], .text("FR"), false),
    (.isNotContained, ["x"], .null, false),
  ]

  /// One line of the table, under the operator's entry in the section.
  struct Line: Sendable, CustomTestStringConvertible {
    let index: Int
    var testDescription: String {
      let (comparison, values, value, holds) = ScopingTests.table[index]
      return "section Create a scoping filter, \(comparison.rawValue) \(values) of \(value): \(holds)"
    }
  }

  @Test("Operators", arguments: table.indices.map(Line.init)) func operators(_ line: Line) throws {
    let (comparison, values, value, holds) = Self.table[line.index]
    #expect(try Self.clause(comparison, values).holds(value) == holds, "\(comparison.rawValue) \(values) of \(value)")
  }

  @Test("Every operator stands in the table, holding and not, and of no value") func complete() {
    for comparison in ScopingOperator.allCases {
      let rows = Self.table.filter { $0.0 == comparison }
      #expect(rows.contains { $0.3 } && rows.contains { !$0.3 }, "\(comparison.rawValue)")
      if comparison.takesOperand { #expect(rows.contains { $0.2 == .null && !$0.3 }, "\(comparison.rawValue)") }
    }
  }

  @Test("Names are found whatever their case, with blanks or underscores") func names() {
    for comparison in ScopingOperator.allCases {
      #expect(ScopingOperator(named: comparison.rawValue.uppercased()) == comparison)
      #expect(ScopingOperator(named: comparison.rawValue.replacing("_", with: " ")) == comparison)
    }
    #expect(ScopingOperator(named: "IS_NOT_NULL") == .isNotNull)
    #expect(ScopingOperator(named: "LIKE") == nil)
  }

  @Test(
    "Clauses that cannot be",
    arguments: [
      ("a", ScopingOperator.equals, [], "needs a value"), ("a", .isNull, ["x"], "takes no value"),
      ("a", .greaterThan, ["1.5"], "whole number"), ("a", .greaterThan, ["-1"], "whole number"),
      ("a", .regexMatch, ["("], "no pattern"),
      ("proxyAddresses", .includes, ["x"], "several values"),
      ("manager", .isNotNull, [], "cannot be in a scoping filter"),
      ("userType", .equals, ["Guest"], "cannot be in a scoping filter"), ("createdDateTime", .isNull, [], "a date"),
      ("", .isNull, [], "name"), ("assignedGroups", .isNull, [], "several values"),
      ("accountEnabled", .equals, ["true"], "IS TRUE or IS FALSE"),
      ("accountEnabled", .equals, ["True", "False"], "IS TRUE or IS FALSE"),
      ("IsSoftDeleted", .notRegexMatch, ["^true$"], "IS TRUE or IS FALSE"),
      ("displayName", .isTrue, [], "no boolean"),
    ]) func refused(_ attribute: String, _ comparison: ScopingOperator, _ values: [String], _ word: String)
  {
    let flaw = #expect(throws: ScopingClause.Flaw.self) { try ScopingClause(attribute, comparison, values) }
    #expect(flaw?.sentence.contains(word) == true, "\(flaw?.sentence ?? "")")
  }

  @Test("A pattern that must match the whole value") func whole() throws {
    let clause = try ScopingClause("a", .regexMatch, ["[1-9][0-9]"], matchesWhole: true)
    #expect(clause.holds(.text("42")) == true)
    #expect(clause.holds(.text("142")) == false)
  }

  @Test("A pattern that takes too long decides nothing, unless another clause does") func tooLong() throws {
    let slow = try ScopingClause("a", .regexMatch, ["^(\\w+\\s?)*$"])
    let not = try ScopingClause("a", .notRegexMatch, ["^(\\w+\\s?)*$"])
    let other = try ScopingClause("b", .equals, ["1"])
    let text = "Verwaltungsangelegenheiten und Personalwesen und Verwaltung!"
    #expect(slow.holds(.text(text)) == nil && not.holds(.text(text)) == nil)
    func holds(_ groups: [[ScopingClause]], _ other: String) -> Bool? {
      let filter = ScopingFilter(groups: groups.map { .init(name: "one", clauses: $0) })
      return filter.holds { ExpressionValue.text($0 == "a" ? text : other) }
    }
    #expect(holds([[slow, other]], "1") == nil && holds([[slow, other]], "2") == false)
    #expect(holds([[slow], [other]], "1") == true && holds([[not], [other]], "2") == nil)
    let policy = ScopePolicy(filter: ScopingFilter(groups: [.init(name: "one", clauses: [not])]))
    let user = DirectoryUser(id: "u", attributes: [DirectoryAttribute(rawValue: "a"): .text(text)])
    #expect(policy.objection(to: user) == .expressionFailed)
    var person = Person(alias: "p")
    (person.user, person.source, person.state) = (user, .standard, .present)
    let desired = DesiredAccount(userName: "u@example.com", displayName: "U", active: true)
    person.decision = Decision(.create, .newInScope, desired: desired)
    let verdict = person.verdict(CyclePolicy(scope: policy), isDuplicate: false)
    #expect(verdict.action == .skip && verdict.reason == .expressionFailed && verdict.desired == desired)
  }

  @Test("Clauses hold together, one group is enough, and no group lets everybody in") func groups() throws {
    let sales = try ScopingClause("department", .equals, ["Sales"])
    let germany = try ScopingClause("country", .equals, ["DE"])
    let badge = try ScopingClause("employeeId", .isNotNull)
    let filter = ScopingFilter(groups: [
      .init(name: "one", clauses: [sales, germany]), .init(name: "two", clauses: [badge]),
    ])
    func holds(_ attributes: JSONValue) -> Bool {
      let look: (String) -> ExpressionValue = { ExpressionValue(attributes[$0]) }
      #expect(filter.verdict(look).isInScope == filter.holds(look))
      return filter.holds(look) == true
    }
    #expect(holds(["department": "Sales", "country": "DE"]))
    #expect(!holds(["department": "Sales", "country": "FR"]))
    #expect(holds(["department": "Sales", "employeeId": "7"]))
    #expect(!holds([:]))
    #expect(ScopingFilter().holds { _ in .null } == true)
    #expect(ScopingFilter().verdict { _ in .null }.isInScope == true)
  }

  @Test("The verdict says what each clause saw") func verdict() throws {
    let filter = ScopingFilter(groups: [
      .init(name: "g", clauses: [try ScopingClause("department", .equals, ["Sales"])])
    ])
    let verdict = filter.verdict { _ in .text("IT") }
    #expect(verdict.groups[0].clauses[0].sentence == #"department EQUALS "Sales": is "IT""#)
    #expect(verdict.json["groups"]?.array?[0]["clauses"]?.array?[0]["holds"] == false)
  }
}

@Suite("Source attributes") struct SourceAttributeTests {
  private func value(_ name: String, _ object: JSONValue) -> ExpressionValue {
    SourceAttribute.value(name) { ExpressionValue(object[$0]) }
  }

  @Test("The portal's names lead to Graph's properties") func names() {
    #expect(value("objectId", ["id": "1"]) == .text("1"))
    #expect(value("physicalDeliveryOfficeName", ["officeLocation": "B1"]) == .text("B1"))
    #expect(value("telephoneNumber", ["businessPhones": ["1", "2"]]) == .text("1"))
    #expect(value("mobile", ["mobilePhone": "5"]) == .text("5"))
    #expect(value("mobile", ["mobile": "6", "mobilePhone": "5"]) == .text("6"))
    #expect(SourceAttribute.stored("mobile").rawValue == "mobilePhone")
    #expect(SourceAttribute.stored("extensionAttribute7").rawValue == "extensionAttribute7")
    #expect(SourceAttribute.isExtension("extensionAttribute15") && !SourceAttribute.isExtension("extensionAttribute16"))
  }

  @Test("A guest's sign-in name is the address it was made of") func guests() {
    let guest: JSONValue = ["userPrincipalName": "kim_fabrikam.com#EXT#@contoso.onmicrosoft.com"]
    #expect(value("userPrincipalName", guest) == .text("kim@fabrikam.com"))
    #expect(value("originalUserPrincipalName", guest) == .text("kim_fabrikam.com#EXT#@contoso.onmicrosoft.com"))
  }

  @Test("Who may not sign in counts as deleted") func deleted() {
    #expect(value("IsSoftDeleted", ["accountEnabled": false]) == .flag(true))
    #expect(value("IsSoftDeleted", ["accountEnabled": true]) == .flag(false))
    #expect(value("IsSoftDeleted", [:]) == .flag(false))
    #expect(value("IsSoftDeleted", ["accountEnabled": true, "IsSoftDeleted": true]) == .flag(true))
  }
}
