/// PL-07..: TeamViewer, or another SCIM target.
extension FaultCode {
  static let target: [FaultCode] = []
}
