import Base
import JSON
import Provisioning
import SCIM

/// What an answer to a person's call leads to (the article Deliveries, "What follows from an answer").
extension Machine {
  mutating func answered(_ answer: Answer, _ call: Call, _ person: PersonIndex) {
    if people[person].attempt.isSought { return sought(answer, call, person) }
    if call.purpose == .verify, !people[person].known.isPending { return reread(answer, call, person) }
    if isAboutStray(call, person), foundStray(answer, call, person) { return }
    switch answer {
    case .account(let account, let status) where isNobodyElses(account, call, person):
      showed(account, status, call, person)
    case .account(let account, let status) where isStray(account, call): strayed(account, status, call, person)
    case .account(let account, let status):
      dispute(account, askedFor: people[person].known.account.unanswered?.userName ?? "", by: person)
      misled(status, call, person)
    case .unfit(let status): misled(status, call, person)
    case .accepted(let status): accepted(status, call, person)
    case .page(let page, let status): found(page.accounts, status, call, person)
    case .notFound where isQuery(call): refusesQuery(404, nil, call, person)
    case .notFound where call.purpose != .create: vanished(call, person)
    case .notFound: refused(404, .rejected, nil, call, person)
    case .rejected(let status, let detail) where isQuery(call): refusesQuery(status, detail, call, person)
    case .rejected(let status, let detail): refused(status, .rejected, detail, call, person)
    case .addressTaken(let status, let detail): contested(status, detail, call, person)
    case .forbidden(let detail): forbidden(detail, call, person)
    case .fault(let label, let status, _):
      answeredForAll(answer, call, person)
      failed(label, status, call, person)
    case .unauthorized, .tooFast, .unsupported: answeredForAll(answer, call, person)
    }
  }

  /// What says something of TeamViewer, not of the person.
  mutating func answeredForAll(_ answer: Answer, _ call: Call, _ person: PersonIndex) {
    switch answer {
    case .unauthorized:
      if !isCounted(call, Self.unauthorized, 401) { finished(call, of: person, .refused, status: 401) }
      quarantine(.credentials, 401, call)
    case .tooFast(let retryAfter, let status):
      if !isCounted(call, Self.rateLimit, status) {
        finished(call, of: person, .refused, status: status, error: Self.rateLimit)
      }
      slowDown(retryAfter, status, call)
    case .fault(let label, let status, let mayHaveArrived):
      if isCounted(call, label, status) { return }
      let isOpen = call.purpose.isWrite && mayHaveArrived
      finished(call, of: person, isOpen ? .unknown : .failed, status: status, error: label)
    case .unsupported(let status): unsupported(status, call, person)
    default: break
    }
  }

  /// PATCH is refused as a method: nothing is wrong with the account, and PUT does as well.
  private mutating func unsupported(_ status: Int, _ call: Call, _ person: PersonIndex) {
    succeeded(call)
    update = .put
    finished(call, of: person, .refused, status: status, error: "method-refused")
  }

  /// An answer about a person who was erased while the call was on its way: only what tells nobody is recorded, and what
  /// concerns TeamViewer as a whole still counts.
  mutating func answeredTooLate(_ answer: Answer, _ call: Call, _ person: PersonIndex) {
    switch answer {
    case .fault(let label, let status, _):
      answeredForAll(answer, call, person)
      broke(label, status, call)
    case .unauthorized, .tooFast, .unsupported: answeredForAll(answer, call, person)
    case .unfit(let status):
      succeeded(call)
      finished(call, of: person, call.purpose.isWrite ? .unknown : .failed, status: status, error: Self.otherAccount)
    case .account(_, let status), .accepted(let status), .page(_, let status):
      succeeded(call)
      finished(call, of: person, .done, status: status)
    case .notFound:
      succeeded(call)
      finished(call, of: person, call.purpose.isWrite ? .refused : .notFound, status: 404)
    case .rejected(let status, _), .addressTaken(let status, _):
      succeeded(call)
      finished(call, of: person, .refused, status: status)
    case .forbidden: finished(call, of: person, .refused, status: 403)
    }
  }

