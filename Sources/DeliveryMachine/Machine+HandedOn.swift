import Base
import Provisioning
import SCIM

/// The linked account of a leaver that was given to somebody else by hand: calls go by its id, and its address says whose it is
/// now.
extension Machine {
  /// What is to be done where a list or an answer has shown that; nil where none has. What was made inactive by a call before
  /// it was known is made active again first.
  func handOn(_ person: PersonIndex, _ believed: RemoteAccount) -> NextStep? {
    guard let shown = remote[id: believed.id], isHandedOn(shown, person) else { return nil }
    let account = people[person].known.account
    let wasMadeInactive = !shown.active && !believed.active && !account.isVerified
    guard account.unconfirmedActive == false || wasMadeInactive else { return .unlink(.heldByAnother) }
    let before = DesiredAccount(userName: shown.userName, displayName: shown.displayName, active: true)
    return change(person, shown, to: before, [.active], update == .put ? shown.userName : nil)
  }

  /// Takes in an answer that shows such an account; true when it does. Nothing is delivered by it, and whose address and name it
  /// shows is not recorded with the person.
  mutating func handedOn(_ account: RemoteAccount, _ status: Int, _ call: Call, _ person: PersonIndex) -> Bool {
    guard isHandedOn(account, person), var known = people[person].known.account.believed else { return false }
    known.active = account.active
    let sent = AccountAttributes(sent: people[person].known.account.unanswered?.body)[.active]?.flag
    succeeded(call)
    finished(call, of: person, .done, status: status, account: known)
    remote.show(account)
    if people[person].attempt.link != .gone { people[person].attempt.link = .none }
    // Where the person's own account is, no list that is older can say.
    listing.isStale = true
    if call.purpose == .change, sent == true { unlink(person, .heldByAnother) }
    return true
  }

  /// True when the account of somebody who has left, or was made inactive, shows an address that is none of theirs, and that
  /// somebody else who is present has or is to have.
  private func isHandedOn(_ shown: RemoteAccount, _ person: PersonIndex) -> Bool {
    let known = people[person].known
    guard known.desired?.active == false || known.account.unconfirmedActive == false, !isOwn(shown, person) else {
      return false
    }
    let address = Address.folded(shown.userName)
    return isWanted(address, besides: person)
      || people.indices.contains { other in
        guard other != person, people[other].known.isPresent else { return false }
        return people[other].known.account.believed.map { Address.folded($0.userName) } == address
      }
  }
}
