/// PL-09..: cycles and safeguards.
extension FaultCode {
  /// No safeguard of that name holds anybody.
  public static let safeguardUnknown = FaultCode("0901", .failures, "no safeguard of that name holds anybody")

  static let cycles: [FaultCode] = [safeguardUnknown]
}
