import Base
import Provisioning
import SCIM

/// What follows when TeamViewer refuses a person's call (the article Deliveries, "What follows from an answer").
extension Machine {
  mutating func refused(
    _ status: Int, _ reason: ParkReason, _ detail: String?, _ call: Call, _ person: PersonIndex
  ) {
    if call.purpose == .probe { return quarantine(.notSCIM, status, call) }
    succeeded(call)
    finished(call, of: person, .refused, status: status, detail: detail)
    guard people[person].attempt.answersCurrentDecision else { return }
    park(person, reason, status: status, detail: detail)
  }

  /// TeamViewer does not know the linked account's id. Whether the account is gone is said by a full import that is newer
  /// than this answer, by one more read of the id where that lacks it, and by whom TeamViewer shows with the address.
  mutating func vanished(_ call: Call, _ person: PersonIndex) {
    if call.purpose == .probe { return quarantine(.notSCIM, 404, call) }
    guard let believed = people[person].known.account.believed else {
      return refused(404, .rejected, nil, call, person)
    }
    succeeded(call)
    // What became of an unanswered write is not known by it.
    let isReadBack = call.purpose == .readBack
    let outcome: CallFinished.Outcome = call.purpose.isWrite ? .refused : isReadBack ? .failed : .notFound
    finished(call, of: person, outcome, status: 404, error: isReadBack ? "unknown-id" : nil)
    remote.remove(believed.id)
    if people[person].attempt.link == .unknownID {
      people[person].attempt.link = .gone
      return
    }
    // Until a full import says that it is gone, its address is nobody else's.
    unlisted[Address.folded(believed.userName)] = believed
    people[person].attempt.missed += 1
    people[person].attempt.link = .none
    if people[person].attempt.missed > mostMisleading(person) { return park(person, .unfitAnswer, status: 404) }
    people[person].attempt.link = .unknownID
    people[person].attempt.list = listing.sent + 1
  }

  /// The address is taken: look once more at a full import that is newer than this answer.
  mutating func contested(
    _ status: Int, _ detail: String?, _ call: Call, _ person: PersonIndex
  ) {
    guard call.purpose.isWrite, !people[person].attempt.isContested else {
      return refused(status, .entryConflict, detail, call, person)
    }
    succeeded(call)
    finished(call, of: person, .refused, status: status, detail: detail)
    guard people[person].attempt.answersCurrentDecision else { return }
    people[person].attempt.isContested = true
    people[person].attempt.isQueried = false
    people[person].attempt.list = listing.sent + 1
  }

  /// 403: whether it is this account or the token is seen by a plain read.
  mutating func forbidden(_ detail: String?, _ call: Call, _ person: PersonIndex) {
    if call.purpose != .probe { finished(call, of: person, .refused, status: 403, detail: detail) }
    if call.purpose == .change, isMakingWay(person) { return refusesWay(person) }
    guard call.purpose.isWrite else { return quarantine(.insufficientRights, 403, call) }
    gate.blame(call, status: 403, at: now)
    // A newer decision is tried first: it may be allowed.
    if people[person].attempt.answersCurrentDecision { people[person].attempt.forbidden = detail ?? "" }
  }

  mutating func explained(_ call: Call, _ status: Int, _ person: PersonIndex) {
    finished(call, of: person, .done, status: status)
    guard people[person].known.isPending, let detail = people[person].attempt.forbidden else { return }
    people[person].attempt.forbidden = nil
    park(person, .insufficientRights, status: 403, detail: detail.isEmpty ? nil : detail)
  }
}