  /// Records what came of a call of a person.
  mutating func finished(
    _ call: Call, of person: PersonIndex, _ outcome: CallFinished.Outcome, status: Int?, error: String? = nil,
    account: RemoteAccount? = nil, detail: String? = nil
  ) {
    let number = call.purpose.isWrite ? people[person].known.account.calls : 0
    record(
      person,
      .callFinished(
        CallFinished(
          call: number, purpose: call.purpose, operation: call.operation, outcome: outcome, status: status,
          error: error, milliseconds: Int(call.duration(until: now).milliseconds), account: account, detail: detail)))
  }

  // MARK: It went well

  private mutating func showed(
    _ account: RemoteAccount, _ status: Int, _ call: Call, _ person: PersonIndex
  ) {
    if disowned(account, status, call, person) || handedOn(account, status, call, person) { return }
    succeeded(call)
    if call.purpose == .readBack, isOutage, account == people[person].known.account.believed {
      tellLater(.done, status, call, person)
    } else {
      finished(call, of: person, .done, status: status, account: account)
    }
    remote.show(account)
    // A read that is well says nothing of the writes that are answered with somebody else's account.
    if call.purpose.isWrite { people[person].attempt.misled = 0 }
    if people[person].attempt.link != .gone { people[person].attempt.link = .none }
    switch call.purpose {
    case .create:
      link(person, .created, account)
      acknowledge(call, person)
    case .change where isMakingWay(person): break
    case .change: acknowledge(call, person)
    case .verify: verified(account, person)
    default: people[person].attempt.how = .readBack
    }
    if hasMadeWay(account, person) { madeWay(person) }
    if call.purpose == .readBack { verifyLater(person) }
  }

  /// A change answered without a body: TeamViewer has what was sent.
  private mutating func accepted(_ status: Int, _ call: Call, _ person: PersonIndex) {
    succeeded(call)
    var account = people[person].known.account.believed
    let sent = AccountAttributes(sent: people[person].known.account.unanswered?.body)
    if let address = sent[.userName]?.text { account?.userName = address }
    if let name = sent[.displayName]?.text { account?.displayName = name }
    if let active = sent[.active]?.flag { account?.active = active }
    finished(call, of: person, .done, status: status, account: account)
    if let account { remote.show(account) }
    if isMakingWay(person) { madeWay(person) } else { acknowledge(call, person) }
  }

  private mutating func acknowledge(_ call: Call, _ person: PersonIndex) {
    people[person].attempt.how = .call
    guard people[person].attempt.answersCurrentDecision else { return }
    people[person].attempt.isContested = false
    let sent = Set(call.carried)
    // An account that is made inactive is activated by a change.
    people[person].attempt.acknowledged.formUnion(call.purpose == .create ? sent.subtracting([.active]) : sent)
  }

  /// The answer to a read that is to show what a write made of `active`. A read may be behind: so the write is sent again
  /// after a while, and parked only when that was in vain, too.
  private mutating func verified(_ account: RemoteAccount, _ person: PersonIndex) {
    let isToBeActive = people[person].known.desired?.active == true
    guard account.active != isToBeActive else {
      // An enable that does not show yet is undone first.
      if isToBeActive || people[person].known.account.unconfirmedActive == true { return }
      return record(person, .accountVerified(AccountVerified(isGone: false, account: account)))
    }
    guard people[person].attempt.acknowledged.remove(.active) != nil else { return }
    let tried = people[person].attempt.ineffective
    people[person].attempt.ineffective += 1
    if tried < settings.effectLadder.count {
      people[person].attempt.notBefore = now + settings.effectLadder[tried]
    } else {
      park(person, .notApplied)
    }
  }

