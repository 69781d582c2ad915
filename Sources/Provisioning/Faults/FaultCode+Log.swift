/// PL-03..: the event log.
extension FaultCode {
  /// The log's file cannot be opened, read or written.
  public static let logUnreadable = FaultCode("0301", .io, "the log cannot be read or written")
  /// There is no log at that path, and this call may not make one.
  public static let logMissing = FaultCode("0302", .io, "there is no log at that path")
  /// The log was made by a newer program.
  public static let logNewer = FaultCode("0303", .io, "the log was made by a newer program")
  /// SQLite does not keep `synchronous=FULL`, so an append would not be durable.
  public static let logNotDurable = FaultCode("0304", .io, "the log cannot promise that appends survive a power loss")
  /// SQLite finds the file malformed, or it has another schema.
  public static let logDamaged = FaultCode("0305", .io, "the log's file is damaged")
  /// No room is left on the disk.
  public static let logFull = FaultCode("0306", .io, "no room is left for the log")
  /// Another program holds the database.
  public static let logBusy = FaultCode("0307", .busy, "another program holds the log")
  /// The log, or its file, can only be read.
  public static let logReadOnly = FaultCode("0308", .io, "the log can only be read")
  /// The log was closed.
  public static let logClosed = FaultCode("0309", .io, "the log is closed")
  /// The lock file cannot be made or locked.
  public static let logLock = FaultCode("0310", .cannotCreate, "the log's lock file cannot be used")
  /// An entry is larger than 65,535 bytes.
  public static let entryTooLarge = FaultCode("0311", .input, "an entry is larger than the log takes")
  /// An event that the log cannot hold: an empty name, a payload that is no JSON object.
  public static let eventInvalid = FaultCode("0312", .input, "an event is not one that the log can hold")
  /// An entry of the log is not an envelope that this program can read.
  public static let entryUnreadable = FaultCode("0313", .io, "an entry of the log cannot be read")

  /// The payload of an event is not of its type's shape.
  public static let eventUnreadable = FaultCode("0314", .io, "an event's payload cannot be read")
  /// An event of a type or a schema version that only a newer program knows.
  public static let eventNewer = FaultCode("0331", .io, "an event was made by a newer program")

  /// The log does not go on from a checkpoint that it signed: it was cut, rewritten or put back.
  public static let logForked = FaultCode("0315", .failures, "the log does not go on from its own checkpoint")
  /// The private key of the log is missing, or is another log's.
  public static let logKeyUnusable = FaultCode("0316", .io, "the key that signs checkpoints cannot be used")
  /// A text is no verifier key.
  public static let verifierKeyInvalid = FaultCode("0317", .usage, "a text is no verifier key")
  /// Bytes are no signed note, or its text is no checkpoint.
  public static let noteInvalid = FaultCode("0318", .input, "a file is no signed note")
  /// No known key signed a note, or one did so wrongly.
  public static let noteUnsigned = FaultCode("0319", .failures, "no signature on a note holds")
  /// There is no event at that position, or the log is not that long.
  public static let proofOutside = FaultCode("0320", .input, "the log does not reach that far")
  /// A file is no proof.
  public static let proofInvalid = FaultCode("0321", .input, "a file is no proof")
  /// A proof does not prove what it says.
  public static let proofFails = FaultCode("0322", .failures, "a proof does not hold")
  /// A place outside did not take a checkpoint.
  public static let anchorFailed = FaultCode("0323", .io, "an anchor did not take a checkpoint")
  /// The folder for the tiles holds something else, or cannot be written.
  public static let tilesUnwritable = FaultCode("0324", .cannotCreate, "the tiles cannot be written")

  /// The log keeps no such checkpoint.
  public static let checkpointMissing = FaultCode("0340", .input, "the log keeps no such checkpoint")

  static let log: [FaultCode] = [
    logUnreadable, logMissing, logNewer, logNotDurable, logDamaged, logFull, logBusy, logReadOnly, logClosed, logLock,
    entryTooLarge, eventInvalid, entryUnreadable, eventUnreadable, logForked, logKeyUnusable, verifierKeyInvalid,
    noteInvalid, noteUnsigned, proofOutside, proofInvalid, proofFails, anchorFailed, tilesUnwritable, eventNewer,
    checkpointMissing,
  ]
}
