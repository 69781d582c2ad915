import Base
import JSON
import Provisioning
import Testing

@testable import Exports

@Suite("What was done to an account, and what the directory showed")
struct AccountActionTests {
  private static let start = Timestamp(milliseconds: 1_767_323_045_000)
  private static let wanted = DesiredAccount(userName: "ada@contoso.com", displayName: "Ada", active: true)

  private func subject(_ payloads: [EventPayload]) -> ExportSubject {
    var subject = ExportSubject(alias: "k3v9alias")
    for (index, payload) in payloads.enumerated() {
      subject.take(
        LoggedEvent(
          Event(.user("k3v9alias"), payload), position: Int64(index + 1), time: Self.start, actor: "worker"))
    }
    return subject
  }

  private func linked(isActive: Bool) -> EventPayload {
    .linked(
      AccountLinked(
        .matched, RemoteAccount(id: "u1", userName: "ada@contoso.com", displayName: "Ada", active: isActive)))
  }

  private func call(_ purpose: CallPurpose) -> EventPayload {
    .callStarted(CallStarted(call: 1, purpose: purpose, decision: 1, userName: nil, body: nil))
  }

  private func done(_ how: DeliveryCompleted.How) -> EventPayload {
    .deliveryCompleted(DeliveryCompleted(how, decision: 1))
  }

  @Test("an account is created by a call that makes one, and by no other")
  func created() {
    let decided = EventPayload.decided(Decision(.create, .newInScope, desired: Self.wanted))
    #expect(subject([decided, call(.create)]).accountAction(done(.call), "create") == .create)
    #expect(subject([decided, call(.create)]).accountAction(done(.readBack), "create") == .create)
    let matched = [decided, linked(isActive: true), call(.change)]
    #expect(subject(matched).accountAction(done(.call), "create") == .update)
    let back = [decided, linked(isActive: false), call(.change)]
    #expect(subject(back).accountAction(done(.call), "create") == .enable)
  }

  @Test(
    "what was so, what was moved and what never was is no change",
    arguments: [DeliveryCompleted.How.alreadySo, .moved, .noAccount])
  func unchanged(how: DeliveryCompleted.How) {
    let decided = EventPayload.decided(Decision(.disable, .disabledInSource, desired: Self.wanted))
    #expect(subject([decided]).accountAction(done(how), "disable") == nil)
    var event = Sample.delivery("disable", reason: how.rawValue)
    event.accountAction = nil
    #expect(ASIMLines.object(event, Sample.settings) == nil)
    #expect(OCSFActivity(event, .v1_8).type == .base)
    let record = EntraRecord(event, Sample.settings)
    #expect(record?.action == "other" && record?.status == "skipped")
    #expect(record?.steps.last?.name == "EntrySynchronizationSkip")
  }

  @Test("the steps say what was seen of the person, and nothing else")
  func steps() {
    var event = Sample.delivery("disable")
    event.source = ExportedSource(isActive: false, isAssigned: false, received: .delete, isGround: true)
    var steps = EntraRecord(event, Sample.settings)?.steps ?? []
    #expect(steps.first?.name == "EntryImportDelete")
    #expect(steps.dropFirst().first?.detail["Active in the source system"] == "False")
    #expect(steps.dropFirst().first?.detail["Assigned to the application"] == "False")
    // A reviewer ordered it: nothing was received, and the person is there.
    event.source = ExportedSource(isActive: true, isAssigned: nil, received: .update, isGround: false)
    steps = EntraRecord(event, Sample.settings)?.steps ?? []
    #expect(steps.first?.name == "EntrySynchronizationScoping")
    #expect(steps.first?.detail == ["Active in the source system": "True"])
    event.source = nil
    #expect(EntraRecord(event, Sample.settings)?.steps.first?.type == "matching")
  }

  @Test("what was received is told by who was there before")
  func received() {
    let user = DirectoryUser(id: "1")
    let present = EventPayload.userObserved(UserObserved(state: .present, user: user))
    #expect(subject([present]).source?.received == .add)
    #expect(subject([present, present]).source?.received == .update)
    let gone = EventPayload.userObserved(UserObserved(state: .absent, user: user))
    #expect(subject([present, gone]).source?.received == .delete)
    let ordered = EventPayload.decided(Decision(.disable, .accessReviewed, desired: Self.wanted))
    #expect(subject([present, ordered]).source?.isGround == false)
  }
}
