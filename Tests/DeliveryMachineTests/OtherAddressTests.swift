import Base
import CoreSupport
import DeliveryMachine
import JSON
import Provisioning
import SCIM
import Testing

/// TeamViewer makes an account under another address than it was asked for.
@Suite("Accounts under another address")
struct OtherAddressTests {
  /// An account that TeamViewer made for a create, as it writes the address, and the answer that shows it.
  private static func make(
    _ call: Call, in target: inout SmallTeamViewer, as address: String, named name: String? = nil
  ) -> Exchange {
    target.creates += 1
    let sent = AccountAttributes(sent: call.request.body)[.displayName]?.text
    let account = RemoteAccount(
      id: "c\(target.creates)", userName: address, displayName: name ?? sent ?? "", active: true)
    target.accounts.append(account)
    return .status(201, SmallTeamViewer.user(account))
  }

  /// One person, whose account TeamViewer makes under an address of its own.
  private func play(
    as address: String, named name: String? = nil, besides others: [Person] = []
  ) -> Play {
    var play = Play([.number(1)] + others)
    play.meddle = { target, call in
      guard call.purpose == .create, call.person == "p1" else { return nil }
      return Self.make(call, in: &target, as: address, named: name)
    }
    play.start()
    play.run()
    return play
  }

  @Test("it is read by its id and linked, no second one is made, and a leaver has it disabled")
  func linked() {
    var play = play(as: "p1+a@contoso.com")
    #expect(play.target.creates == 1 && play.people["p1"]?.isPending == false)
    #expect(play.people["p1"]?.account.believed?.id == "c1" && play.all(DeliveryParked.self).isEmpty)
    #expect(play.sent.map(\.purpose) == [.list, .create, .readBack, .readBack])
    play.start()
    play.run()
    play.observe(.leaves(1))
    play.run()
    #expect(play.target.accounts.map(\.active) == [false] && play.people["p1"]?.account.isVerified == true)
  }

  @Test("letters in another case are the same address")
  func otherCase() {
    let play = play(as: "P1@Contoso.com")
    #expect(play.sent.map(\.purpose) == [.list, .create] && play.people["p1"]?.account.believed?.id == "c1")
  }

  @Test("one that has another name is nobody's: the person is parked, and no process makes a second one")
  func otherName() {
    var play = play(as: "p1+a@contoso.com", named: "Somebody Else")
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.otherAddress] && play.all(AccountLinked.self).isEmpty)
    for _ in 0..<3 {
      play.start()
      play.pass(.seconds(25 * 3600))
    }
    #expect(play.target.creates == 1 && play.people["p1"]?.account.parked?.reason == .otherAddress)
    // Its address is put right by hand.
    play.target.accounts[0].userName = "p1@contoso.com"
    play.pass(.seconds(25 * 3600))
    #expect(play.people["p1"]?.account.believed?.id == "c1" && play.people["p1"]?.isPending == false)
    #expect(play.target.creates == 1)
  }

  @Test("after an operator's word it is made once more")
  func retried() {
    var play = play(as: "p1+a@contoso.com", named: "Somebody Else")
    play.meddle = { _, _ in nil }
    play.target.accounts = []
    play.observe(Event(.user("p1"), .deliveryRetried(DeliveryRetried())))
    play.run()
    #expect(play.target.creates == 2 && play.people["p1"]?.account.believed?.userName == "p1@contoso.com")
  }

  @Test("one under an address that another person needs is not taken from them")
  func othersAddress() {
    let play = play(as: "p2@contoso.com", besides: [.number(2)])
    #expect(play.people["p1"]?.account.believed == nil)
    #expect(play.all(DeliveryParked.self).map(\.reason).contains(.otherAddress))
    #expect(play.sent.count { $0.purpose == .create && $0.person == "p1" } == 1)
  }

  @Test("one that TeamViewer does not know by its id is not there: the person is parked")
  func unknown() {
    var play = Play([.number(1)])
    play.meddle = { _, call in
      call.purpose == .create ? .account("c9", "p1+a@contoso.com", "New 1", status: 201) : nil
    }
    play.start()
    play.run()
    #expect(play.all(DeliveryParked.self).map(\.reason) == [.otherAddress])
    #expect(play.sent.count { $0.purpose == .create } == 1)
  }
}
