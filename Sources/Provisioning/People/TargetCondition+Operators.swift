public import Base

/// What operators may say of deliveries as a whole, and when it makes no sense. Pure.
extension TargetCondition {
  /// Lets no call leave, until a moment if one is given. Throws `FaultCode.pausedAlready` while a pause lasts.
  public func paused(until: Timestamp?, reason: String, at now: Timestamp) throws -> EventPayload {
    if let pause = operatorPause, pause.isInForce(at: now) {
      let end = pause.until.map { "until \($0)" } ?? "until somebody resumes them"
      throw Fault(
        .pausedAlready, "Deliveries are paused already, \(end); for another pause, `provledger delivery resume` first.")
    }
    return .deliveryPaused(DeliveryPaused(until: until, reason: reason))
  }

  /// Ends the pause: an operator's, else one that TeamViewer asked for. Throws `FaultCode.notPaused`.
  public func resumed(reason: String?, at now: Timestamp) throws -> EventPayload {
    guard operatorPause?.isInForce(at: now) == true else {
      if let pause, pause.until > now { return .targetResumed(TargetResumed(.released, reason: reason)) }
      throw Fault(.notPaused, "Deliveries are not paused; `provledger status` says what else holds them back.")
    }
    return .deliveryResumed(DeliveryResumed(reason: reason))
  }

  /// Ends the quarantine by hand. Throws `FaultCode.notQuarantined`.
  public func released() throws -> EventPayload {
    guard quarantine != nil else { throw Fault(.notQuarantined, "There is no quarantine to release.") }
    return .quarantineLeft(QuarantineLeft(.released))
  }
}
