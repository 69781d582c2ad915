import Provisioning
import SCIM

/// Whoever has left has left all accounts with the address: what is known of others may be older than that.
extension Machine {
  /// What is still to be looked at before a leaver is done, whose own account is inactive: a full import that began after the
  /// decision shows who has the address; where none is coming, TeamViewer is asked for the address alone.
  func survey(_ person: PersonIndex, _ desired: DesiredAccount) -> NextStep? {
    let attempt = people[person].attempt
    if attempt.isSurveyed || listing.answered > attempt.listsBefore { return nil }
    return attempt.isQueryRefused || isListComing(after: attempt.listsBefore) ? .list : query(desired.userName)
  }

  /// True when a full import is under way, or others need one, that counts; one after another that fell short is not waited
  /// for.
  private func isListComing(after number: Int) -> Bool {
    if listing.shortfalls > 0 { return false }
    if listing.isInProgress { return listing.sent > number }
    return listing.isWanted || listing.isStale && lanes.count(.creates) > 0
  }
}
