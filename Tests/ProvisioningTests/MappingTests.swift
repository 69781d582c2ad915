import Base
import Provisioning
import Testing

@Suite("Mapping")
struct MappingTests {
  private func result(
    _ attributes: [DirectoryAttribute: DirectoryValue], _ mapping: Mapping = Mapping(), lastName: String? = nil
  ) -> Mapping.Result {
    mapping.apply(to: DirectoryUser(id: "id", attributes: attributes), lastName: lastName)
  }

  private let whole: [DirectoryAttribute: DirectoryValue] = [
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

  @Test("each missing or unacceptable value has its reason")
  func reasons() {
    let long = DirectoryValue.text(String(repeating: "\u{301}", count: 60))
    let cases: [([DirectoryAttribute: DirectoryValue], Decision.Reason)] = [
      ([.displayName: .text("Ada")], .importSkipped),
      ([.userPrincipalName: .text("ada@localhost"), .displayName: .text("Ada")], .invalidUserName),
      ([.userPrincipalName: .text("ada@example.com")], .missingValues),
      ([.userPrincipalName: .text("ada@example.com"), .displayName: .text("A")], .invalidDisplayName),
      ([.userPrincipalName: .text("ada@example.com"), .displayName: long], .invalidDisplayName),
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
