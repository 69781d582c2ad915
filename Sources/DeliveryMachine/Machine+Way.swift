import Base
import HeapModule
import Provisioning
import SCIM

/// An account that is inactive keeps its address, unless somebody else is to have that address and the directory gives the
/// inactive one another: then it is renamed first, so that nobody has to do it by hand.
extension Machine {
  /// True when the holder of an address is somebody inactive who has another in the directory, and nobody has that one.
  func canMakeWay(_ holder: PersonIndex, from address: String) -> Bool {
    let (known, attempt) = (people[holder].known, people[holder].attempt)
    guard let desired = known.desired, !desired.active, let account = known.account.believed,
      known.isPending || !account.active, !people[holder].isSetAside, !attempt.cannotMakeWay,
      !settings.isProtected(account)
    else { return false }
    let other = Address.folded(desired.userName)
    return other != Address.folded(address) && known.account.requestedUserName == nil
      && remote[address: other] == nil && unlisted[other] == nil
  }

  /// The change of address of somebody who is to make way; nil when there is none to be made any more.
  func rename(_ person: PersonIndex) -> NextStep? {
    guard let desired = people[person].known.desired, let account = people[person].known.account.believed,
      canMakeWay(person, from: account.userName)
    else { return nil }
    return change(person, account, to: desired, [.userName], desired.userName)
  }

  /// Lets somebody give an address free, and another wait for it.
  mutating func makeWay(_ holder: PersonIndex, for person: PersonIndex) {
    wait(person, for: holder)
    people[holder].attempt.makesWay = true
    schedule(holder)
  }

  /// True when a call is about making way: nothing is owed to the person themselves.
  func isMakingWay(_ person: PersonIndex) -> Bool {
    let account = people[person].known.account
    return people[person].attempt.makesWay && account.completed >= account.wanted
  }

  /// True when the account shows the address that was to be free of, or waits for its confirmation.
  func hasMadeWay(_ account: RemoteAccount, _ person: PersonIndex) -> Bool {
    guard isMakingWay(person), let desired = people[person].known.desired else { return false }
    return Address.folded(account.userName) == Address.folded(desired.userName)
      || people[person].known.account.requestedUserName != nil
  }

  /// The account was renamed: whether it is inactive as before is looked at once more, since something was sent.
  mutating func madeWay(_ person: PersonIndex) {
    people[person].attempt.makesWay = false
    people[person].attempt.isContested = false
    verifyLater(person)
  }

  /// What was verified, and written to since, is to be read once more, after a while if the last read failed.
  mutating func verifyLater(_ person: PersonIndex, after wait: Duration = .zero) {
    let known = people[person].known
    guard known.desired?.active == false, !known.isPending, known.account.believed != nil,
      !known.account.isVerified, known.account.drift == nil
    else { return }
    wantRead(person)
    people[person].attempt.reread = now + wait
    timers.insert(Timer(due: now + wait, person: person))
  }

  /// TeamViewer does not let the account be renamed: whoever needs the address is told so.
  mutating func refusesWay(_ person: PersonIndex) {
    people[person].attempt.cannotMakeWay = true
    madeWay(person)
  }
}
