import Base
import Ledger
import Provisioning

/// What became of a removal of an access review.
struct ReviewRemoval {
  /// How somebody stands whose access the removal changed nothing of.
  enum Standing: String {
    /// The safeguard holds them.
    case held
    /// The account is active: what was held was not wanted any more, or access was given anew.
    case active
    /// There was no access to take away.
    case noAccess
    /// Nobody knows any more.
    case erased
  }

  let alias: String
  let verdict: Review.Verdict
  /// The change of access that it led to; nil where it led to none.
  let change: AccessChange?
  /// How the person stands where it led to none.
  let standing: Standing

  /// How far it is, in a word.
  var status: String { change?.status.rawValue ?? standing.rawValue }

  /// From the decision to the read that shows it, in milliseconds.
  var milliseconds: Int64? { change?.ended.map { $0.time.milliseconds - verdict.point.time.milliseconds } }

  /// What is so of somebody who was undecided when the review was closed.
  var words: String {
    guard let change else { return standing.words }
    switch change.status {
    case .done, .confirmed, .noAccount: return "lost access by closing"
    case .superseded: return "was to lose access by closing; a later decision took its place"
    case .held, .pending, .parked, .abandoned, .stopped: return "is to lose access by closing (\(status))"
    }
  }
}

extension ReviewRemoval.Standing {
  fileprivate var words: String {
    switch self {
    case .held: "has access: the safeguard holds the removal"
    case .active: "has access: the removal was not carried out"
    case .noAccess: "had no access already"
    case .erased: "erased since"
    }
  }
}

extension ReviewMatter {
  /// What became of a removal. Throws the faults of log and keys.
  func removal(_ alias: String, _ verdict: Review.Verdict, in ledger: OpenLedger) throws -> ReviewRemoval {
    let (events, isErased) = try query.events(about: alias, in: ledger)
    // Where another review lets access stay afterwards, what a further one takes away is no part of this one.
    let end = events.first { $0.position > verdict.point.position && $0.keepsAccess }?.position ?? .max
    let span = verdict.point.position + 1..<end
    let change = AccessChange.all(alias, events, isErased: isErased).first {
      $0.action == .disable && $0.reason == .accessReviewed && span.contains($0.decided.position)
    }
    return ReviewRemoval(alias: alias, verdict: verdict, change: change, standing: standing(alias))
  }

  private func standing(_ alias: String) -> ReviewRemoval.Standing {
    guard let person = now[alias], person.erasure == nil else { return .erased }
    if person.decision?.action == .held { return .held }
    return person.hasActiveAccount ? .active : .noAccess
  }
}

extension LoggedEvent {
  fileprivate var keepsAccess: Bool {
    if case .reviewDecided(let decided) = payload { decided.decision == .keep } else { false }
  }
}
