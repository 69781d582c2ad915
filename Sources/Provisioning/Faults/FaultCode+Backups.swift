/// PL-11..: backups and the list of erasures.
extension FaultCode {
  /// A folder holds no backup, or one that was never finished.
  public static let backupMissing = FaultCode("1101", .io, "there is no whole backup in that folder")
  /// Something is in the place where a backup or a restored ledger is to go.
  public static let backupInTheWay = FaultCode("1102", .cannotCreate, "something is in the backup's place")
  /// A file of a backup cannot be read or written.
  public static let backupFile = FaultCode("1103", .io, "a file of a backup cannot be read or written")
  /// A file of a backup was changed, or what is in it is not sound.
  public static let backupDamaged = FaultCode("1104", .failures, "the backup is damaged")
  /// A backup does not hold this ledger's past, or not that of a checkpoint kept elsewhere.
  public static let backupForeign = FaultCode("1105", .failures, "the backup is not this ledger's past")
  /// Another process writes there.
  public static let backupBusy = FaultCode("1106", .busy, "another process writes there")
  /// A file is no list of erasures.
  public static let erasuresInvalid = FaultCode("1107", .input, "a file is no list of erasures")

  static let backups: [FaultCode] = [
    backupMissing, backupInTheWay, backupFile, backupDamaged, backupForeign, backupBusy, erasuresInvalid,
  ]
}
