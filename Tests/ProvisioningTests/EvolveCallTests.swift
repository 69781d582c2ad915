import Base
import CoreSupport
import JSON
import Provisioning
import Testing

@Suite("Evolve: calls and the linked account")
struct EvolveCallTests {
  private let create = Decision(.create, .newInScope, desired: account("ada"))

  private func remote(_ address: String = "ada@example.com", active: Bool = true) -> RemoteAccount {
    RemoteAccount(id: "u1", userName: address, displayName: "Name of ada", active: active)
  }

  private func started(_ purpose: CallPurpose, userName: String? = nil) -> CallStarted {
    CallStarted(call: 4, purpose: purpose, decision: 10, userName: userName, body: nil)
  }

  private func after(_ person: Person = Person(alias: "ada"), _ events: EventPayload...) -> Person {
    var person = person
    for event in events { person.evolve(event, at: 10) }
    return person
  }

  private var linked: Person {
    after(Person(alias: "ada"), .decided(create), .linked(AccountLinked(.created, remote())))
  }

  @Test("a link says who holds what, and ends what was unanswered or verified")
  func link() {
    let before = after(
      linked, .accountVerified(AccountVerified(isGone: false, account: remote(active: false))),
      .callStarted(started(.create, userName: "ada@example.com")))
    let person = after(before, .linked(AccountLinked(.readBack, remote("king@example.com"))))
    #expect(person.account.believed == remote("king@example.com"))
    #expect(person.account.unanswered == nil && !person.account.isVerified)
  }

  static let names: [(String, String, String, Bool)] = [
    ("Ada", "Ada King", "Ada", true), ("Ada", "Ada King", "Ada King", false), ("Ada", "Ada King", "ADA KING", false),
    ("Ada", "Ada", "Ada", false), ("Ada \u{FFFD}", "Ada 👩‍🔬", "Ada \u{FFFD}", false),
  ]

  @Test("a name behind which the old one shows is kept in mind until the wanted one shows", arguments: names)
  func oldName(old: String, sent: String, shown: String, keeps: Bool) {
    var (before, after) = (remote(), remote())
    (before.displayName, after.displayName) = (old, shown)
    var start = started(.change)
    start.body = ["Operations": [["op": "replace", "path": "displayName", "value": .string(sent)]]]
    let end = CallFinished(
      call: 4, purpose: .change, operation: "", outcome: .done, status: 200, milliseconds: 1, account: after)
    var person = self.after(linked, .linked(AccountLinked(.created, before)), .callStarted(start), .callFinished(end))
    #expect(person.account.keepsOldName == keeps)
    #expect(Person(person.json) == person)
    person.evolve(.deliveryCompleted(DeliveryCompleted(.alreadySo, decision: 10)), at: 11)
    #expect(!person.account.keepsOldName)
  }

  @Test("a write counts and is unanswered until its end is known")
  func writeStarts() {
    let person = after(linked, .callStarted(started(.change)))
    #expect(person.account.calls == 4 && person.account.unanswered == started(.change) && person.isPending)
  }

  static let ends: [(CallPurpose, CallPurpose, CallFinished.Outcome, Bool)] = [
    (.create, .create, .done, false), (.create, .create, .refused, false), (.create, .create, .failed, false),
    (.create, .create, .unknown, true), (.change, .change, .done, false), (.change, .change, .refused, false),
    (.change, .change, .failed, false), (.change, .change, .unknown, true), (.create, .readBack, .done, false),
    (.create, .readBack, .notFound, false), (.create, .readBack, .failed, true), (.change, .readBack, .refused, true),
    (.change, .readBack, .done, false), (.change, .list, .done, true), (.change, .probe, .failed, true),
    (.change, .verify, .failed, true),
  ]

  @Test("how an unanswered write ends", arguments: ends)
  func writeEnds(write: CallPurpose, call: CallPurpose, outcome: CallFinished.Outcome, isUnanswered: Bool) {
    let person = after(linked, .callStarted(started(write)), .callFinished(finished(call, outcome)))
    #expect((person.account.unanswered != nil) == isUnanswered)
  }

  @Test("what a write made of `active` may be in force, although answer or read show otherwise, until one shows it")
  func unconfirmed() {
    let disable = CallStarted(call: 4, purpose: .change, decision: 10, userName: nil, body: ["active": false])
    let old = after(linked, .callStarted(disable), .callFinished(finished(.change, .done, remote())))
    #expect(old.account.unconfirmedActive == false)
    let new = after(linked, .callStarted(disable), .callFinished(finished(.change, .done, remote(active: false))))
    #expect(new.account.unconfirmedActive == nil)
    let behind = after(new, .callFinished(finished(.verify, .done, remote())))
    #expect(behind.account.unconfirmedActive == false && behind.account.believed?.active == true)
    #expect(Person(behind.json) == behind)
    let shown = after(behind, .callFinished(finished(.verify, .done, remote(active: false))))
    #expect(shown.account.unconfirmedActive == nil)
    let verified = after(shown, .accountVerified(AccountVerified(isGone: false, account: remote(active: false))))
    #expect(after(verified, .callFinished(finished(.verify, .done, remote()))).account.unconfirmedActive == nil)
  }

  @Test("an answer shows the linked account; a read of all accounts does not touch anybody")
  func shows() {
    let shown = remote(active: false)
    for purpose in [CallPurpose.change, .readBack, .verify] {
      #expect(after(linked, .callFinished(finished(purpose, .done, shown))).account.believed == shown)
    }
    for purpose in [CallPurpose.list, .probe, .create] {
      #expect(after(linked, .callFinished(finished(purpose, .done, shown))).account.believed == remote())
    }
    #expect(after(linked, .callFinished(finished(.change, .refused, shown))).account.believed == remote())
  }

