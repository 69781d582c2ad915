import Base
import HeapModule
import Provisioning

/// A link that rests on one answer, and an answer to another person's create that says otherwise: the account itself is
/// read, and its address says whose it is.
extension Machine {
  /// TeamViewer shows an account under the address of a create of one person, and another, who is present, is linked to it:
  /// theirs is in doubt until it is read by its id.
  mutating func dispute(_ account: RemoteAccount, askedFor address: String, by person: PersonIndex) {
    guard let holder = holders[account.id], holder != person, people[holder].known.isPresent,
      !people[holder].isSetAside, !people[holder].attempt.link.isLost,
      Address.folded(account.userName) == Address.folded(address), !isOwn(account, holder)
    else { return }
    withdraw(holder)
    people[holder].attempt.link = .disputed
    read(holder, at: now)
    schedule(holder)
  }

  /// An account in dispute of which an answer said nothing is read once more after a while.
  mutating func readDisputedLater(_ person: PersonIndex) {
    guard people[person].attempt.link == .disputed else { return }
    read(person, at: now + settings.pause(refusals: max(1, people[person].attempt.faults)))
  }

  /// Sets the time at which an account is read where nothing else is to be done for its holder.
  private mutating func read(_ holder: PersonIndex, at moment: Timestamp) {
    if people[holder].known.isPending { return }
    people[holder].attempt.reread = moment
    timers.insert(Timer(due: moment, person: holder))
  }

  /// Takes in what shows an account in dispute; true when it is not this person's: then the link ends, and the person is
  /// matched anew.
  mutating func disowned(_ account: RemoteAccount, _ status: Int, _ call: Call, _ person: PersonIndex) -> Bool {
    guard people[person].attempt.link == .disputed else { return false }
    people[person].attempt.link = .none
    if isOwn(account, person) { return false }
    succeeded(call)
    finished(call, of: person, .done, status: status)
    remote.show(account)
    unlink(person, .madeForAnother)
    // Where the person's own account is, no list that is older can say.
    listing.isStale = true
    return true
  }

  /// True when an account shows an address that the person has, had, asked for, or is to have. What a comparison reported was
  /// given to the account by somebody else.
  func isOwn(_ shown: RemoteAccount, _ person: PersonIndex) -> Bool {
    let (desired, account) = (people[person].known.desired, people[person].known.account)
    let believed = account.drift == nil ? account.believed?.userName : nil
    let addresses = [desired?.userName, believed, account.requestedUserName] + account.formerAddresses
    return addresses.contains { $0.map(Address.folded) == Address.folded(shown.userName) }
  }
}
