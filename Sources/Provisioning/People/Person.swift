/// One person as the log tells them: what the directory shows, what was decided, and how TeamViewer's account stands.
///
/// Derived from events alone by `evolve`, so that any two programs that read the same log hold the same person.
public struct Person: Equatable, Sendable {
  /// The person's random identifier in the log.
  public var alias: String
  /// The person as last observed; nil when no observation was read yet.
  public var user: DirectoryUser?
  /// The source that owns the person; nil when none does.
  public var source: DirectorySourceID?
  /// How the directory holds the person.
  public var state: DirectoryState = .absent
  /// The newest decision.
  public var decision: Decision?
  /// The log position of the newest decision; 0 when there is none.
  public var decisionPosition: Int64 = 0
  /// The cycle, or the safeguard or plan, that the newest decision belongs to.
  public var decisionCycle: String?
  /// The last desired state that was not nil: what a disable is made of.
  public var lastDesired: DesiredAccount?
  /// The TeamViewer side.
  public var account = Account()
  /// Set while an access review keeps the account from being active: the position of its decision. It ends when the
  /// directory itself takes the person's access away, when the review decides otherwise, or by a plan that is applied.
  public var removal: Int64?
  /// Set while the person must not be erased.
  @Rare public var legalHold: LegalHold?
  /// Set once the person was erased: from then on nothing is known but what the log keeps in clear.
  @Rare public var erasure: PersonErasure?

  /// A person of whom nothing is known yet.
  public init(alias: String) { self.alias = alias }

  /// The state that the newest decision wants; nil when there is to be no account.
  public var desired: DesiredAccount? { decision?.desired }

  /// True when the source that owns the person holds them.
  public var isPresent: Bool { state == .present && source != nil }

  /// True when the source holds the person and lets them sign in.
  public var isActiveInSource: Bool { isPresent && user?.isEnabled ?? false }

  /// True when the account may be used, as far as the log knows: TeamViewer showed it as active, and no comparison found it
  /// missing since.
  public var hasActiveAccount: Bool { account.believed?.active == true && account.drift != .missing }

  /// True when the source that owned the person was let go, or another person stands for them now: the account is left
  /// as it is.
  public var isDetached: Bool { source == nil && decision != nil }

  /// True when something is still to be brought to TeamViewer, parked or not.
  public var isPending: Bool {
    guard erasure == nil else { return false }
    return account.unanswered != nil || (desired != nil && account.completed < account.wanted)
  }

  /// True when TeamViewer's account is believed to be other than wanted, although nothing is to be brought there.
  public var isDrifted: Bool {
    guard erasure == nil, let desired, !isPending else { return false }
    return account.drift != nil || account.believed.map { $0.active != desired.active } ?? false
  }

  /// True when the delivery waits for a retry, a changed decision or an operator.
  public var isSetAside: Bool { account.parked != nil || account.isAbandoned || isSetAsideByOperator }

  /// True when an operator lets nothing be sent: only `delivery.retried`, for a skip also a changed decision, ends it.
  public var isSetAsideByOperator: Bool { account.frozen != nil || account.skipped != nil }
}

/// The TeamViewer side of a person.
public struct Account: Equatable, Sendable {
  /// What TeamViewer last said of the linked account; nil when none is linked.
  public var believed: RemoteAccount?
  /// An address that TeamViewer took note of but does not show yet: it waits for a confirmation by mail.
  public var requestedUserName: String?
  /// The position of the first decision that wanted the present desired state.
  public var wanted: Int64 = 0
  /// The position of the newest completed decision; 0 when none is.
  public var completed: Int64 = 0
  /// How the newest completion came about.
  public var completedHow: DeliveryCompleted.How?
  /// The number of writes so far.
  public var calls = 0
  /// A write that started and has no known outcome.
  @Rare public var unanswered: CallStarted?
  /// True when a read showed the disabled account as inactive or gone, and nothing was sent since.
  public var isVerified = false
  /// What an acknowledged write made of `active`, where what was read since shows otherwise: either may be in force. Nil where
  /// nothing speaks against what is believed.
  public var unconfirmedActive: Bool?
  /// Set while the delivery is parked.
  @Rare public var parked: DeliveryParked?
  /// True when the delivery was given up after 28 days.
  public var isAbandoned = false
  /// Set while an operator lets nothing be sent for this person.
  @Rare public var frozen: DeliveryHeld?
  /// Set while an operator does not want the present desired state delivered.
  @Rare public var skipped: DeliverySkipped?
  /// What the newest full read showed to be other than the log says; nil once TeamViewer is as wanted again.
  public var drift: DriftDetected.Kind?

  /// True when TeamViewer acknowledged another name for the account, and went on to show the one that it had.
  public var keepsOldName = false

  /// Why the person's last account is theirs no longer; nil while one is linked, and when none ever was.
  public var unlinked: AccountUnlinked.Reason?

  /// The addresses of a linked account that was not found any more: one that was made anew by hand may have them. None once an
  /// account is linked, or the delivery is complete.
  public var formerAddresses: [String] = []

  /// Nothing linked, nothing sent.
  public init() {}

  /// The address to compare a wanted one with: what was asked for, else what TeamViewer shows.
  public var userName: String? { requestedUserName ?? believed?.userName }

  /// True when the linked account shows as inactive, or was made so and does not show it.
  public var mayBeInactive: Bool { believed?.active == false || unconfirmedActive == false }
}