  @Test("an answer alone does not link: that is an event of its own")
  func noLink() {
    let person = after(
      Person(alias: "ada"), .callStarted(started(.create)), .callFinished(finished(.create, .done, remote())))
    #expect(person.account.believed == nil)
  }

  @Test("an address that was asked for counts until TeamViewer shows it")
  func requestedAddress() {
    let asked = after(
      linked, .callStarted(started(.change, userName: "king@example.com")),
      .callFinished(finished(.change, .done, remote())))
    #expect(asked.account.believed == remote() && asked.account.userName == "king@example.com")
    let still = after(asked, .callFinished(finished(.readBack, .done, remote())))
    #expect(still.account.requestedUserName == "king@example.com")
    let shown = after(asked, .callFinished(finished(.verify, .done, remote("KING@example.com"))))
    #expect(shown.account.requestedUserName == nil && shown.account.userName == "KING@example.com")
    let verified = after(
      asked, .accountVerified(AccountVerified(isGone: false, account: remote("king@example.com", active: false))))
    #expect(verified.account.requestedUserName == nil)
  }

  @Test("an address that was asked for is not waited for once somebody else has given the account a third one")
  func thirdAddress() {
    let asked = after(
      linked, .callStarted(started(.change, userName: "king@example.com")),
      .callFinished(finished(.change, .done, remote())))
    for purpose in [CallPurpose.change, .readBack, .verify] {
      let edited = after(asked, .callFinished(finished(purpose, .done, remote("edited@example.com"))))
      #expect(edited.account.requestedUserName == nil && edited.account.userName == "edited@example.com")
    }
    // What the answer to asking shows may be an address that was confirmed meanwhile.
    let again = after(
      asked, .callStarted(started(.change, userName: "queen@example.com")),
      .callFinished(finished(.change, .done, remote("king@example.com"))))
    #expect(again.account.requestedUserName == "queen@example.com")
  }

  @Test("an address shown at once is not waited for; a refused one was not asked for")
  func immediateAddress() {
    let call = EventPayload.callStarted(started(.change, userName: "king@example.com"))
    let done = after(linked, call, .callFinished(finished(.change, .done, remote("king@example.com"))))
    #expect(done.account.requestedUserName == nil && done.account.userName == "king@example.com")
    let refused = after(linked, call, .callFinished(finished(.change, .refused)))
    #expect(refused.account.requestedUserName == nil && refused.account.userName == "ada@example.com")
  }

  @Test("verified: inactive or gone, until something is sent again")
  func verified() {
    let inactive = after(linked, .accountVerified(AccountVerified(isGone: false, account: remote(active: false))))
    #expect(inactive.account.isVerified && inactive.account.believed?.active == false)
    #expect(!after(inactive, .callStarted(started(.change))).account.isVerified)
    let gone = after(linked, .accountVerified(AccountVerified(isGone: true)))
    #expect(gone.account.isVerified && gone.account.believed == nil)
  }

  @Test("gone, moved or with a broken anchor: no address counts any more, not even one that was asked for")
  func unlinked() {
    let asked = after(
      linked, .callStarted(started(.change, userName: "king@example.com")),
      .callFinished(finished(.change, .done, remote())))
    let moment = Timestamp(milliseconds: 0)
    let ends: [EventPayload] = [
      .accountVerified(AccountVerified(isGone: true)),
      .deliveryCompleted(DeliveryCompleted(.moved, decision: 10, successor: "eve")),
      .deliveryParked(DeliveryParked(.invalidAnchor, decision: 10, attempt: 1, since: moment, retry: moment)),
    ]
    for end in ends {
      let person = after(asked, end)
      #expect(person.account.believed == nil && person.account.userName == nil)
    }
  }

  @Test("moved: the decisions of who had the account are completed with it")
  func moved() {
    var person = after(linked, .decided(Decision(.disable, .absentFromSource, desired: account("ada", active: false))))
    person.evolve(.deliveryCompleted(DeliveryCompleted(.moved, decision: 10, successor: "eve")), at: 11)
    #expect(!person.isPending && person.account.completedHow == .moved)
  }

  @Test("events of other streams say nothing about a person")
  func foreign() {
    let payloads: [EventPayload] = [
      .cycleStarted(CycleStarted(source: .delta, isInitial: false)), .quarantineLeft(QuarantineLeft(.probe)),
      .safeguardApproved(SafeguardApproved(count: 1)), .configurationApplied(ConfigurationApplied(text: "")),
    ]
    for payload in payloads { #expect(after(linked, payload) == linked) }
  }
}

@Suite("Evolve: the target as a whole")
struct TargetConditionTests {
  @Test("pause and quarantine come and go")
  func condition() {
    var condition = TargetCondition()
    let pause = TargetPaused(until: Timestamp(milliseconds: 9), refusals: 1, status: 429)
    condition.evolve(.targetPaused(pause))
    condition.evolve(.quarantineEntered(QuarantineEntered(.credentials, status: 401, operation: "GET /Users")))
    #expect(condition.pause == pause && condition.quarantine?.reason == .credentials)
    condition.evolve(.quarantineLeft(QuarantineLeft(.probe)))
    #expect(condition.pause == pause && condition.quarantine == nil)
  }
}
