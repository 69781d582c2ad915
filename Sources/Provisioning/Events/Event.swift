/// One thing that happened, before or after it stands in the log.
public struct Event: Equatable, Sendable {
  /// The thing that the event belongs to; only the streams' owners append to them (the article Architecture).
  public var stream: Stream
  /// What happened.
  public var payload: EventPayload
  /// The cycle, or other piece of work, that this belongs to.
  public var correlation: String?

  /// The person whose key seals what is personal, where the stream is of nobody; nil for the ledger's key, and in an event
  /// that was read back: the sealed value says it.
  public var sealedFor: String?

  /// One thing that happened.
  public init(_ stream: Stream, _ payload: EventPayload, correlation: String? = nil, sealedFor: String? = nil) {
    self.stream = stream
    self.payload = payload
    self.correlation = correlation
    self.sealedFor = sealedFor
  }

  /// The person, or operator, that the event is about, if it is about one.
  public var subject: String? {
    switch stream {
    case .user(let alias), .account(let alias), .operator(let alias): alias
    default: nil
    }
  }
}

/// The content of an event, by its type.
public indirect enum EventPayload: Equatable, Sendable {
  /// `directory.user.observed`
  case userObserved(UserObserved)
  /// `cycle.started`
  case cycleStarted(CycleStarted)
  /// `cycle.finished`
  case cycleFinished(CycleFinished)
  /// `cycle.interrupted`
  case cycleInterrupted(CycleInterrupted)
  /// `provisioning.decided`
  case decided(Decision)
  /// `account.linked`
  case linked(AccountLinked)
  /// `account.unlinked`
  case unlinked(AccountUnlinked)
  /// `scim.call.started`
  case callStarted(CallStarted)
  /// `scim.call.finished`
  case callFinished(CallFinished)
  /// `delivery.completed`
  case deliveryCompleted(DeliveryCompleted)
  /// `delivery.parked`
  case deliveryParked(DeliveryParked)
  /// `delivery.abandoned`
  case deliveryAbandoned(DeliveryAbandoned)
  /// `account.verified`
  case accountVerified(AccountVerified)
  /// `target.paused`
  case targetPaused(TargetPaused)
  /// `target.resumed`
  case targetResumed(TargetResumed)
  /// `target.unreachable`
  case targetUnreachable(TargetUnreachable)
  /// `quarantine.entered`
  case quarantineEntered(QuarantineEntered)
  /// `quarantine.left`
  case quarantineLeft(QuarantineLeft)
  /// `safeguard.tripped`
  case safeguardTripped(SafeguardTripped)
  /// `safeguard.approved`
  case safeguardApproved(SafeguardApproved)
  /// `configuration.applied`
  case configurationApplied(ConfigurationApplied)
  /// `report.exported`
  case reportExported(ReportExported)
  /// `data.viewed`
  case dataViewed(DataViewed)
  /// `operator.seen`
  case operatorSeen(OperatorSeen)
  /// `log.key.rotated`
  case logKeyRotated(LogKeyRotated)
  /// `backup.proved`
  case backupProved(BackupProved)
  /// `loss.accepted`
  case lossAccepted(LossAccepted)
  /// `ledger.rebuilt`
  case ledgerRebuilt(LedgerRebuilt)
  /// `subject.erased`
  case subjectErased(SubjectErased)
  /// `erasure.refused`
  case erasureRefused(ErasureRefused)
  /// `legal.hold.placed`
  case legalHoldPlaced(LegalHoldPlaced)
  /// `legal.hold.lifted`
  case legalHoldLifted(LegalHoldLifted)
  /// `master.key.rotated`
  case masterKeyRotated(MasterKeyRotated)
  /// `delivery.retried`
  case deliveryRetried(DeliveryRetried)
  /// `delivery.skipped`
  case deliverySkipped(DeliverySkipped)
  /// `delivery.held`
  case deliveryHeld(DeliveryHeld)
  /// `delivery.paused`
  case deliveryPaused(DeliveryPaused)
  /// `delivery.resumed`
  case deliveryResumed(DeliveryResumed)
  /// `quota.reserved`
  case quotaReserved(QuotaReserved)
  /// `circuit.opened`
  case circuitOpened(CircuitOpened)
  /// `circuit.closed`
  case circuitClosed(CircuitClosed)
  /// `reconcile.requested`
  case reconcileRequested(ReconcileRequested)
  /// `drift.detected`
  case driftDetected(DriftDetected)
  /// `reconcile.finished`
  case reconcileFinished(ReconcileFinished)
  /// `review.started`
  case reviewStarted(ReviewStarted)
  /// `review.decided`
  case reviewDecided(ReviewDecided)
  /// `review.refused`
  case reviewRefused(ReviewRefused)
  /// `review.closed`
  case reviewClosed(ReviewClosed)

  /// The typed content.
  public var value: any Payload {
    switch self {
    case .userObserved(let value): value
    case .cycleStarted(let value): value
    case .cycleFinished(let value): value
    case .cycleInterrupted(let value): value
    case .decided(let value): value
    case .linked(let value): value
    case .unlinked(let value): value
    case .callStarted(let value): value
    case .callFinished(let value): value
    case .deliveryCompleted(let value): value
    case .deliveryParked(let value): value
    case .deliveryAbandoned(let value): value
    case .accountVerified(let value): value
    case .targetPaused(let value): value
    case .targetResumed(let value): value
    case .targetUnreachable(let value): value
    case .quarantineEntered(let value): value
    case .quarantineLeft(let value): value
    case .safeguardTripped(let value): value
    case .safeguardApproved(let value): value
    case .configurationApplied(let value): value
    case .reportExported(let value): value
    case .dataViewed(let value): value
    case .operatorSeen(let value): value
    case .logKeyRotated(let value): value
    case .backupProved(let value): value
    case .lossAccepted(let value): value
    case .ledgerRebuilt(let value): value
    case .subjectErased(let value): value
    case .erasureRefused(let value): value
    case .legalHoldPlaced(let value): value
    case .legalHoldLifted(let value): value
    case .masterKeyRotated(let value): value
    case .deliveryRetried(let value): value
    case .deliverySkipped(let value): value
    case .deliveryHeld(let value): value
    case .deliveryPaused(let value): value
    case .deliveryResumed(let value): value
    case .quotaReserved(let value): value
    case .circuitOpened(let value): value
    case .circuitClosed(let value): value
    case .reconcileRequested(let value): value
    case .driftDetected(let value): value
    case .reconcileFinished(let value): value
    case .reviewStarted(let value): value
    case .reviewDecided(let value): value
    case .reviewRefused(let value): value
    case .reviewClosed(let value): value
    }
  }

  /// The event type as it stands in the log.
  public var type: String { Swift.type(of: value).type }
  /// The schema version as it stands in the log.
  public var schema: Int { Swift.type(of: value).schema }

  /// Reads the content of an event of a type; nil when this program does not know the type.
  public init?(type: String, fields: Fields) throws {
    guard let decode = Self.decoders[type] else { return nil }
    self = try decode(fields)
  }

  /// Every event type that this program writes.
  public static var types: [String] { decoders.keys.sorted() }

  private static let decoders: [String: @Sendable (Fields) throws -> EventPayload] = [
    UserObserved.type: { .userObserved(try UserObserved($0)) },
    CycleStarted.type: { .cycleStarted(try CycleStarted($0)) },
    CycleFinished.type: { .cycleFinished(try CycleFinished($0)) },
    CycleInterrupted.type: { .cycleInterrupted(try CycleInterrupted($0)) },
    Decision.type: { .decided(try Decision($0)) },
    AccountLinked.type: { .linked(try AccountLinked($0)) },
    AccountUnlinked.type: { .unlinked(try AccountUnlinked($0)) },
    CallStarted.type: { .callStarted(try CallStarted($0)) },
    CallFinished.type: { .callFinished(try CallFinished($0)) },
    DeliveryCompleted.type: { .deliveryCompleted(try DeliveryCompleted($0)) },
    DeliveryParked.type: { .deliveryParked(try DeliveryParked($0)) },
    DeliveryAbandoned.type: { .deliveryAbandoned(try DeliveryAbandoned($0)) },
    AccountVerified.type: { .accountVerified(try AccountVerified($0)) },
    TargetPaused.type: { .targetPaused(try TargetPaused($0)) },
    TargetResumed.type: { .targetResumed(try TargetResumed($0)) },
    TargetUnreachable.type: { .targetUnreachable(try TargetUnreachable($0)) },
    QuarantineEntered.type: { .quarantineEntered(try QuarantineEntered($0)) },
    QuarantineLeft.type: { .quarantineLeft(try QuarantineLeft($0)) },
    SafeguardTripped.type: { .safeguardTripped(try SafeguardTripped($0)) },
    SafeguardApproved.type: { .safeguardApproved(try SafeguardApproved($0)) },
    ConfigurationApplied.type: { .configurationApplied(try ConfigurationApplied($0)) },
    ReportExported.type: { .reportExported(try ReportExported($0)) },
    DataViewed.type: { .dataViewed(try DataViewed($0)) },
    OperatorSeen.type: { .operatorSeen(try OperatorSeen($0)) },
    LogKeyRotated.type: { .logKeyRotated(try LogKeyRotated($0)) },
    BackupProved.type: { .backupProved(try BackupProved($0)) },
    LossAccepted.type: { .lossAccepted(try LossAccepted($0)) },
    LedgerRebuilt.type: { .ledgerRebuilt(try LedgerRebuilt($0)) },
    SubjectErased.type: { .subjectErased(try SubjectErased($0)) },
    ErasureRefused.type: { .erasureRefused(try ErasureRefused($0)) },
    LegalHoldPlaced.type: { .legalHoldPlaced(try LegalHoldPlaced($0)) },
    LegalHoldLifted.type: { .legalHoldLifted(try LegalHoldLifted($0)) },
    MasterKeyRotated.type: { .masterKeyRotated(try MasterKeyRotated($0)) },
    DeliveryRetried.type: { .deliveryRetried(try DeliveryRetried($0)) },
    DeliverySkipped.type: { .deliverySkipped(try DeliverySkipped($0)) },
    DeliveryHeld.type: { .deliveryHeld(try DeliveryHeld($0)) },
    DeliveryPaused.type: { .deliveryPaused(try DeliveryPaused($0)) },
    DeliveryResumed.type: { .deliveryResumed(try DeliveryResumed($0)) },
    QuotaReserved.type: { .quotaReserved(try QuotaReserved($0)) },
    CircuitOpened.type: { .circuitOpened(try CircuitOpened($0)) },
    CircuitClosed.type: { .circuitClosed(try CircuitClosed($0)) },
    ReconcileRequested.type: { .reconcileRequested(try ReconcileRequested($0)) },
    DriftDetected.type: { .driftDetected(try DriftDetected($0)) },
    ReconcileFinished.type: { .reconcileFinished(try ReconcileFinished($0)) },
    ReviewStarted.type: { .reviewStarted(try ReviewStarted($0)) },
    ReviewDecided.type: { .reviewDecided(try ReviewDecided($0)) },
    ReviewRefused.type: { .reviewRefused(try ReviewRefused($0)) },
    ReviewClosed.type: { .reviewClosed(try ReviewClosed($0)) },
  ]
}
