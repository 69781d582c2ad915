/// PL-04..: the subject keys.
extension FaultCode {
  static let keys: [FaultCode] = []
}
