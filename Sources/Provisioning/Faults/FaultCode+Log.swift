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
  /// A follower asks for a position far beyond the log's end.
  public static let positionBeyond = FaultCode("0332", .failures, "the log ends before that position")

  static let log: [FaultCode] = [
    logUnreadable, logMissing, logNewer, logNotDurable, logDamaged, logFull, logBusy, logReadOnly, logClosed, logLock,
    entryTooLarge, eventInvalid, entryUnreadable, eventUnreadable, eventNewer, positionBeyond,
  ]
}
