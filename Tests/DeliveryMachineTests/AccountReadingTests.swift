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

  @Test("whose account was linked under an id that was a text goes on where it is a number, of whatever size")
  func numberForText() {
    for id in ["7", "12345678901234567890"] {
      var person = Person.number(1)
      let account = RemoteAccount(id: id, userName: "p1@contoso.com", displayName: "Old 1", active: true)
      person.evolve(.linked(AccountLinked(.matched, account)), at: 4)
      var play = Play([person])
      let body = #"{"id":\#(id),"userName":"p1@contoso.com","displayName":"New 1","active":true}"#
      play.meddle = { _, _ in .response(SCIMResponse(status: 200, body: Array(body.utf8))) }
      play.start()
      play.run(steps: 60)
      #expect(play.people["p1"]?.isPending == false && play.sent.map(\.purpose) == [.change], "\(id)")
    }
  }

  static let unreadable: [(JSONValue, String)] = [
    (["userName": "a@b.example"], "id"), (["id": "", "userName": "a@b.example"], "id"),
    (["id": .string(String(repeating: "7", count: 70_000)), "userName": "a@b.example"], "id"),
    (["id": "7", "userName": .null, "emails": []], "userName"),
    (["id": "7", "userName": .string(String(repeating: "a", count: 600))], "userName"),
    (["id": "7", "userName": "a@b.example", "active": 2], "active"),
    (["id": "7\u{FFFD}", "userName": "a@b.example"], "id"),
    (["id": "7", "userName": "\u{FFFD}@b.example"], "userName"),
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

  /// A page of one entry as a target writes it.
  private static func page(_ entries: [String], _ call: Call) -> Exchange {
    let place = call.request.parameter("startIndex").flatMap { Int($0) } ?? 1
    let body = #"{"totalResults":\#(entries.count),"Resources":[\#(entries[min(place, entries.count) - 1])]}"#
    return .response(SCIMResponse(status: 200, body: Array(body.utf8)))
  }

  @Test("a page with nothing but a stranger who cannot be read, wherever it stands, stops nobody", arguments: 0..<3)
  func poisonedPage(place: Int) {
    var play = Play([.number(1)])
    var entries = [8, 9].map { #"{"id":"u\#($0)","userName":"other\#($0)@contoso.com","active":true}"# }
    entries.insert(#"{"id":"u7","userName":null}"#, at: place)
    play.meddle = { _, call in call.purpose == .list ? Self.page(entries, call) : nil }
    play.start()
    play.run(steps: 60)
    #expect(play.target.creates == 1 && play.people["p1"]?.isPending == false)
    #expect(play.machine.passedOver == [UnreadableAccount(id: "u7", attribute: "userName")])
  }

  @Test("a list of which nothing can be read says nothing, and neither does such an answer to a question")
  func nothingReadable() {
    var play = Play([.number(1)])
    play.meddle = { _, call in
      call.purpose == .list ? Self.page([#"{"id":"u7","userName":null}"#], call) : nil
    }
    play.start()
    play.run(steps: 100)
    #expect(play.target.creates == 0 && play.all(DeliveryParked.self).map(\.reason) == [.incompleteList])
    #expect(play.all(CallFinished.self).first?.error == "unreadable-list")
    let question = Call(
      id: 0, purpose: .readBack, person: "p1",
      request: .listUsers(filter: Filter("userName", .eq, "p1@contoso.com")), sent: play.now)
    let answer = Answer(Self.page([#"{"id":"u7","userName":null}"#], question), to: question)
    #expect(answer == .fault(label: "unreadable", status: 200, mayHaveArrived: true))
  }

  @Test(
    "a name that was cut within a character stops nobody; our own is delivered once, and no difference")
  func cutName() {
    var play = Play([.number(1, isLinked: true), .number(2)])
    let cut = #"{"id":"u1","userName":"p1@contoso.com","displayName":"New 1 \ud83d","active":true}"#
    let stranger = #"{"id":"u9","userName":"other@contoso.com","displayName":"X\ude00","active":true}"#
    play.meddle = { _, call in
      if call.purpose == .create || call.request.path == "/Users/c1" { return nil }
      if call.purpose == .list { return Self.page([cut, stranger], call) }
      return .response(SCIMResponse(status: 200, body: Array(cut.utf8)))
    }
    play.start()
    play.run(steps: 60)
    #expect(play.target.creates == 1 && play.people.values.allSatisfy { !$0.isPending })
    #expect(play.people["p1"]?.account.believed?.displayName == "New 1 \u{FFFD}")
    let sent = play.sent.count
    // Who was made above is not on this list, and is read by id.
    play.observe(Event(.target, .reconcileRequested(ReconcileRequested(id: "r", repair: true))))
    play.run(steps: 60)
    #expect(play.all(DriftDetected.self).allSatisfy { $0.account?.id != "u1" })
    #expect(play.sent.dropFirst(sent).allSatisfy { !$0.purpose.isWrite || $0.person != "p1" })
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
