import Provisioning
import SCIM

/// Questions for who has an address, and what does as well where TeamViewer does not answer them.
extension Machine {
  /// Whether a call asks who has an address.
  func isQuery(_ call: Call) -> Bool {
    call.purpose == .readBack && call.request.path == SCIMRequest.listUsers().path
  }

  /// TeamViewer does not say who has an address: what its list says counts. What became of a write only one tells that begins
  /// from here on.
  mutating func refusesQuery(_ status: Int, _ detail: String?, _ call: Call, _ person: PersonIndex) {
    people[person].attempt.isQueryRefused = true
    guard people[person].known.account.unanswered != nil else { return queried([], status, call, person) }
    succeeded(call)
    finished(call, of: person, .refused, status: status, detail: detail)
    people[person].attempt.list = listing.sent + 1
  }

  /// The answer to a query for an address: whose account has it is looked at like any other.
  mutating func queried(_ same: [RemoteAccount], _ status: Int, _ call: Call, _ person: PersonIndex) {
    finished(call, of: person, same.isEmpty ? .notFound : .done, status: status)
    let attempt = people[person].attempt
    people[person].attempt.isQueried = true
    people[person].attempt.isSurveyed = people[person].known.account.isVerified && !attempt.isQueryRefused
    for account in same { remote.show(account) }
  }

  /// What became of an unanswered write, as the newest full import shows it.
  mutating func lookInList(_ person: PersonIndex) {
    let account = people[person].known.account
    people[person].attempt.answersCurrentDecision = account.unanswered.map { $0.decision >= account.wanted } ?? true
    let accounts = remote.all(address: account.unanswered?.userName ?? "")
    let call = Call(id: 0, purpose: .readBack, person: people[person].known.alias, request: .listUsers(), sent: now)
    found(accounts, 200, call, person)
  }
}
