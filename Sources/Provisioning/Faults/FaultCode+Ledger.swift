/// PL-06..: the ledger folder and its locks.
extension FaultCode {
  static let ledger: [FaultCode] = []
}