  /// The answer to a read-back by address.
  mutating func found(
    _ accounts: [RemoteAccount], _ status: Int, _ call: Call, _ person: PersonIndex
  ) {
    succeeded(call)
    if call.purpose == .probe { return explained(call, status, person) }
    people[person].attempt.isQueryRefused = false
    let unanswered = people[person].known.account.unanswered
    let address = unanswered?.userName ?? people[person].known.desired?.userName ?? ""
    let same = accounts.filter { Address.folded($0.userName) == Address.folded(address) }
    if unanswered == nil { return queried(same, status, call, person) }
    let free = same.filter { holders[$0.id] == nil }
    let account = free.first(where: \.active) ?? free.first
    if same.isEmpty, isMissingStray(status, call, person) { return }
    people[person].attempt.stray = nil
    if isOutage, same.isEmpty { return tellLater(.notFound, status, call, person) }
    finished(call, of: person, same.isEmpty ? .notFound : .done, status: status, account: account)
    guard let account else {
      for other in same where unanswered?.purpose == .create { dispute(other, askedFor: address, by: person) }
      return
    }
    link(person, .readBack, account)
    people[person].attempt.how = .readBack
    guard people[person].attempt.answersCurrentDecision else { return }
    people[person].attempt.acknowledged.insert(.userName)
    // Another name than the one that was sent is that of an account which somebody else has made.
    let sent = AccountAttributes(sent: unanswered?.body)[.displayName]?.text
    if sent.map({ account.displayName.hasSameBytes(as: $0) }) == true {
      people[person].attempt.acknowledged.insert(.displayName)
    }
  }

  // MARK: It does not fit

  /// The word for an answer that refuses the pace.
  static let rateLimit = "rate-limit"
  /// The word for an answer that refuses the token.
  static let unauthorized = "unauthorized"
  /// The word for an answer about another account than was asked for.
  static let otherAccount = "other-account"
  /// How many answers in a row may mislead before a delivery is parked: one, where it was parked for that before.
  func mostMisleading(_ person: PersonIndex) -> Int {
    people[person].known.account.parked?.reason == .unfitAnswer ? 1 : 3
  }

  /// True unless a create was answered with an account that cannot have been made for this person: one that somebody
  /// holds, that is protected, that was there under another address, or that has another address than was asked for.
  private func isNobodyElses(_ account: RemoteAccount, _ call: Call, _ person: PersonIndex) -> Bool {
    guard call.purpose == .create else { return true }
    let asked = people[person].known.account.unanswered?.userName ?? ""
    let known = remote[id: account.id] ?? account
    return holders[account.id] == nil && !settings.isProtected(account)
      && [account, known].allSatisfy { Address.folded($0.userName) == Address.folded(asked) }
  }

  /// TeamViewer answers about another account: of a write nobody knows then what became of it, and nothing that the
  /// answer shows is believed. It says nothing of TeamViewer as a whole.
  private mutating func misled(_ status: Int, _ call: Call, _ person: PersonIndex) {
    succeeded(call)
    finished(call, of: person, call.purpose.isWrite ? .unknown : .failed, status: status, error: Self.otherAccount)
    people[person].attempt.misled += 1
    let misled = people[person].attempt.misled
    people[person].attempt.notBefore = now + settings.backoff(faults: misled, &random)
    guard misled >= mostMisleading(person) else { return }
    people[person].attempt.misled = 0
    park(person, .unfitAnswer, status: status)
  }

  // MARK: It failed

  private mutating func failed(
    _ label: String, _ status: Int?, _ call: Call, _ person: PersonIndex
  ) {
    people[person].attempt.faults += 1
    let wasWell = gate.faultsInARow == 0
    broke(label, status, call)
    suspect(person)
    // Who failed often enough before is not given as many attempts again.
    let hasFailed = people[person].known.account.parked?.reason == .targetFault
    let limit = hasFailed ? min(3, settings.faultLimit) : settings.faultLimit
    if people[person].attempt.faults >= limit, wasWell, condition.circuit == nil {
      people[person].attempt.faults = 0
      park(person, .targetFault, status: status)
    } else {
      people[person].attempt.notBefore = now + settings.backoff(faults: people[person].attempt.faults, &random)
    }
  }
}

extension SCIMRequest {
  /// The smallest read that any token for users may do.
  static var plainRead: SCIMRequest { .listUsers(startIndex: 1, count: 1) }
}
