extension Person {
  /// What the rules want for this person by the newest observation, before the safeguard is asked.
  ///
  /// `isDuplicate` says that another person who is present maps to the same address and this one does not hold it;
  /// `isChanged`, that the directory shows the person changed; `address` is what the mapping gives, where that is known.
  func verdict(
    _ policy: CyclePolicy, _ variation: Variation = .none, isDuplicate: Bool, isChanged: Bool = false,
    address: String? = nil
  ) -> Decision {
    guard isActiveInSource, let user else { return leaving(leavingReason, policy) }
    if let reason = policy.scope.objection(to: user) {
      // Nobody loses access because a pattern took too long: what was decided before stands.
      return reason == .expressionFailed ? Decision(.skip, reason, desired: desired) : leavingScope(reason, policy)
    }
    if isDuplicate { return Decision(.skip, .duplicateSourceEntries, desired: hasAccount ? desired : nil) }
    switch policy.mapping.apply(to: user, of: self, variation, isChanged: isChanged, address: address) {
    case .unacceptable(let reason): return Decision(.skip, reason, desired: desired)
    case .account(let account, let cutFrom):
      let (action, reason) = change(to: account, policy.mapping)
      guard policy.mapping.allows(action) else { return Decision(.skip, .actionOff, desired: desired) }
      return Decision(action, reason, desired: account, cutFrom: cutFrom)
    }
  }

  /// True when TeamViewer has an account for the person, or may have made one that nobody knows of yet.
  var hasAccount: Bool { account.believed != nil || account.unanswered != nil }

  /// True when an account was made for the person, or may have been.
  var isProvisioned: Bool { hasAccount || account.completed > 0 }

  /// What an operator has restored stands as it is, until the directory shows the person changed; nil for anybody else.
  var restored: Decision? {
    guard let decision, decision.reason == .restored else { return nil }
    return decision.action == .held ? decision : Decision(.none, .restored, desired: decision.desired)
  }

  /// What an access review has taken away stays away while the directory goes on showing the person active; nil for
  /// anybody else.
  var removed: Decision? {
    guard removal != nil, isActiveInSource else { return nil }
    guard let decision, let desired, desired.active else {
      return Decision(.none, .accessReviewed, desired: desired)
    }
    let isHeld = decision.action == .held && decision.reason == .accessReviewed
    return isHeld ? decision : Decision(.disable, .accessReviewed, desired: desired.disabled)
  }

  /// What an approval of the safeguard that holds the person leads to: what the plan, or the review, wanted of somebody
  /// whom one concerns, and for everybody else what the newest observation says.
  func approved(_ policy: CyclePolicy, isDuplicate: Bool) -> Decision {
    guard let decision, [.restored, .accessReviewed].contains(decision.reason), let desired else {
      return verdict(policy, isDuplicate: isDuplicate)
    }
    return Decision(.disable, decision.reason, desired: desired.disabled)
  }

  private func change(to next: DesiredAccount, _ mapping: Mapping) -> (Decision.Action, Decision.Reason) {
    guard let last = desired else {
      return hasAccount ? (.update, .attributesChanged) : (.create, .newInScope)
    }
    if !last.active { return (.enable, .activeAgain) }
    // What is sent on create only concerns an account that is still to be made, and no other.
    var wanted = next
    if isProvisioned {
      for attribute in AccountAttribute.known where attribute.isSentOnCreateOnly { wanted[attribute] = last[attribute] }
    }
    if last == wanted { return (.none, .redundantExport) }
    return isProvisioned ? (.update, .attributesChanged) : (.create, .newInScope)
  }

  /// Who is out of scope is treated as a leaver, unless that is switched off: then what was wanted stands.
  private func leavingScope(_ reason: Decision.Reason, _ policy: CyclePolicy) -> Decision {
    if policy.scope.skipsDeletions { return Decision(.skip, reason, desired: desired) }
    return leaving(reason, policy, never: reason)
  }

  /// A leaver keeps the last acceptable values, so that nothing about them can stand in the way of the disable.
  ///
  /// `never` is why somebody is skipped who was never provisioned.
  private func leaving(
    _ reason: Decision.Reason, _ policy: CyclePolicy, never: Decision.Reason = .notActiveInSource
  ) -> Decision {
    guard let last = lastDesired, desired != nil || hasAccount else { return Decision(.skip, never, desired: nil) }
    if let desired, !desired.active { return Decision(.none, .redundantExport, desired: desired) }
    guard policy.mapping.allows(.disable) else { return Decision(.skip, .actionOff, desired: desired) }
    return Decision(.disable, reason, desired: last.disabled)
  }

  private var leavingReason: Decision.Reason {
    switch state {
    case .present: .disabledInSource
    case .absent: .absentFromSource
    case .softDeleted: .softDeletedInSource
    case .deleted: .deletedInSource
    }
  }
}

extension Mapping {
  /// Whether what a decision asks for may be done.
  fileprivate func allows(_ action: Decision.Action) -> Bool {
    switch action {
    case .create: actions.contains(.create)
    case .update, .enable: actions.contains(.update)
    case .disable: actions.contains(.disable)
    case .skip, .held, .none: true
    }
  }
}

extension Decision {
  /// True when a review takes access away: it is brought to TeamViewer also where nothing else was wanted before, since the
  /// account may be active there all the same.
  var isRemoval: Bool { action == .disable && reason == .accessReviewed }

  /// The decision, marked when it wants another state than the one before.
  func marked(after before: DesiredAccount?) -> Decision {
    var marked = self
    marked.isChange = desired != before || isRemoval
    return marked
  }

  /// True when this says the same as an earlier decision: a person who was not observed needs no new event then.
  func repeats(_ earlier: Decision?) -> Bool {
    guard let earlier, earlier.desired == desired else { return false }
    func blocker(_ decision: Decision) -> [String?] {
      switch decision.action {
      case .skip: ["skip", decision.reason.rawValue]
      case .held: ["held", decision.safeguard]
      default: []
      }
    }
    return blocker(self) == blocker(earlier)
  }
}
