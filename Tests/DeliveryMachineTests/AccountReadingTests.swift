import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// Values in TeamViewer's answers that have another form than they should.
@Suite("Accounts as answers show them")
struct AccountReadingTests {
  private static let plain = RemoteAccount(id: "7", userName: "a@b.example", displayName: "Ada", active: true)

  static let plainlyMeant: [(String, JSONValue)] = [
    ("a number as id", ["id": 7, "userName": "a@b.example", "displayName": "Ada", "active": true]),
    ("active as 1", ["id": "7", "userName": "a@b.example", "displayName": "Ada", "active": 1]),
    ("active as text", ["id": "7", "userName": "a@b.example", "displayName": "Ada", "active": "True"]),
    ("an address between blanks", ["id": "7", "userName": " a@b.example\t", "displayName": "Ada", "active": true]),
    ("active left out", ["id": "7", "userName": "a@b.example", "displayName": "Ada"]),
    ("emails as texts", ["id": "7", "userName": .null, "emails": ["a@b.example"], "displayName": "Ada"]),
    ("one e-mail as text", ["id": "7", "emails": "a@b.example", "displayName": "Ada"]),
    ("the whole name apart", ["id": "7", "userName": "a@b.example", "name": ["formatted": "Ada"]]),
  ]

  @Test("what is plainly meant is taken", arguments: plainlyMeant)
  func meant(name: String, json: JSONValue) throws { #expect(try RemoteAccount(shown: json) == Self.plain) }

  static let unreadable: [(JSONValue, String)] = [
    (["userName": "a@b.example"], "id"), (["id": "", "userName": "a@b.example"], "id"),
    (["id": .string(String(repeating: "7", count: 70_000)), "userName": "a@b.example"], "id"),
    (["id": "7", "userName": .null, "emails": []], "userName"),
    (["id": "7", "userName": .string(String(repeating: "a", count: 600))], "userName"),
    (["id": "7", "userName": "a@b.example", "active": 2], "active"),
    (["id": "7", "userName": "a@b.example", "active": "perhaps"], "active"),
  ]

  @Test("what is missing, too long or senseless is named by its attribute", arguments: unreadable)
  func named(json: JSONValue, attribute: String) {
    #expect {
      _ = try RemoteAccount(shown: json)
    } throws: {
      ($0 as? UnreadableAccount)?.attribute == attribute
    }
  }

  @Test("a name of 900,000 characters, or of one character with as many marks, is cut and marked")
  func longName() throws {
    for name in [String(repeating: "é", count: 900_000), "Z" + String(repeating: "\u{301}", count: 900_000)] {
      let account = try RemoteAccount(shown: ["id": "7", "userName": "a@b.example", "displayName": .string(name)])
      #expect(account.displayName.utf8.count <= 1024 && account.displayName.hasSuffix("…"))
    }
  }

  @Test("a stranger without an address in the list is passed over, and everybody else goes on")
  func stranger() {
    var play = Play([.number(1)])
    play.meddle = { _, call in
      guard call.purpose == .list else { return nil }
      let stranger: JSONValue = ["id": "u9", "userName": .null, "emails": []]
      let other = Exchange.user("u8", "other@contoso.com", "Other")
      return .status(200, ListResponse(totalResults: 2, resources: [stranger, other]).json)
    }
    play.start()
    play.run()
    #expect(play.target.creates == 1 && play.people["p1"]?.isPending == false)
    #expect(play.machine.passedOver == [UnreadableAccount(id: "u9", attribute: "userName")])
  }

  @Test(
    "an answer with an id of 70,000 characters reaches no event; the person is read back, and everybody else goes on")
  func longID() throws {
    var play = Play([.number(1), .number(2, isLinked: true)])
    play.target.accounts = [RemoteAccount(id: "u2", userName: "p2@contoso.com", displayName: "Old", active: true)]
    var isOdd = false
    play.meddle = { target, call in
      guard !isOdd, call.purpose == .create else { return nil }
      isOdd = true
      _ = target.answer(call.request)
      return .account(String(repeating: "u", count: 70_000), "p1@contoso.com", "New 1", status: 201)
    }
    play.start()
    play.run()
    #expect(play.target.creates == 1 && play.people.values.allSatisfy { !$0.isPending })
    for event in play.events { #expect(JSONValue.object(event.payload.value.fields.sealed).text.utf8.count < 10_000) }
  }
}
