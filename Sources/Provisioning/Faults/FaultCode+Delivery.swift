/// PL-08..: deliveries to the target.
extension FaultCode {
  /// No call leaves, because the target refuses the credentials.
  public static let quarantined = FaultCode("0801", .credentials, "deliveries are in quarantine")
  /// No call leaves, because what answers is no SCIM endpoint.
  public static let quarantinedNoSCIM = FaultCode("0802", .unreachable, "the target is no SCIM endpoint")
  /// There is no quarantine to release.
  public static let notQuarantined = FaultCode("0803", .failures, "there is no quarantine")

  /// An operator has paused deliveries, and the run does not wait for operators.
  public static let deliveriesPaused = FaultCode("0804", .busy, "deliveries are paused")

  /// Nothing of that person, or of anybody, is set aside, or is still to be delivered.
  public static let nothingOpen = FaultCode("0811", .failures, "there is no such delivery")
  /// An operator has set the delivery aside in that way before.
  public static let asideAlready = FaultCode("0812", .failures, "the delivery is set aside already")
  /// An operator has paused deliveries before.
  public static let pausedAlready = FaultCode("0813", .failures, "deliveries are paused already")
  /// There is no pause to end.
  public static let notPaused = FaultCode("0814", .failures, "deliveries are not paused")

  /// A comparison of TeamViewer with the log did not come about in time, or cannot begin now.
  public static let reconcileWaits = FaultCode("0821", .busy, "the comparison has to wait")

  /// What a quarantine is to whoever wants a call to leave.
  public static func of(_ reason: QuarantineEntered.Reason) -> FaultCode {
    reason == .notSCIM ? quarantinedNoSCIM : quarantined
  }

  static let delivery: [FaultCode] = [
    quarantined, quarantinedNoSCIM, notQuarantined, deliveriesPaused, nothingOpen, asideAlready, pausedAlready,
    notPaused,
    reconcileWaits,
  ]
}
