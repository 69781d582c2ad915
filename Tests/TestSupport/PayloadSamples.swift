import Base
import JSON
public import Provisioning

/// One event of each type with all members set, and some with as few as can be. Whatever tells a person holds `marker`.
public enum PayloadSamples {
  /// What every personal value begins with.
  public static let marker = "PERSONAL"

  private static func personal(_ name: String) -> String { "\(marker)-\(name)" }

  private static let remote = RemoteAccount(
    id: personal("u1"), userName: personal("address"), displayName: personal("name"), active: true)
  private static let desired = DesiredAccount(
    userName: personal("address"), displayName: personal("name"), active: true, ssoCustomerId: personal("sso"))
  private static let moment = Timestamp(milliseconds: 1_767_323_045_678)

  private static var person: DirectoryUser {
    var person = DirectoryUser(id: personal("id"))
    for attribute in DirectoryAttribute.standard {
      person.attributes[attribute] = attribute.isBoolean ? .flag(false) : .text(personal(attribute.rawValue))
    }
    person.attributes[DirectoryAttribute(rawValue: "extensionAttribute1")] = .text(personal("extension"))
    return person
  }

  private static var identity: OperatorIdentity {
    OperatorIdentity(
      login: personal("login"), name: personal("name"), invoker: personal("invoker"), user: 0,
      loginUser: 1000, loginName: personal("loginName"), host: personal("host"))
  }

  private static var counts: CycleCounts {
    var counts = CycleCounts()
    counts.read = 9
    counts.observed = 7
    for (number, action) in Decision.Action.allCases.enumerated() { counts.decided[action] = number + 1 }
    return counts
  }

