import Base
import JSON
import Provisioning
import SCIM

/// A create that was answered with an account under another address, which nobody knew: a TeamViewer that writes addresses
/// its own way made it for the person, or it is somebody else's. Until that is known no second one is made.
extension Machine {
  /// True for such an account in the answer to a create.
  func isStray(_ account: RemoteAccount, _ call: Call) -> Bool {
    call.purpose == .create && holders[account.id] == nil && remote[id: account.id] == nil
      && !settings.isProtected(account)
  }

  /// Who has the address that was asked for is read first.
  mutating func strayed(_ account: RemoteAccount, _ status: Int, _ call: Call, _ person: PersonIndex) {
    succeeded(call)
    finished(call, of: person, .unknown, status: status, error: Self.otherAccount)
    people[person].attempt.stray = Stray(account: account)
  }

  /// Nobody has the address that a create asked for; true when it was answered with a stray, now or before it was parked:
  /// then that one is looked for, and the create is not sent again.
  mutating func isMissingStray(_ status: Int, _ call: Call, _ person: PersonIndex) -> Bool {
    let (account, stray) = (people[person].known.account, people[person].attempt.stray)
    guard account.unanswered?.purpose == .create, stray != nil || account.parked?.reason == .otherAddress else {
      return false
    }
    finished(call, of: person, .failed, status: status, error: Self.otherAccount)
    people[person].attempt.stray?.isSought = true
    if stray == nil { park(person, .otherAddress) }
    return true
  }

  /// True for a read of a stray by its id.
  func isAboutStray(_ call: Call, _ person: PersonIndex) -> Bool {
    guard let id = people[person].attempt.strayID, call.purpose == .readBack else { return false }
    return call.request.path == SCIMRequest.getUser(id).path
  }

  /// The answer to that read: the account is linked, or the person is parked. False when it says nothing of the account.
  mutating func foundStray(_ answer: Answer, _ call: Call, _ person: PersonIndex) -> Bool {
    switch answer {
    case .account(let account, let status) where isMadeFor(person, account):
      succeeded(call)
      finished(call, of: person, .done, status: status, account: account)
      linkStray(account, person)
    case .account(_, let status): missStray(status, Self.otherAccount, call, person)
    case .notFound: missStray(404, "unknown-id", call, person)
    default: return false
    }
    return true
  }

  /// TeamViewer's own way to write the address counts as what was asked for.
  private mutating func linkStray(_ account: RemoteAccount, _ person: PersonIndex) {
    link(person, .readBack, account)
    people[person].attempt.how = .readBack
    guard people[person].attempt.answersCurrentDecision else { return }
    people[person].attempt.acknowledged.formUnion([.userName, .displayName])
  }

  private mutating func missStray(_ status: Int, _ error: String, _ call: Call, _ person: PersonIndex) {
    succeeded(call)
    finished(call, of: person, .failed, status: status, error: error)
    people[person].attempt.stray = nil
    park(person, .otherAddress, status: status)
  }

  /// True when an account bears the name that the create carried, and its address is nobody else's.
  private func isMadeFor(_ person: PersonIndex, _ account: RemoteAccount) -> Bool {
    let sent = AccountAttributes(sent: people[person].known.account.unanswered?.body)[.displayName]?.text
    return sent.map { account.displayName.hasSameBytes(as: $0) } == true && holders[account.id] == nil
      && !settings.isProtected(account) && remote.all(address: account.userName).allSatisfy { $0.id == account.id }
      && !isWanted(account.userName, besides: person)
  }
}

extension Attempt {
  /// The id of a stray that is to be read.
  var strayID: String? { stray.flatMap { $0.isSought ? $0.account.id : nil } }
}
