/// When a cycle over changes has to look at a person of whom it sees nothing new.
public enum CycleConcern: Int, Sendable {
  /// When somebody is to have an address that this person may be meant to have too: which one is not in the decision.
  case address = 1
  /// Each time: what is decided may depend on more than the directory shows of this person, or waits for a cycle.
  case always = 2

  /// The concern of a person; nil for one whom only the desired address leads to.
  public init?(_ person: Person) {
    if person.erasure != nil { return nil }
    if !person.isSettled {
      self = .always
    } else if person.isPresent, !person.wantsMappedAddress, !person.hasNoAddress {
      self = .address
    } else {
      return nil
    }
  }
}

extension Person {
  /// True when a cycle that sees nothing new of the person, and of nobody with the same address, would decide the same
  /// again. What is skipped, held, handed over or restored may depend on more than that, or waits for a cycle.
  var isSettled: Bool {
    guard let decision else { return false }
    if decision.action == .skip { return isLeftOut }
    return decision.action != .held && decision.reason != .handedOver && decision.reason != .restored
  }

  /// True for somebody skipped who never was to have an account, and is not to have one by state and scope alone: whoever
  /// else comes or goes, that changes with the person only.
  private var isLeftOut: Bool {
    guard let decision, removal == nil, desired == nil, lastDesired == nil else { return false }
    return decision.reason == .notActiveInSource || isOutsideScope
  }

  private var isOutsideScope: Bool {
    decision?.reason == .outOfScope || decision?.reason == .notEffectivelyEntitled
  }

  /// True when the mapping gives no address: it gives none to somebody out of scope who has no account.
  fileprivate var hasNoAddress: Bool { isLeftOut && isOutsideScope && !hasAccount }

  /// True when the desired address is what the mapping made of the person as the directory still shows them. An approval
  /// may have come by rules that no cycle has decided by.
  fileprivate var wantsMappedAddress: Bool {
    guard let decision, decision.safeguard == nil, removal == nil, decision.desired?.active == true else {
      return false
    }
    return [.newInScope, .attributesChanged, .activeAgain, .redundantExport].contains(decision.reason)
  }
}
