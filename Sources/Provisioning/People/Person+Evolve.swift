import Base

extension Person {
  /// Takes over what an event of the person's own streams says.
  ///
  /// Uses recorded values only: nothing is mapped, folded or compared with a clock here. Of an erased person only what
  /// stands in clear counts, also in events that come late.
  public mutating func evolve(_ logged: LoggedEvent) {
    let (position, time) = (logged.position, logged.time)
    switch logged.payload {
    case .userObserved(let observed):
      user = erasure == nil && !observed.user.id.isEmpty ? observed.user : nil
      state = observed.state
      source = observed.source
      if state != .present || user?.isEnabled != true { removal = nil }
    case .decided(let decision): evolve(decision, at: position, of: logged.correlation)
    case .linked(let linked):
      account.believed = linked.account
      account.unlinked = nil
      account.formerAddresses = []
      account.keepsOldName = false
      account.requestedUserName = nil
      account.unconfirmedActive = nil
      account.unanswered = nil
      account.isVerified = false
    case .unlinked(let unlinked):
      let addresses = [account.believed?.userName, account.requestedUserName].compactMap(\.self)
      account.formerAddresses = unlinked.reason == .notFound ? addresses.filter { !$0.isEmpty } : []
      account.unlink()
      account.unanswered = nil
      account.isVerified = false
      account.unlinked = unlinked.reason
      if unlinked.reason.reopens { reopen() }
    case .callStarted(let started):
      account.calls = started.call
      account.unanswered = started
      account.isVerified = false
    case .callFinished(let finished): evolve(finished)
    case .accountVerified(let verified):
      account.isVerified = true
      account.unconfirmedActive = nil
      if verified.isGone { account.unlink() } else { show(verified.account) }
    case .deliveryCompleted(let completed): evolve(completed)
    case .deliveryParked(let parked):
      account.parked = parked
      account.isAbandoned = false
      if parked.reason == .invalidAnchor { account.unlink() }
    case .deliveryAbandoned:
      account.parked = nil
      account.isAbandoned = true
    case .deliveryHeld(let held): account.frozen = held
    case .deliverySkipped(let skipped):
      account.skipped = skipped
      account.parked = nil
      account.isAbandoned = false
    case .deliveryRetried: account.letGo()
    case .driftDetected(let drift): evolve(drift)
    case .reviewDecided(let decided):
      // Whom the directory has taken access from already may come back by the directory alone.
      removal = erasure == nil && decided.decision == .remove && isActiveInSource ? position : nil
    case .legalHoldPlaced(let placed): legalHold = LegalHold(position: position, time: time, reason: placed.reason)
    case .legalHoldLifted: legalHold = nil
    case .subjectErased(let erased): forget(PersonErasure(position: position, time: time, reason: erased.reason))
    default: break
    }
  }

  /// Nothing stays but the alias, the number of calls, and that the person was erased; the first erasure counts.
  private mutating func forget(_ erasure: PersonErasure) {
    guard self.erasure == nil else { return }
    let calls = account.calls
    self = Person(alias: alias)
    account.calls = calls
    self.erasure = erasure
  }

  private mutating func evolve(_ decision: Decision, at position: Int64, of cycle: String?) {
    let isWanted = decision.desired != desired || decision.isRemoval
    if erasure == nil ? isWanted : decision.isChange {
      account.wanted = position
      account.parked = nil
      account.isAbandoned = false
      account.skipped = nil
    }
    if decision.reason == .restored, decision.desired?.active == true { removal = nil }
    self.decision = decision
    decisionPosition = position
    decisionCycle = cycle
    if let desired = decision.desired { lastDesired = desired }
  }

  private mutating func evolve(_ finished: CallFinished) {
    switch (finished.purpose, finished.outcome) {
    case (.create, .unknown), (.change, .unknown): break
    case (.create, _): account.unanswered = nil
    case (.change, .done):
      let (sent, old) = (account.unanswered, account.believed)
      account.unanswered = nil
      show(finished.account)
      ask(for: sent?.userName)
      let attributes = AccountAttributes(sent: sent?.body)
      noteName(attributes[.displayName]?.text, after: old)
      account.acknowledge(active: attributes[.active]?.flag)
    case (.change, _): account.unanswered = nil
    case (.readBack, .done):
      account.unanswered = nil
      show(finished.account)
    case (.readBack, .notFound): account.unanswered = nil
    case (.verify, .done):
      account.compare(finished.account)
      show(finished.account)
    default: break
    }
  }

