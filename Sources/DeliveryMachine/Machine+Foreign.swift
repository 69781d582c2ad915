import Provisioning

/// A full import that is whole by its numbers and cannot be the company's: nothing is concluded from it.
extension Machine {
  /// True when a full import, with what answers have shown since it began, lacks so many of the accounts that people are
  /// linked to that it is more likely to be empty, or another company's, than they are to be gone; or all of them, and the
  /// token's owner as well. An account that was made anew has the address of the one before it.
  func isForeign(_ reading: ListReading, _ shown: RemoteDirectory) -> Bool {
    let unreadable = Set(reading.passedOver.compactMap(\.id))
    var (linked, lost) = (0, 0)
    for person in people.indices {
      // Lists may leave out accounts that are not active.
      guard let account = people[person].known.account.believed, account.active else { continue }
      linked += 1
      let isShown = shown[id: account.id] != nil || shown[address: account.userName] != nil
      if !isShown, !unreadable.contains(account.id) { lost += 1 }
    }
    guard lost > 0 else { return false }
    return isInDoubt(lost: lost, of: linked, reading.accounts.count) || lost == linked && lacksOwner(shown)
  }

  private func lacksOwner(_ shown: RemoteDirectory) -> Bool {
    guard let owner = settings.owner else { return false }
    return shown[id: owner.id] == nil && shown[address: owner.userName] == nil
  }
}