  /// One of each type, all members set.
  public static var whole: [EventPayload] {
    [
      .userObserved(UserObserved(state: .softDeleted, user: person)),
      .cycleStarted(CycleStarted(source: .delta, isInitial: true)),
      .cycleFinished(CycleFinished(counts: counts, deltaLink: personal("link"))),
      .decided(
        Decision(.held, .safeguardTripped, desired: desired, cutFrom: personal("whole name"), safeguard: "s1")),
      .linked(AccountLinked(.moved, remote, previous: "alias")),
      .callStarted(
        CallStarted(
          call: 3, purpose: .create, decision: 5_000_000_000, userName: personal("address"),
          body: ["userName": .string(personal("address"))])),
      .callFinished(
        CallFinished(
          call: 3, purpose: .change, operation: "PATCH /Users/{id}", outcome: .refused, status: 409, error: "conflict",
          milliseconds: 31, pages: 2, count: 190, account: remote, detail: personal("detail"))),
      .deliveryCompleted(DeliveryCompleted(.moved, decision: 12, successor: "alias")),
      .deliveryParked(
        DeliveryParked(
          .rejected, decision: 12, attempt: 2, since: moment, retry: moment, status: 400, detail: personal("detail"))),
      .deliveryAbandoned(DeliveryAbandoned(.rejected, decision: 12)),
      .accountVerified(AccountVerified(isGone: false, account: remote)),
      .targetPaused(TargetPaused(until: moment, refusals: 3, status: 429)),
      .quarantineEntered(
        QuarantineEntered(
          .credentials, status: 401, operation: "GET /Users",
          causes: [
            QuarantineCause(operation: "PATCH /Users/{id}", status: 401, person: "alias", answered: moment),
            QuarantineCause(operation: "GET /Users", status: 401, person: "alias", answered: moment),
          ])),
      .quarantineLeft(QuarantineLeft(.released)),
      .safeguardTripped(SafeguardTripped(cycle: "c1", count: 60, limit: 50, active: 500)),
      .safeguardApproved(SafeguardApproved(count: 58)),
      .configurationApplied(ConfigurationApplied(text: personal("text"))),
      .reportExported(
        ReportExported(
          name: "siem", format: "cef", count: 190,
          file: ExportedFile(
            digest: String(repeating: "2c", count: 32), first: 5_000_000_000, last: 5_000_000_189,
            privacy: "pseudonym"), path: personal("path"))),
      .backupProved(
        BackupProved(
          name: "monday", created: moment, size: 5_000_000_000, root: String(repeating: "0a", count: 32),
          views: String(repeating: "1b", count: 32))),
      .legalHoldPlaced(LegalHoldPlaced(reason: personal("case"))),
      .legalHoldLifted(LegalHoldLifted(reason: personal("case"))),
      .masterKeyRotated(MasterKeyRotated(old: "0a", new: "0b", count: 31)),
      .logKeyRotated(
        LogKeyRotated(
          old: "ledger.example/test+7a864099+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
          new: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")),
      .cycleInterrupted(CycleInterrupted(position: 5_000_000_000)),
      .lossAccepted(LossAccepted(seen: 5_000_000_000, newest: 4_000_000_000)),
      .ledgerRebuilt(
        LedgerRebuilt(
          isDrill: true, source: .backup, events: 5_000_000_000, views: String(repeating: "1b", count: 32),
          isEqual: true,
          milliseconds: 4200, lost: ["log.key"])),
      .dataViewed(DataViewed(name: "user list", count: 190, position: 5_000_000_000, filter: personal("filter"))),
      .operatorSeen(OperatorSeen(actor: .operator("olga"), identity: identity)),
    ] + erasures + operators + pace + reconciliation + reviews
  }

  private static var operators: [EventPayload] {
    [
      .deliveryRetried(DeliveryRetried(reason: personal("reason"))),
      .deliverySkipped(DeliverySkipped(decision: 12, reason: personal("reason"))),
      .deliveryHeld(DeliveryHeld(reason: personal("reason"))),
      .deliveryPaused(DeliveryPaused(until: moment, reason: personal("reason"))),
      .deliveryResumed(DeliveryResumed(reason: personal("reason"))),
    ]
  }

  private static var pace: [EventPayload] {
    [
      .quotaReserved(QuotaReserved(quota: "day", count: 360, expires: moment)),
      .circuitOpened(
        CircuitOpened(faults: 5, operation: "POST /Users", error: "http-503", status: 503, scope: .writes)),
      .targetUnreachable(
        TargetUnreachable(
          count: 240, first: moment, last: moment, operation: "POST /Users", error: "http-503", status: 503)),
      .targetResumed(TargetResumed(.released, reason: personal("reason"))),
      .circuitClosed(CircuitClosed()),
    ]
  }

  private static var reconciliation: [EventPayload] {
    [
      .reconcileRequested(ReconcileRequested(id: "r1", repair: true)),
      .driftDetected(DriftDetected(.changed, isRepaired: true, account: remote)),
      .unlinked(AccountUnlinked(.notFound, id: remote.id)),
      .reconcileFinished(
        ReconcileFinished(
          request: "r1", finished: moment, accounts: 190, unmanaged: 3,
          drift: [.missing: 1, .extra: 2, .changed: 3, .disabled: 4], repairs: 10, isWithheld: false)),
    ]
  }

  private static var reviews: [EventPayload] {
    [
      .reviewStarted(
        ReviewStarted(
          asOf: moment, position: 5_000_000_000, due: moment, reviewers: ["operator:olga", "operator:bob"], count: 190)),
      .reviewDecided(
        ReviewDecided(review: "r1", .remove, reviewer: "operator:olga", rationale: personal("rationale"))),
      .reviewRefused(ReviewRefused(review: "r1", reviewer: "operator:olga", deed: 5_000_000_000)),
      .reviewClosed(ReviewClosed(undecided: .keep, kept: 7, removed: 2, open: 1)),
    ]
  }

  private static var erasures: [EventPayload] {
    guard let reason = ErasureReason("gdpr-art-17-1-a") else { return [] }
    return [
      .subjectErased(
        SubjectErased(reason: reason, forced: [.activeAccount, .unverifiedDisable], events: 12, calls: 4)),
      .erasureRefused(ErasureRefused(reason: reason, obstacle: .legalHold)),
    ]
  }

  private static var changed: Decision {
    var decision = Decision(.create, .newInScope, desired: desired)
    decision.isChange = true
    return decision
  }

  /// Some with as few members as can be.
  public static var sparse: [EventPayload] {
    [
      .userObserved(UserObserved(state: .present, user: DirectoryUser(id: personal("id")))),
      .cycleStarted(CycleStarted(source: .snapshot, isInitial: false)),
      .cycleFinished(CycleFinished(counts: CycleCounts(), deltaLink: nil)),
      .decided(Decision(.skip, .importSkipped, desired: nil)),
      .linked(AccountLinked(.created, remote)),
      .reportExported(ReportExported(name: "log", format: "ndjson", count: 1)),
      .callStarted(CallStarted(call: 1, purpose: .change, decision: 1, userName: nil, body: nil)),
      .callFinished(
        CallFinished(
          call: 0, purpose: .list, operation: "GET /Users", outcome: .failed, status: nil, milliseconds: 0)),
      .deliveryCompleted(DeliveryCompleted(.call, decision: 1)),
      .deliveryParked(DeliveryParked(.entryConflict, decision: 1, attempt: 1, since: moment, retry: moment)),
      .accountVerified(AccountVerified(isGone: true)), .decided(changed),
      .legalHoldPlaced(LegalHoldPlaced(reason: nil)),
      .deliveryRetried(DeliveryRetried()), .deliverySkipped(DeliverySkipped(decision: 1, reason: nil)),
      .deliveryHeld(DeliveryHeld(reason: nil)), .deliveryPaused(DeliveryPaused(reason: nil)),
      .deliveryResumed(DeliveryResumed()), .dataViewed(DataViewed(name: "log follow", count: nil, position: 0)),
      .operatorSeen(
        OperatorSeen(actor: .worker, identity: OperatorIdentity(login: personal("login"), host: personal("host")))),
      .userObserved(UserObserved(state: .absent, user: DirectoryUser(id: personal("id")), source: nil)),
      .circuitOpened(CircuitOpened(faults: 5, operation: "GET /Users", error: "reset")),
      .targetUnreachable(
        TargetUnreachable(count: 1, first: moment, last: moment, operation: "GET /Users", error: "reset")),
      .targetResumed(TargetResumed(.probe)),
      .reconcileRequested(ReconcileRequested(id: "r2")),
      .driftDetected(DriftDetected(.missing, isRepaired: false, account: nil)),
      .unlinked(AccountUnlinked(.heldByAnother, id: nil)),
      .reviewDecided(ReviewDecided(review: "r1", .keep, reviewer: nil, rationale: nil)),
      .reconcileFinished(
        ReconcileFinished(
          request: nil, finished: moment, accounts: 0, unmanaged: 0, drift: [:], repairs: 0, isWithheld: true)),
    ]
  }

  /// The members of the clear half that may be missing, by type.
  public static let optional: [String: Set<String>] = [
    UserObserved.type: ["source"], DataViewed.type: ["count"], ReportExported.type: ["file"],
    Decision.type: ["safeguard", "change"], SubjectErased.type: ["forced"], AccountLinked.type: ["previous"],
    DeliveryCompleted.type: ["successor"],
    CallFinished.type: ["status", "error", "pages", "count"], DeliveryParked.type: ["status"],
    CallStarted.type: ["operation"],  // follows from the purpose; written for whoever reads the log
    DeliveryPaused.type: ["until"], CircuitOpened.type: ["status", "scope"], TargetUnreachable.type: ["status"],
    ReconcileRequested.type: ["repair"],
    ReconcileFinished.type: ["request"], ReviewDecided.type: ["reviewer"],
    CycleFinished.type: Set(Decision.Action.allCases.map(\.rawValue)),
  ]
}
