/// PL-02..: the configuration file.
extension FaultCode {
  static let configuration: [FaultCode] = []
}
