import Base
import Expressions
@testable import Provisioning
import Testing

@Suite("Mapping")
struct MappingTests {
  private func result(
    _ attributes: DirectoryAttributes, _ mapping: Mapping = Mapping(), lastName: String? = nil
  ) -> Mapping.Outcome {
    var person = Person(alias: "p")
    person.lastDesired = lastName.map { DesiredAccount(userName: "", displayName: $0, active: true) }
    return mapping.apply(to: DirectoryUser(id: "id", attributes: attributes), of: person, .none, isChanged: true)
  }

  private let whole: DirectoryAttributes = [
    .userPrincipalName: .text("ada@example.com"), .displayName: .text("Ada"), .mail: .text("ada@mail.example.com"),
  ]

  @Test("userName comes from the sign-in name, or from mail where it is so configured; the constant goes along")
  func sources() {
    #expect(
      result(whole) == .account(account("ada", name: "Ada"), cutFrom: nil))
    #expect(
      result(whole, Mapping(userName: .mail, ssoCustomerId: "sso"))
        == .account(account("ada", name: "Ada", address: "ada@mail.example.com", sso: "sso"), cutFrom: nil))
  }

  @Test("a guest's form is undone in the sign-in name and in nothing else, by the short way and by a mapping alike")
  func guest() throws {
    let mangled = "ada_home.example#EXT#@contoso.example"
    let user = DirectoryUser(
      id: "id", attributes: [.userPrincipalName: .text(mangled), .mail: .text(mangled), .displayName: .text("Ada")])
    for (attribute, address) in [(DirectoryAttribute.userPrincipalName, "ada@home.example"), (.mail, mangled)] {
      let source = MappingExpression(attribute: attribute.rawValue)
      let own = try AttributeMapping(to: "userName", from: source)
      #expect(Mapping(userName: attribute).address(of: user) == address)
      #expect(Mapping(own: [own]).address(of: user) == address)
    }
  }

  @Test("each missing or unacceptable value has its reason")
  func reasons() {
    let long = DirectoryValue.text(String(repeating: "\u{301}", count: 60))
    let cases: [(DirectoryAttributes, Decision.Reason)] = [
      ([.displayName: .text("Ada")], .importSkipped),
      ([.userPrincipalName: .text("ada@localhost"), .displayName: .text("Ada")], .invalidUserName),
      ([.userPrincipalName: .text("ada@example.com")], .missingValues),
      ([.userPrincipalName: .text("ada@example.com"), .displayName: .text("A")], .invalidDisplayName),
      ([.userPrincipalName: .text("ada@example.com"), .displayName: long], .invisibleDisplayName),
    ]
    for (attributes, reason) in cases { #expect(result(attributes) == .unacceptable(reason)) }
  }

  @Test("a name that is only padded is trimmed, not cut")
  func padded() {
    var padded = whole
    padded[.displayName] = .text("Ada" + String(repeating: " ", count: 60))
    #expect(result(padded) == .account(account("ada", name: "Ada"), cutFrom: nil))
  }

  @Test("a cleared name gives way to the last one")
  func cleared() {
    var nameless = whole
    nameless[.displayName] = nil
    #expect(result(nameless, lastName: "Countess") == .account(account("ada", name: "Countess"), cutFrom: nil))
  }
}

@Suite("Names that cannot be sent")
struct DisplayNameFlawTests {
  static let names: [(name: String, reason: Decision.Reason)] = [
    ("\u{200B}", .invisibleDisplayName), ("\u{3164}\u{3164}", .invisibleDisplayName),
    ("\u{2800}\u{2800}\u{2800}", .invisibleDisplayName), ("  \t ", .invisibleDisplayName),
    ("\u{301}\u{302}", .invisibleDisplayName), ("A", .invalidDisplayName),
    ("Z" + String(repeating: "\u{301}", count: 60), .displayNameCannotBeCut),
  ]

  @Test("each flaw has its own reason", arguments: names)
  func flaw(name: String, reason: Decision.Reason) {
    let user = DirectoryUser(
      id: "u", attributes: [.userPrincipalName: .text("ada@example.com"), .displayName: .text(name)])
    #expect(Mapping().apply(to: user, of: Person(alias: "p"), .none, isChanged: true) == .unacceptable(reason))
  }

  @Test("a blank before or after an address is named", arguments: [" ada@example.com", "ada@example.com\u{A0}"])
  func blank(address: String) {
    let user = DirectoryUser(id: "u", attributes: [.userPrincipalName: .text(address), .displayName: .text("Ada")])
    #expect(
      Mapping().apply(to: user, of: Person(alias: "p"), .none, isChanged: true) == .unacceptable(.blankInUserName))
  }
}
