import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// Full imports that are whole by their numbers, and are empty or another company's.
@Suite("Full imports that cannot be the company's")
struct ForeignListTests {
  private static let strangers = (1...30).map { Exchange.user("s\($0)", "s\($0)@other.example", "Stranger \($0)") }

  /// Some people who have accounts, of whom the first leaves, and a joiner; TeamViewer knows nobody's id, and lists others.
  private func play(_ count: Int, listing others: [JSONValue], owner: RemoteAccount? = nil) -> Play {
    var settings = DeliverySettings()
    settings.owner = owner
    var play = Play((1...count).map(Person.delivered) + [.number(count + 1)], settings: settings)
    play.target.accounts = (1...count).map { RemoteAccount.number($0) }
    play.meddle = { _, call in
      if call.purpose == .create { return nil }
      if call.request.path != SCIMRequest.listUsers().path { return .status(404) }
      let users = call.request.parameter("filter") == nil ? others : []
      return .status(200, ListResponse(totalResults: users.count, resources: users).json)
    }
    play.start()
    play.observe(.leaves(1))
    play.run(steps: 1000)
    return play
  }

  @Test("nobody is gone, unlinked or created by it: they are parked, and go on once it is right", arguments: [0, 30])
  func notBelieved(count: Int) {
    var play = play(8, listing: Array(Self.strangers.prefix(count)))
    #expect(play.machine.isIdle && play.sent.allSatisfy { $0.purpose != .create })
    #expect(play.all(AccountUnlinked.self).isEmpty && play.all(AccountVerified.self).isEmpty)
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.incompleteList, .incompleteList])
    #expect(play.all(DeliveryParked.self).allSatisfy { $0.detail?.hasPrefix("it has \(count) accounts") == true })
    #expect(play.all(CallFinished.self).contains { $0.error == "foreign-list" && $0.outcome == .failed })
    play.meddle = { _, _ in nil }
    play.pass(.seconds(7 * 3600))
    #expect(play.people["p1"]?.account.isVerified == true && play.target.accounts[0].active == false)
    #expect(play.target.creates == 1 && play.people.values.allSatisfy { !$0.isPending })
    #expect(play.all(AccountUnlinked.self).isEmpty)
  }

  @Test("of a few people only the token's owner tells: where the list lacks them all and the owner, it is not believed")
  func owner() {
    let owner = RemoteAccount(id: "u99", userName: "owner@contoso.com", displayName: "", active: true)
    let parked = play(2, listing: Self.strangers, owner: owner)
    #expect(parked.all(AccountUnlinked.self).isEmpty && parked.target.creates == 0)
    #expect(parked.all(DeliveryParked.self).map(\.reason) == [.incompleteList, .incompleteList])
    let shown = play(
      2, listing: Self.strangers + [Exchange.user("U99", "Owner@contoso.com", "The Owner")], owner: owner)
    #expect(shown.all(AccountVerified.self).map(\.isGone) == [true])
  }

  @Test("accounts that were made anew under the same addresses are not lacking")
  func madeAnew() {
    var play = Play((1...8).map(Person.delivered))
    play.target.accounts = (1...8).map { RemoteAccount.number($0) }
    for place in 0..<8 { play.target.accounts[place].id = "n\(place + 1)" }
    play.start()
    play.observe(.leaves(1))
    play.run()
    #expect(play.people["p1"]?.account.believed?.id == "n1" && play.target.accounts[0].active == false)
    #expect(play.all(DeliveryParked.self).isEmpty)
  }
}
