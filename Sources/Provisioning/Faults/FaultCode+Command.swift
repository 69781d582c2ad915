/// PL-10..: the command line.
extension FaultCode {
  static let command: [FaultCode] = []
}
