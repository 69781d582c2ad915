import Base
import JSON
import Provisioning
import SCIM

/// What an answer to a person's call leads to (the article Deliveries, "What follows from an answer").
extension DeliveryMachine {
  mutating func answered(_ answer: Answer, _ call: Call, _ person: Int, _ now: Timestamp) {
    if call.purpose == .verify, !people[person].isPending { return reread(answer, call, person, now) }
    switch answer {
    case .account(let account, let status): showed(account, status, call, person, now)
    case .accepted(let status): accepted(status, call, person, now)
    case .page(let accounts, _, let status): found(accounts, status, call, person, now)
    case .notFound where call.purpose != .create: vanished(call, person, now)
    case .notFound: refused(404, .rejected, nil, call, person, now)
    case .rejected(let status, let detail): refused(status, .rejected, detail, call, person, now)
    case .addressTaken(let status, let detail): contested(status, detail, call, person, now)
    case .forbidden(let detail): forbidden(detail, call, person, now)
    case .unauthorized:
      finished(call, person, .refused, 401, now)
      quarantine(.credentials, 401, call, now)
    case .tooFast(let retryAfter, let status):
      finished(call, person, .refused, status, error: "rate-limit", now)
      slowDown(retryAfter, status, call, now)
    case .fault(let label, let status, let mayHaveArrived):
      let isOpen = call.purpose.isWrite && mayHaveArrived
      finished(call, person, isOpen ? .unknown : .failed, status, error: label, now)
      failed(label, status, call, person, now)
    case .unsupported(let status): unsupported(status, call, person, now)
    }
  }

  /// PATCH is refused as a method: nothing is wrong with the account, and PUT does as well.
  private mutating func unsupported(_ status: Int, _ call: Call, _ person: Int, _ now: Timestamp) {
    succeeded(now)
    update = .put
    finished(call, person, .refused, status, error: "method-refused", now)
  }

  /// An answer about a person who was erased while the call was on its way: only what tells nobody is recorded, and what
  /// concerns TeamViewer as a whole still counts.
  mutating func answeredTooLate(_ answer: Answer, _ call: Call, _ person: Int, _ now: Timestamp) {
    switch answer {
    case .unauthorized:
      finished(call, person, .refused, 401, now)
      quarantine(.credentials, 401, call, now)
    case .tooFast(let retryAfter, let status):
      finished(call, person, .refused, status, error: "rate-limit", now)
      slowDown(retryAfter, status, call, now)
    case .fault(let label, let status, let mayHaveArrived):
      let isOpen = call.purpose.isWrite && mayHaveArrived
      finished(call, person, isOpen ? .unknown : .failed, status, error: label, now)
      broke(label, status, call, now)
    case .unsupported(let status): unsupported(status, call, person, now)
    case .account(_, let status), .accepted(let status), .page(_, _, let status):
      succeeded(now)
      finished(call, person, .done, status, now)
    case .notFound:
      succeeded(now)
      finished(call, person, call.purpose.isWrite ? .refused : .notFound, 404, now)
    case .rejected(let status, _), .addressTaken(let status, _):
      succeeded(now)
      finished(call, person, .refused, status, now)
    case .forbidden: finished(call, person, .refused, 403, now)
    }
  }

  /// Records what came of a call of a person.
  mutating func finished(
    _ call: Call, _ person: Int, _ outcome: CallFinished.Outcome, _ status: Int?, error: String? = nil,
    account: RemoteAccount? = nil, detail: String? = nil, _ now: Timestamp
  ) {
    let number = call.purpose.isWrite ? people[person].account.calls : 0
    record(
      person,
      .callFinished(
        CallFinished(
          call: number, purpose: call.purpose, operation: call.operation, outcome: outcome, status: status,
          error: error, milliseconds: Int(call.duration(until: now).milliseconds), account: account, detail: detail)))
  }

  // MARK: It went well

  private mutating func showed(
    _ account: RemoteAccount, _ status: Int, _ call: Call, _ person: Int, _ now: Timestamp
  ) {
    succeeded(now)
    finished(call, person, .done, status, account: account, now)
    remote.show(account)
    switch call.purpose {
    case .create:
      link(person, .created, account, now)
      acknowledge(call, person)
    case .change: acknowledge(call, person)
    case .verify: verified(account, person, now)
    default: errands[person].how = .readBack
    }
  }

  /// A change answered without a body: TeamViewer has what was sent.
  private mutating func accepted(_ status: Int, _ call: Call, _ person: Int, _ now: Timestamp) {
    succeeded(now)
    var account = people[person].account.believed
    let sent = SentAttributes(people[person].account.unanswered?.body)
    if let address = sent.userName { account?.userName = address }
    if let name = sent.displayName { account?.displayName = name }
    if let active = sent.active { account?.active = active }
    finished(call, person, .done, status, account: account, now)
    if let account { remote.show(account) }
    acknowledge(call, person)
  }

