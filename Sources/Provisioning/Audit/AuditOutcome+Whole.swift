/// What events did that are about no one person: to TeamViewer as a whole, to a cycle, to the ledger.
extension AuditOutcome {
  static func target(_ payload: EventPayload) -> AuditOutcome? {
    switch payload {
    case .targetPaused(let paused): AuditOutcome("pause", .warning, "HTTP \(paused.status)")
    case .targetResumed(let resumed): AuditOutcome("resume", .success, resumed.how.rawValue)
    case .targetUnreachable(let fault): AuditOutcome("reach", .failure, fault.error)
    case .quarantineEntered(let entered): AuditOutcome("quarantine", .failure, entered.reason.rawValue)
    case .quarantineLeft(let left): AuditOutcome("release", .success, left.how.rawValue)
    case .circuitOpened(let opened): AuditOutcome("breakCircuit", .failure, opened.error)
    case .circuitClosed: AuditOutcome("closeCircuit")
    case .quotaReserved(let reserved): AuditOutcome("reserve", .success, reserved.quota)
    case .reconcileRequested: AuditOutcome("reconcile", .pending)
    case .reconcileFinished(let finished):
      AuditOutcome("reconcile", finished.drift.isEmpty ? .success : .warning, finished.isWithheld ? "withheld" : nil)
    case .deliveryPaused: AuditOutcome("pause", .warning)
    case .deliveryResumed: AuditOutcome("resume")
    default: nil
    }
  }

  static func cycle(_ payload: EventPayload) -> AuditOutcome? {
    switch payload {
    case .cycleStarted(let started): AuditOutcome("import", .pending, started.source.rawValue)
    case .cycleFinished: AuditOutcome("import")
    case .cycleInterrupted: AuditOutcome("import", .failure, "interrupted")
    case .safeguardTripped: AuditOutcome("held", .warning, Decision.Reason.safeguardTripped.rawValue)
    case .safeguardApproved: AuditOutcome("approve")
    default: nil
    }
  }

  static func reviewed(_ payload: EventPayload) -> AuditOutcome? {
    switch payload {
    case .reviewStarted: AuditOutcome("startReview", .pending)
    case .reviewDecided(let decided): AuditOutcome("review", .success, decided.decision.rawValue)
    case .reviewRefused: AuditOutcome("review", .failure, "ownDeed")
    case .reviewClosed: AuditOutcome("closeReview")
    default: nil
    }
  }

  static func operators(_ payload: EventPayload) -> AuditOutcome? {
    switch payload {
    case .dataViewed(let viewed): AuditOutcome("view", .success, viewed.name)
    case .reportExported(let exported): AuditOutcome("export", .success, exported.name)
    case .operatorSeen: AuditOutcome("identify")
    default: nil
    }
  }

  static func ledger(_ payload: EventPayload) -> AuditOutcome? {
    switch payload {
    case .configurationApplied: AuditOutcome("configure")
    case .logKeyRotated: AuditOutcome("rotateKey", .success, "log")
    case .masterKeyRotated: AuditOutcome("rotateKey", .success, "master")
    case .backupProved: AuditOutcome("proveBackup")
    case .lossAccepted: AuditOutcome("acceptLoss", .warning)
    case .ledgerRebuilt(let rebuilt):
      AuditOutcome(
        rebuilt.isDrill ? "drillRebuild" : "rebuild",
        !rebuilt.isEqual ? .failure : rebuilt.lost.isEmpty ? .success : .warning)
    default: nil
    }
  }
}
