import Base
import TestSupport
import Testing

@testable import Ledger

// What can be read and could not work.
extension ConfigurationCheckTests {
  static let useless: [Case] = addresses + functions + comparisons + places

  private static let addresses = [
    Case(.matching, mapped("target: userName, constant: shared@x.example"), 5, 7, "map an attribute"),
    Case(.matching, mapped("target: userName, expression: 'Append(\"a\", \"@x.example\")'"), 5, 7, "map an attribute"),
    Case(
      .matching, mapped("target: userName, expression: 'Coalesce([mail], \"shared@x.example\")'"), 5, 7,
      "map an attribute"),
    Case(
      .matching, mapped("target: userName, attribute: mail, default: shared@x.example"), 5, 7, "remove the default"),
    Case(
      .activeMapping, mapped("target: active, expression: 'Not([IsSoftDeleted])', onlyOnCreate: true"), 5, 7,
      "remove onlyOnCreate"),
  ]

  private static let functions = [
    Case(
      .unusableFunction, mapped("target: userName, expression: 'Join(\"@\", [mailNickname], DefaultDomain())'"), 5, 7,
      "write it as a text"),
    Case(
      .unusableFunction, mapped("target: displayName, expression: 'Split([displayName], \" \")'"), 5, 7, "Join"),
    Case(
      .unusableFunction, mapped("target: displayName, expression: 'AppRoleAssignmentsComplex([appRoleAssignments])'"),
      5, 7, "several values"),
    Case(.arguments, mapped("target: displayName, expression: 'Item([a], 0)'"), 5, 41, "counts from 1"),
    Case(.arguments, mapped("target: displayName, expression: 'DateAdd(\"q\", 1, [a])'"), 5, 41, "no interval"),
    Case(.arguments, mapped("target: displayName, expression: 'RandomString(3,2,2,2,2)'"), 5, 41, "minima"),
  ]

  private static let comparisons = [
    Case(
      .comparison, filtered("attribute: accountEnabled, operator: EQUALS, value: true"), 7, 11, "IS TRUE or IS FALSE"),
    Case(.comparison, filtered("attribute: accountEnabled, operator: NOT EQUALS, value: 'true'"), 7, 11, "IS TRUE"),
    Case(.comparison, filtered("attribute: accountEnabled, operator: REGEX MATCH, value: '^true$'"), 7, 11, "IS TRUE"),
    Case(.comparison, filtered("attribute: accountEnabled, operator: Greater_Than, value: 0"), 7, 11, "IS TRUE"),
    Case(.comparison, filtered("attribute: displayName, operator: IS TRUE"), 7, 11, "no boolean"),
    Case(.comparison, filtered("attribute: country, operator: IS FALSE"), 8, 11, "no boolean", readsTenant: true),
    Case(
      .comparison, filtered("attribute: onPremisesSyncEnabled, operator: EQUALS, value: 'Yes'"), 8, 11, "IS TRUE",
      readsTenant: true),
    Case(.scopeAttribute, filtered("attribute: assignedGroups, operator: IS NULL"), 7, 11, "several values"),
    Case(.scopeAttribute, filtered("attribute: hireDate, operator: IS NULL"), 8, 11, "a date", readsTenant: true),
  ]

  private static let places = [
    Case(
      .unknownAttribute, mapped("target: displayName, attribute: extension_x"), 6, 40, "application id",
      readsTenant: true),
    Case(.url, "graph:\n  url: https://graph.microsoft.com", 4, 8, "/v1.0 or /beta"),
    Case(.url, "graph:\n  url: http://127.0.0.1:9/", 4, 8, "/v1.0 or /beta"),
    Case(.name, "graph:\n  tenant: Common\n  client: c\n  credentials: {certificate: p}", 4, 11, "no tenant"),
    Case(.time, "delivery:\n  maintenance:\n    - {from: \"00:00\", to: \"00:00\"}", 5, 7, "whole week"),
    Case(
      .time,
      "delivery:\n  maintenance:\n    - {from: \"00:00\", to: \"13:00\"}\n    - {from: \"12:00\", to: \"00:00\"}", 6, 7,
      "whole week"),
  ]

  static let useful: [String] = [
    filtered("attribute: accountEnabled, operator: EQUALS, value: 'True'"),
    filtered("attribute: onPremisesSyncEnabled, operator: EQUALS, value: 'Yes'"),
    filtered("attribute: accountEnabled, operator: IS NOT NULL"),
    mapped("target: userName, expression: 'Switch([mail], [mail], \"old@x.example\", \"new@x.example\")'"),
    mapped("target: displayName, expression: 'Item(Split([mail], \"@\"), 1)'"),
    "delivery:\n  maintenance: [{days: [sunday], from: \"00:00\", to: \"00:00\"}]",
    "graph:\n  url: https://graph.microsoft.us/beta/",
  ]

  @Test("What looks like these and works is no mistake", arguments: useful)
  func works(_ text: String) {
    #expect(Self.check(Self.head + text).isEmpty, "\(Self.check(Self.head + text).map(\.fault.description))")
  }

  @Test("A byte order mark is passed over, and places stay right") func byteOrderMark() throws {
    let folder = try TestLedger(isEmpty: true)
    let text = try OpenLedger.configurationText(try folder.write("marked.yaml", "\u{FEFF}colour: o\n" + Self.head))
    let found = Self.check(text)
    #expect(found.map(\.kind) == [.unknownKey])
    #expect(found.first?.fault.place == Fault.Place(file: "provledger.yaml", line: 1, column: 1))
  }
}
