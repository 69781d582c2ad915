/// PL-08..: deliveries to the target.
extension FaultCode {
  static let delivery: [FaultCode] = []
}
