import Base
import Provisioning
import Testing

@Suite("Why no call leaves")
struct DeliveryBlockTests {
  /// Friday, 2 January 2026, 00:00 UTC.
  private let friday = Timestamp(milliseconds: 1_767_312_000_000)

  private func minutes(_ count: Int64) -> Duration { .seconds(count * 60) }

  // MARK: Maintenance

  @Test("a window that is meant once holds from its beginning to before its end")
  func once() {
    let window = MaintenanceWindow.once(from: friday, to: friday + minutes(60))
    #expect(window.end(at: friday) == friday + minutes(60))
    #expect(window.end(at: friday + minutes(59)) == friday + minutes(60))
    #expect(window.end(at: friday + minutes(60)) == nil && window.end(at: friday + minutes(-1)) == nil)
  }

  @Test("a weekly window counts by the day on which it begins, over midnight too, and before 1970")
  func weekly() {
    let window = MaintenanceWindow.weekly(days: [.friday], from: 22 * 60, to: 2 * 60)
    let (start, end) = (friday + minutes(22 * 60), friday + minutes(26 * 60))
    #expect(window.end(at: start) == end && window.end(at: end + minutes(-1)) == end)
    #expect(window.end(at: start + minutes(-1)) == nil && window.end(at: end) == nil)
    #expect(window.end(at: friday + minutes(60)) == nil, "Thursday's night is not Friday's")
    #expect(window.end(at: start + minutes(7 * 1440)) == end + minutes(7 * 1440))
    let thursday = MaintenanceWindow.weekly(days: [.thursday], from: 0, to: 60)
    #expect(thursday.end(at: Timestamp(milliseconds: 0)) == Timestamp(milliseconds: 3_600_000))
    #expect(thursday.end(at: Timestamp(milliseconds: -7 * 86_400_000)) != nil)
    #expect(thursday.end(at: Timestamp(milliseconds: -86_400_000)) == nil)
  }

  @Test(
    "windows that follow each other end with the last; some that cover the whole week are looked at a fortnight ahead")
  func chained() {
    let windows: [MaintenanceWindow] = [
      .once(from: friday, to: friday + minutes(60)), .once(from: friday + minutes(60), to: friday + minutes(90)),
      .once(from: friday + minutes(95), to: friday + minutes(99)),
    ]
    #expect(windows.end(at: friday) == friday + minutes(90) && windows.end(at: friday + minutes(90)) == nil)
    let always: [MaintenanceWindow] = [.weekly(days: Set(Weekday.allCases), from: 0, to: 0)]
    let end = always.end(at: friday)
    #expect(end == friday + minutes(14 * 1440))
  }

  // MARK: All of them

  @Test("nothing known against it: calls leave")
  func none() {
    #expect(DeliveryBlock.all(TargetCondition(), maintenance: [], quotas: [], at: friday).isEmpty)
    #expect(DeliveryBlock.planned(nil, [], at: friday) == nil)
  }

  @Test("each cause is named with its end, the gravest first, and is gone when its time is over")
  func all() {
    var condition = TargetCondition()
    condition.quarantine = QuarantineEntered(.credentials, status: 401, operation: "GET /Users")
    condition.operatorPause = DeliveryPaused(until: friday + minutes(10), reason: nil)
    condition.pause = TargetPaused(until: friday + minutes(5), refusals: 1, status: 429)
    condition.circuit = CircuitOpened(faults: 5, operation: "POST /Users", error: "timeout")
    let window = MaintenanceWindow.once(from: friday, to: friday + minutes(7))
    func blocks(_ moment: Timestamp) -> [DeliveryBlock] {
      DeliveryBlock.all(condition, maintenance: [window], quotas: [], at: moment)
    }
    #expect(
      blocks(friday) == [
        DeliveryBlock(.quarantine), DeliveryBlock(.operatorPause, until: friday + minutes(10)),
        DeliveryBlock(.maintenance, until: friday + minutes(7)),
        DeliveryBlock(.targetPause, until: friday + minutes(5)), DeliveryBlock(.circuit),
      ])
    #expect(blocks(friday + minutes(10)) == [DeliveryBlock(.quarantine), DeliveryBlock(.circuit)])
    #expect(
      DeliveryBlock.planned(condition.operatorPause, [window], at: friday)
        == DeliveryBlock(.operatorPause, until: friday + minutes(10)))
    #expect(DeliveryBlock.planned(nil, [window], at: friday)?.reason == .maintenance)
  }

  @Test("a quota that is used up holds until its first block is free again, and only blocks of its own name count")
  func quota() {
    let quota = Quota(name: "hourly", operation: "POST /Users", limit: 10, window: minutes(60))
    #expect(quota.covers("POST /Users") && !quota.covers("GET /Users"))
    #expect(Quota(name: "all", limit: 1, window: minutes(1)).covers("GET /Users"))
    #expect(quota.room(used: 4, blocks: 1) == 6 && quota.room(used: 11, blocks: 1) == 0)
    #expect(quota.room(used: 0, blocks: TargetCondition.mostReservations) == 0)
    var condition = TargetCondition()
    condition.reservations = [
      QuotaReserved(quota: "hourly", count: 6, expires: friday),
      QuotaReserved(quota: "daily", count: 9, expires: friday),
      QuotaReserved(quota: "hourly", count: 4, expires: friday + minutes(20)),
    ]
    func block(_ moment: Timestamp) -> DeliveryBlock? {
      DeliveryBlock.all(condition, maintenance: [], quotas: [quota], at: moment).first
    }
    #expect(block(friday) == DeliveryBlock(.quota, until: friday + minutes(60), quota: "hourly"))
    #expect(block(friday + minutes(60)) == nil)
  }

  // MARK: Lanes

  @Test("what is linked to a person decides the lane, and leavers go first")
  func lanes() {
    var person = Person(alias: "a")
    func want(_ isActive: Bool) {
      person.decision = Decision(
        .create, .newInScope, desired: DesiredAccount(userName: "a@b.example", displayName: "A", active: isActive))
    }
    want(true)
    #expect(Lane(person) == .creates)
    person.account.unanswered = CallStarted(call: 1, purpose: .create, decision: 1, userName: nil, body: nil)
    #expect(Lane(person) == .changes)
    person.account.unanswered = nil
    person.account.believed = RemoteAccount(id: "u", userName: "a@b.example", displayName: "A", active: true)
    #expect(Lane(person) == .changes)
    want(false)
    #expect(Lane(person) == .leavers)
  }
}