  private mutating func acknowledge(_ call: Call, _ person: Int) {
    errands[person].how = .call
    guard errands[person].isAnswerPresent else { return }
    errands[person].isContested = false
    let sent = SentAttributes(call.request.body).names
    // An account that is made inactive is activated by a change.
    errands[person].acknowledged.formUnion(call.purpose == .create ? sent.subtracting(["active"]) : sent)
  }

  private mutating func verified(_ account: RemoteAccount, _ person: Int, _ now: Timestamp) {
    if !account.active {
      record(person, .accountVerified(AccountVerified(isGone: false, account: account)))
      return
    }
    errands[person].acknowledged.remove("active")
    errands[person].ineffective += 1
    if errands[person].ineffective >= 3 {
      park(person, .notApplied, now)
    } else if errands[person].ineffective > 1 {
      errands[person].notBefore = now + settings.backoff(faults: errands[person].ineffective, &random)
    }
  }

  /// The answer to a read-back by address.
  private mutating func found(
    _ accounts: [RemoteAccount], _ status: Int, _ call: Call, _ person: Int, _ now: Timestamp
  ) {
    succeeded(now)
    if call.purpose == .probe { return explained(call, status, person, now) }
    let address = people[person].account.unanswered?.userName ?? ""
    let account = accounts.first { Address.folded($0.userName) == Address.folded(address) }
    finished(call, person, account == nil ? .notFound : .done, status, account: account, now)
    guard let account, holders[account.id] == nil else { return }
    link(person, .readBack, account, now)
    errands[person].how = .readBack
    guard errands[person].isAnswerPresent else { return }
    errands[person].acknowledged.formUnion(["userName", "displayName"])
  }

  // MARK: TeamViewer refused it

  private mutating func refused(
    _ status: Int, _ reason: ParkReason, _ detail: String?, _ call: Call, _ person: Int, _ now: Timestamp
  ) {
    if call.purpose == .probe { return quarantine(.notSCIM, status, call, now) }
    succeeded(now)
    finished(call, person, .refused, status, detail: detail, now)
    guard errands[person].isAnswerPresent else { return }
    park(person, reason, status: status, detail: detail, now)
  }

  /// The linked account is not there any more: what a leaver needs, and a broken link for everybody else.
  private mutating func vanished(_ call: Call, _ person: Int, _ now: Timestamp) {
    if call.purpose == .probe { return quarantine(.notSCIM, 404, call, now) }
    guard let believed = people[person].account.believed else {
      return refused(404, .rejected, nil, call, person, now)
    }
    succeeded(now)
    finished(call, person, call.purpose.isWrite ? .refused : .notFound, 404, now)
    holders[believed.id] = nil
    remote.remove(believed.id)
    if people[person].desired?.active == false {
      record(person, .accountVerified(AccountVerified(isGone: true)))
      complete(person, .noAccount, now)
    } else {
      park(person, .invalidAnchor, status: 404, now)
    }
  }

  /// The address is taken: look once more at a full read that is newer than this answer.
  private mutating func contested(
    _ status: Int, _ detail: String?, _ call: Call, _ person: Int, _ now: Timestamp
  ) {
    guard call.purpose.isWrite, !errands[person].isContested else {
      return refused(status, .entryConflict, detail, call, person, now)
    }
    succeeded(now)
    finished(call, person, .refused, status, detail: detail, now)
    guard errands[person].isAnswerPresent else { return }
    errands[person].isContested = true
    errands[person].list = listing.sent + 1
  }

  /// 403: whether it is this account or the token is seen by a plain read.
  mutating func forbidden(_ detail: String?, _ call: Call, _ person: Int, _ now: Timestamp) {
    if call.purpose != .probe { finished(call, person, .refused, 403, detail: detail, now) }
    guard call.purpose.isWrite else { return quarantine(.insufficientRights, 403, call, now) }
    blame(call, 403, now)
    // A newer decision is tried first: it may be allowed.
    if errands[person].isAnswerPresent { errands[person].forbidden = detail ?? "" }
  }

  mutating func probe(for person: Int, _ now: Timestamp) { send(.probe, .plainRead, person: person, now) }

  private mutating func explained(_ call: Call, _ status: Int, _ person: Int, _ now: Timestamp) {
    finished(call, person, .done, status, now)
    guard people[person].isPending, let detail = errands[person].forbidden else { return }
    errands[person].forbidden = nil
    park(person, .insufficientRights, status: 403, detail: detail.isEmpty ? nil : detail, now)
  }

  // MARK: It failed

  private mutating func failed(
    _ label: String, _ status: Int?, _ call: Call, _ person: Int, _ now: Timestamp
  ) {
    errands[person].faults += 1
    let wasWell = faultsInARow == 0
    broke(label, status, call, now)
    if errands[person].faults >= settings.faultLimit, wasWell {
      errands[person].faults = 0
      park(person, .targetFault, status: status, now)
    } else {
      errands[person].notBefore = now + settings.backoff(faults: errands[person].faults, &random)
    }
  }
}

extension SCIMRequest {
  /// The smallest read that any token for users may do.
  static var plainRead: SCIMRequest { .listUsers(startIndex: 1, count: 1) }
}
