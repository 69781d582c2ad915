/// PL-03..: the event log.
extension FaultCode {
  static let log: [FaultCode] = []
}
