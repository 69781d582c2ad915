/// PL-10..: the command line.
extension FaultCode {
  /// Nobody in the ledger has that name.
  public static let personUnknown = FaultCode("1001", .failures, "nobody has that name")
  /// More than one person has that name.
  public static let personAmbiguous = FaultCode("1002", .failures, "several people have that name")
  /// Output cannot be written.
  public static let outputUnwritable = FaultCode("1003", .io, "the output cannot be written")
  /// A question that only a person can answer, and no terminal to ask on.
  public static let noTerminal = FaultCode("1004", .usage, "a confirmation is needed")
  /// The demo's worker ended otherwise than it should.
  public static let demoFailed = FaultCode("1005", .failures, "the demo's worker failed")

  static let command: [FaultCode] = [personUnknown, personAmbiguous, outputUnwritable, noTerminal, demoFailed]
}
