import Base
import HeapModule
import Provisioning
import SCIM

/// An address that waits for its confirmation by mail is accepted, and looked for from time to time.
extension Machine {
  /// Sets the time at which the person's account is read again, if an address of theirs waits for its confirmation and
  /// nothing else is to be done.
  mutating func planReread(_ person: PersonIndex) {
    guard isUnconfirmed(person), !people[person].known.isPending, people[person].attempt.reread == nil else { return }
    let since = people[person].attempt.requestedSince ?? now
    let due = settings.reread(since: since, now: now)
    people[person].attempt.requestedSince = since
    people[person].attempt.reread = due
    timers.insert(Timer(due: due, person: person))
  }

  private func isUnconfirmed(_ person: PersonIndex) -> Bool {
    people[person].known.account.requestedUserName != nil && people[person].known.account.believed != nil
      && people[person].known.desired?.active == true && !people[person].known.isSetAside
  }

  /// Reads the account of a person for whom nothing is pending, when the time has come, or when somebody needs its address
  /// and no list shows it.
  func reread(_ person: PersonIndex) -> NextCall? {
    guard isUnconfirmed(person) || people[person].attempt.link.wantsRead, let due = people[person].attempt.reread,
      due <= now,
      let account = people[person].known.account.believed
    else { return nil }
    return .read(.verify, .getUser(account.id))
  }

  /// What came of it: whatever it is, nothing is parked, since nothing is owed.
  mutating func reread(_ answer: Answer, _ call: Call, _ person: PersonIndex) {
    let isUnlisted = people[person].attempt.link == .readDue
    if isUnlisted { people[person].attempt.link = .none }
    switch answer {
    case .account(let account, let status):
      looked(at: account, status, call, person)
      verifyAgain(account, person)
    case .forbidden(let detail): forbidden(detail, call, person)
    // A comparison of all accounts tells what became of it.
    case .notFound:
      people[person].attempt.link = .none
      // Neither a list nor a read knows it.
      if isUnlisted, let account = people[person].known.account.believed, remote[id: account.id] == nil {
        remote.remove(account.id)
        unlisted[Address.folded(account.userName)] = nil
      }
      return answeredTooLate(answer, call, person)
    default:
      answeredTooLate(answer, call, person)
      people[person].attempt.faults += 1
      verifyLater(person, after: settings.pause(refusals: people[person].attempt.faults))
    }
    planReread(person)
  }

  /// Takes in what a read shows while nothing is owed. What somebody else changed is not taken over: else the next
  /// comparison would take it for what TeamViewer showed when it was delivered.
  mutating func looked(at account: RemoteAccount, _ status: Int, _ call: Call, _ person: PersonIndex) {
    if disowned(account, status, call, person) { return }
    succeeded(call)
    finished(call, of: person, .done, status: status, account: isAsKnown(account, person) ? account : nil)
    remote.show(account)
  }

  /// A leaver's account that was written to after it was verified, to make way, is verified once more.
  private mutating func verifyAgain(_ account: RemoteAccount, _ person: PersonIndex) {
    guard people[person].known.desired?.active == false, !account.active, !people[person].known.account.isVerified,
      people[person].known.account.believed != nil, isAsKnown(account, person)
    else { return }
    record(person, .accountVerified(AccountVerified(isGone: false, account: account)))
  }

  /// True when an account shows the name that it had, and the address that it had or that was asked for.
  func isAsKnown(_ shown: RemoteAccount, _ person: PersonIndex) -> Bool {
    let account = people[person].known.account
    guard let believed = account.believed else { return true }
    let addresses = [believed.userName, account.requestedUserName].compactMap { $0.map(Address.folded) }
    return believed.displayName.hasSameBytes(as: shown.displayName)
      && addresses.contains(Address.folded(shown.userName))
  }
}
