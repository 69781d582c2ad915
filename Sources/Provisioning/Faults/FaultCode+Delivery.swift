/// PL-08..: deliveries to the target.
extension FaultCode {
  /// No call leaves, because the target refuses the credentials.
  public static let quarantined = FaultCode("0801", .credentials, "deliveries are in quarantine")
  /// No call leaves, because what answers is no SCIM endpoint.
  public static let quarantinedNoSCIM = FaultCode("0802", .unreachable, "the target is no SCIM endpoint")
  /// There is no quarantine to release.
  public static let notQuarantined = FaultCode("0803", .failures, "there is no quarantine")

  static let delivery: [FaultCode] = [quarantined, quarantinedNoSCIM, notQuarantined]
}
