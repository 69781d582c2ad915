/// How a person stands, in one word.
public enum PersonStatus: String, CaseIterable, Sendable {
  /// TeamViewer has an active account as wanted.
  case active
  /// TeamViewer's account was read back as inactive, or is gone.
  case disabled
  /// TeamViewer's account is other than wanted, as far as is known, and nothing is on its way to change that: somebody
  /// changed it there, and comparisons only report. A leaver whose account is active is one of these, and never `disabled`.
  case drifted
  /// Something is still to be brought to TeamViewer.
  case pending
  /// The delivery waits for a retry, a changed decision or an operator.
  case parked
  /// The delivery was given up.
  case abandoned
  /// Would be disabled, but the safeguard holds it.
  case held
  /// An operator lets no call leave for this person.
  case frozen = "onHold"
  /// Cannot be provisioned, or must not be, or an operator does not want it.
  case skipped
  /// Was erased: nothing but what the log keeps in clear is known.
  case erased

  /// The word for a person.
  public init(_ person: Person) {
    if person.erasure != nil {
      self = .erased
      // Held goes first: an operator has to look at these people, whatever became of their last delivery.
    } else if person.decision?.action == .held {
      self = .held
    } else if person.account.skipped != nil, person.isPending {
      self = .skipped
    } else if person.account.frozen != nil {
      self = .frozen
    } else if person.account.isAbandoned {
      self = .abandoned
    } else if person.account.parked != nil {
      self = .parked
    } else if person.isPending {
      self = .pending
    } else if person.isDrifted {
      self = .drifted
    } else if person.decision?.action == .skip {
      self = .skipped
    } else if let desired = person.desired {
      self = desired.active ? .active : .disabled
    } else {
      self = .skipped
    }
  }
}

/// The lanes in which deliveries leave: the first before the second, the second before the third.
public enum Lane: String, CaseIterable, Sendable {
  /// Accounts to turn inactive.
  case leavers
  /// Accounts that are there, or of which a write has no known outcome.
  case changes
  /// Accounts to make.
  case creates

  /// The lane in which a person's delivery stands: what is linked to them counts, not what was decided.
  public init(_ person: Person) {
    if person.desired?.active == false {
      self = .leavers
    } else {
      self = person.account.believed != nil || person.account.unanswered != nil ? .changes : .creates
    }
  }
}
