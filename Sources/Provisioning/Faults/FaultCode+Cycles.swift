/// PL-09..: cycles and safeguards.
extension FaultCode {
  static let cycles: [FaultCode] = []
}
