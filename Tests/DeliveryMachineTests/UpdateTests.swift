import Base
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

@Suite("Updates by PATCH and PUT")
struct UpdateTests {
  private func play(_ method: UpdateMethod, _ people: [Person]) -> Play {
    var settings = DeliverySettings()
    settings.update = method
    var play = Play(people, settings: settings)
    play.target.accounts = people.compactMap(\.account.believed)
    return play
  }

  @Test("PUT carries the whole account as it is wanted")
  func put() throws {
    var play = play(.put, [.number(1, isLinked: true)])
    play.start()
    let call = try #require(play.sent.first)
    #expect(call.operation == "PUT /Users/{id}" && call.purpose == .change)
    let user = try SCIMUser(#require(call.request.body))
    #expect(user.id == "u1" && user.userName == "p1@contoso.com" && user.displayName == "New 1")
    #expect(user.emails == [SCIMUser.Email(value: "p1@contoso.com", primary: true)] && user.active == true)
    #expect(play.all(CallStarted.self).first?.operation == "PUT /Users/{id}")
    play.run()
    #expect(play.target.accounts.first?.displayName == "New 1" && play.sent.count == 1)
  }

  @Test(
    "of a leaver PUT changes nothing but that the account is inactive, and it is read back", arguments: [true, false])
  func leaver(isTerse: Bool) throws {
    var play = play(.put, [.number(1, active: false, isLinked: true)])
    play.target.isTerse = isTerse
    play.start()
    play.run()
    #expect(play.sent.map(\.operation) == ["PUT /Users/{id}", "GET /Users/{id}", "GET /Users"])
    #expect(
      play.target.accounts == [
        RemoteAccount(id: "u1", userName: "p1@contoso.com", displayName: "Old 1", active: false)
      ])
    #expect(play.people["p1"]?.account.isVerified == true)
  }

  @Test("a leaver whose address has become another since is disabled, and so is an account that has it now")
  func leaverMoved() {
    var play = play(.put, [.number(1, active: false, isLinked: true)])
    play.target.accounts = [
      RemoteAccount(id: "u1", userName: "confirmed@contoso.com", displayName: "Old 1", active: true),
      RemoteAccount(id: "u2", userName: "p1@contoso.com", displayName: "Somebody", active: true),
    ]
    play.meddle = { _, call in
      guard call.request.path == "/Users/u1", call.request.body?["userName"] == "p1@contoso.com" else { return nil }
      return .status(409, SCIMErrorResponse(status: 409, scimType: "uniqueness").json)
    }
    play.start()
    play.run()
    #expect(play.target.accounts.map(\.active) == [false, false])
    #expect(play.target.accounts.first?.userName == "confirmed@contoso.com")
    #expect(play.people["p1"]?.account.isVerified == true && play.people["p1"]?.account.parked == nil)
  }

  @Test("a target that refuses PATCH gets PUT, from then on; nobody is parked", arguments: [405, 501])
  func fallsBack(status: Int) {
    var play = play(.patch, (1...30).map { .number($0, isLinked: true) })
    play.target.refusesPatch = status
    play.start()
    play.run()
    #expect(play.people.values.allSatisfy { !$0.isPending && $0.account.parked == nil })
    #expect(play.sent.filter { $0.request.method == .patch }.count == 8)
    #expect(play.sent.filter { $0.request.method == .put }.count == 30)
    #expect(play.condition == TargetCondition())
  }

  @Test("a target that refuses PUT as well has that account parked, or counts as at fault")
  func refusesBoth() {
    var play = play(.patch, [.number(1, isLinked: true)])
    play.meddle = { _, call in call.purpose.isWrite ? .status(405) : nil }
    play.start()
    play.run()
    #expect(play.people["p1"]?.account.parked?.reason == .rejected)
    #expect(play.sent.count == 2)
  }

  @Test(
    "a TeamViewer that says 200 and does nothing is found, and the leaver reported", arguments: UpdateMethod.allCases)
  func deaf(method: UpdateMethod) {
    var play = play(method, [.number(1, active: false, isLinked: true)])
    play.target.isDeaf = true
    play.start()
    play.run()
    let parked = play.people["p1"]?.account.parked
    #expect(parked?.reason == .notApplied)
    #expect(play.people["p1"]?.account.isVerified == false && play.all(AccountVerified.self).isEmpty)
    #expect(play.sent.filter(\.purpose.isWrite).count == 3)
  }
}
