/// PL-05..: the views.
extension FaultCode {
  static let views: [FaultCode] = []
}
