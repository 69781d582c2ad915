/// What commands and backups meet.
extension FaultCode {
  // MARK: PL-10..: the command line.

  /// Nobody in the ledger has that name.
  public static let personUnknown = FaultCode("1001", .failures, "nobody has that name")
  /// More than one person has that name.
  public static let personAmbiguous = FaultCode("1002", .usage, "several people have that name")
  /// Output cannot be written.
  public static let outputUnwritable = FaultCode("1003", .io, "the output cannot be written")
  /// A question that only a person can answer, and no terminal to ask on.
  public static let noTerminal = FaultCode("1004", .usage, "a confirmation is needed")
  /// The demo's worker ended otherwise than it should.
  public static let demoFailed = FaultCode("1005", .failures, "the demo's worker failed")
  /// A report rests on more than one pack may hold.
  public static let evidenceTooLarge = FaultCode("1006", .usage, "an evidence pack would be too large")
  /// Something is in the place where an evidence pack is to go, or nothing can be written there.
  public static let evidenceInTheWay = FaultCode("1007", .cannotCreate, "the evidence pack cannot be written there")
  /// Another export of the name was recorded meanwhile.
  public static let exportOvertaken = FaultCode("1008", .busy, "another process made that export")
  /// A file is in the place where an export is to go.
  public static let exportInTheWay = FaultCode("1009", .cannotCreate, "a file is in the export's place")
  /// Another program listens on the port, or this one may not.
  public static let portUnusable = FaultCode("1010", .cannotCreate, "the port cannot be had")

  // MARK: PL-11..: backups and the list of erasures.

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
  /// The log's key did not sign a backup's manifest as it is.
  public static let backupUnsigned = FaultCode("1108", .failures, "the backup is not signed by the log's key")
  /// A backup's configuration is not the one that its log recorded last.
  public static let backupConfiguration = FaultCode("1109", .failures, "the backup's configuration is not the log's")
  /// What a rebuild needs is neither in the log nor in the folder.
  public static let rebuildImpossible = FaultCode("1110", .io, "what a rebuild needs is missing")
  /// Two builds of the views from one log, or that of a drill and that of the ledger at hand, differ.
  public static let rebuildDiffers = FaultCode("1111", .failures, "rebuilt views differ")
}
