import Provisioning
import Testing

@testable import Operations

@Suite("Who is meant by a part of a name")
struct FindTests {
  private let people: [Person] = {
    var ada = Person(alias: "xxdaxxbob7k2m3q4")
    ada.user = DirectoryUser(
      id: "00da0000-0000-4000-8000-0000000bob00",
      attributes: [
        .userPrincipalName: .text("ada@contoso.com"), .displayName: .text("Ada Byron"),
        .mail: .text("countess@example.com"),
      ])
    var bob = Person(alias: "qqqqdaqqqqqqqqqq")
    bob.user = DirectoryUser(id: "id-2", attributes: [.displayName: .text("Bob Gray")])
    return [ada, bob]
  }()

  private func found(_ part: String) -> [String] { people.with(part: part).map { $0.user?[.displayName] ?? "" } }

  @Test("names and addresses by any part, without regard to case")
  func words() {
    #expect(found("BYRON") == ["Ada Byron"] && found("countess@") == ["Ada Byron"] && found("gray") == ["Bob Gray"])
    #expect(found("da") == ["Ada Byron"], "random ids have any short text somewhere")
    #expect(found("nobody").isEmpty)
  }

  @Test("ids by their beginning, from four characters on")
  func ids() {
    #expect(found("00DA") == ["Ada Byron"] && found("qqqqda") == ["Bob Gray"])
    #expect(found("00d").isEmpty && found("bob7").isEmpty && found("id-2") == ["Bob Gray"])
  }
}
