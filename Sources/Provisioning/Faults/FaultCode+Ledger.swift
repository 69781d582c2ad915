/// PL-06..: the ledger folder and its locks.
extension FaultCode {
  /// The folder holds no ledger.
  public static let ledgerMissing = FaultCode("0601", .configuration, "there is no ledger in that folder")
  /// `init` would overwrite something.
  public static let ledgerExists = FaultCode("0602", .cannotCreate, "the folder is not empty")
  /// The folder or a file in it cannot be made.
  public static let ledgerCannotCreate = FaultCode("0603", .cannotCreate, "the ledger cannot be created")
  /// Another process holds a lock.
  public static let lockBusy = FaultCode("0604", .busy, "another process is at work")
  /// A lock file cannot be used.
  public static let lockUnusable = FaultCode("0605", .cannotCreate, "a lock file cannot be used")

  static let ledger: [FaultCode] = [ledgerMissing, ledgerExists, ledgerCannotCreate, lockBusy, lockUnusable]
}