  /// Takes over what an answer shows of the linked account; an address that was asked for stays asked for until it shows,
  /// or another one does: then somebody else has changed it, and nothing waits for a confirmation any more.
  /// What shows another account says nothing of this one: only a link gives a person an account.
  private mutating func show(_ remote: RemoteAccount?) {
    guard let believed = account.believed, let remote, remote.id.hasSameBytes(as: believed.id) else { return }
    account.believed = remote
    if !believed.displayName.hasSameBytes(as: remote.displayName) { account.keepsOldName = false }
    if Address.folded(believed.userName) != Address.folded(remote.userName) { account.requestedUserName = nil }
    ask(for: account.requestedUserName)
  }

  /// A name that was acknowledged, and behind which the old one shows, may not have been taken at all. One that was cut
  /// within a character may look like the old one.
  private mutating func noteName(_ sent: String?, after old: RemoteAccount?) {
    guard let sent, let old = old?.displayName, let shown = account.believed?.displayName else { return }
    account.keepsOldName =
      shown.hasSameBytes(as: old) && !sent.hasSameBytes(as: old) && !shown.unicodeScalars.contains("\u{FFFD}")
  }

  /// An address is asked for until it shows.
  private mutating func ask(for address: String?) {
    guard let address else { return }
    let isShown = account.believed.map { Address.folded($0.userName) == Address.folded(address) } == true
    account.requestedUserName = isShown ? nil : address
  }

  /// What is to be repaired is pending again; what is reported only becomes part of what TeamViewer is believed to have.
  private mutating func evolve(_ drift: DriftDetected) {
    account.drift = drift.kind
    account.isVerified = false
    if let shown = drift.account, let believed = account.believed,
      Address.folded(shown.userName) != Address.folded(believed.userName)
    {
      // Somebody gave the account another address: what was asked for before is not waited for any more.
      account.requestedUserName = nil
    }
    if drift.isLinked { show(drift.account) } else { account.unlink() }
    if drift.isRepaired { reopen() }
  }

  /// What is wanted is to be brought to TeamViewer again.
  private mutating func reopen() {
    if account.wanted > 0 { account.completed = min(account.completed, account.wanted - 1) }
  }

  /// What was other than wanted is as wanted again, without a call of ours.
  private mutating func believeDesired() {
    guard let desired, account.believed != nil else { return }
    account.believed?.active = desired.active
    guard desired.active else { return }
    account.believed?.displayName = desired.displayName
    account.keepsOldName = false
    if account.requestedUserName == nil { account.believed?.userName = desired.userName }
  }

  private mutating func evolve(_ completed: DeliveryCompleted) {
    if account.drift != nil || account.keepsOldName, completed.how == .alreadySo { believeDesired() }
    account.drift = nil
    account.completed = max(account.completed, completed.decision)
    account.completedHow = completed.how
    account.formerAddresses = []
    account.parked = nil
    account.isAbandoned = false
    if completed.how == .moved { account.unlink() }
  }
}

extension Account {
  /// An operator lets the delivery be tried as if it were new.
  fileprivate mutating func letGo() {
    parked = nil
    isAbandoned = false
    frozen = nil
    skipped = nil
  }

  /// The account is gone, or somebody else's: no address of it counts any more.
  fileprivate mutating func unlink() {
    believed = nil
    keepsOldName = false
    requestedUserName = nil
    unconfirmedActive = nil
  }

  /// A write of `active` was acknowledged: the answer may show what was before it.
  fileprivate mutating func acknowledge(active: Bool?) {
    guard let active, let believed else { return }
    unconfirmedActive = believed.active == active ? nil : active
  }

  /// A read shows the linked account: where no read has shown yet what a write made of `active`, it may be the read that is
  /// behind.
  fileprivate mutating func compare(_ shown: RemoteAccount?) {
    guard let believed, let shown, shown.id.hasSameBytes(as: believed.id) else { return }
    let made = unconfirmedActive ?? (isVerified ? nil : believed.active)
    unconfirmedActive = made == shown.active ? nil : made
  }
}
