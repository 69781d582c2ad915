import Base
import JSON
import Provisioning
import Reports
import Testing

@Suite("Reports: what keeps calls back")
struct TargetWordsTests {
  private let moment = Timestamp(milliseconds: 1_767_312_000_000)

  @Test("no quarantine is an answer too")
  func none() {
    let condition = TargetCondition()
    #expect(
      condition.quarantineJSON == [
        "quarantined": false, "reason": .null, "status": .null, "operation": .null, "causes": [],
      ])
    #expect(condition.quarantineLines == ["there is no quarantine"])
  }

  @Test("a quarantine names its reason, the call, and the calls that led to it")
  func quarantine() {
    var condition = TargetCondition()
    let cause = QuarantineCause(operation: "GET /Users", status: 401, person: nil, answered: moment)
    let entered = QuarantineEntered(.credentials, status: 401, operation: "GET /Users", causes: [cause])
    condition.quarantine = entered
    #expect(condition.quarantineJSON["quarantined"] == true && condition.quarantineJSON["status"] == 401)
    #expect(condition.quarantineJSON["causes"] == [cause.reportJSON])
    #expect(condition.quarantineLines.count == 2)
    #expect(condition.quarantineLines[0].contains("GET /Users was answered 401"))
    #expect(condition.quarantineLines[1] == "  \(moment): GET /Users was answered 401")
    let fault = Fault(entered)
    #expect(fault.code == .of(.credentials) && fault.sentence.contains("GET /Users was answered 401"))
  }

  @Test("every reason for which nothing leaves has its words")
  func blocks() {
    let words = DeliveryBlock.Reason.allCases.map { DeliveryBlock($0, until: moment, quota: "hourly").words }
    #expect(Set(words).count == DeliveryBlock.Reason.allCases.count)
    #expect(DeliveryBlock(.quarantine).words == ": in quarantine")
    #expect(DeliveryBlock(.operatorPause).words == ": paused by an operator")
    #expect(DeliveryBlock(.targetPause, until: moment).words == " before \(moment), as TeamViewer asks")
    #expect(DeliveryBlock(.quota, quota: "hourly").words == ": the quota hourly is used up")
  }

  @Test("a pause says until when and why, and how to end it")
  func pause() {
    let fault = Fault(DeliveryPaused(until: moment, reason: "moving"))
    #expect(fault.code == .deliveriesPaused)
    #expect(
      fault.sentence
        == "An operator has paused deliveries until \(moment): moving. `provledger delivery resume` ends it.")
    #expect(Fault(DeliveryPaused(until: nil, reason: nil)).sentence.hasPrefix("An operator has paused deliveries. "))
  }
}
