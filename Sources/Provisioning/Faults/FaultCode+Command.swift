/// PL-10..: the command line.
extension FaultCode {
  /// Nobody in the ledger has that name.
  public static let personUnknown = FaultCode("1001", .failures, "nobody has that name")
  /// More than one person has that name.
  public static let personAmbiguous = FaultCode("1002", .failures, "several people have that name")
  /// A value on the command line is not allowed.
  public static let commandValue = FaultCode("1003", .usage, "a value on the command line is wrong")
  /// Output cannot be written.
  public static let outputUnwritable = FaultCode("1004", .io, "the output cannot be written")
  /// A question that only a person can answer, and no terminal to ask on.
  public static let noTerminal = FaultCode("1005", .usage, "a confirmation is needed")

  static let command: [FaultCode] = [personUnknown, personAmbiguous, commandValue, outputUnwritable, noTerminal]
}
