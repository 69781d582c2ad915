/// PL-09..: cycles, safeguards, erasures, legal holds, plans.
extension FaultCode {
  /// No safeguard of that name holds anybody.
  public static let safeguardUnknown = FaultCode("0901", .failures, "no safeguard of that name holds anybody")
  /// The person is in the directory, so that the next cycle would bring all of it back.
  public static let erasureInDirectory = FaultCode("0902", .failures, "who is in the directory is not erased")
  /// TeamViewer has an active account of the person.
  public static let erasureActiveAccount = FaultCode("0903", .failures, "who has an active account is not erased")
  /// A write is not settled, or no read has shown that the account is inactive.
  public static let erasureUnverified = FaultCode("0904", .failures, "the disable of the account is not verified")
  /// The person is under a legal hold.
  public static let erasureOnHold = FaultCode("0905", .failures, "who is under a legal hold is not erased")
  /// The person was erased before.
  public static let alreadyErased = FaultCode("0906", .failures, "the person was erased")
  /// The log says erased, but a file could not be cleared yet.
  public static let erasureUnfinished = FaultCode("0907", .io, "an erasure is not finished")
  /// There is a hold already, which a second one would hide.
  public static let holdThere = FaultCode("0908", .failures, "there is a legal hold already")
  /// There is no hold to lift.
  public static let holdMissing = FaultCode("0909", .failures, "there is no legal hold")

  /// The plan's file cannot be read, or is not what `target restore` wrote.
  public static let planInvalid = FaultCode("0910", .input, "the plan cannot be read")
  /// The plan was made from another log, or from one that was put back since.
  public static let planForeign = FaultCode("0911", .input, "the plan is of another log")
  /// Somebody in the plan was decided anew since.
  public static let planOutdated = FaultCode("0912", .failures, "somebody in the plan has a newer decision")
  /// Something is where the plan is to be written, or it cannot be written there.
  public static let planInTheWay = FaultCode("0913", .cannotCreate, "the plan cannot be written there")
  /// The log does not reach back, or on, to that moment.
  public static let momentUnknown = FaultCode("0914", .usage, "the log knows nothing of that moment")

  static let cycles: [FaultCode] = [
    safeguardUnknown, erasureInDirectory, erasureActiveAccount, erasureUnverified, erasureOnHold, alreadyErased,
    erasureUnfinished, holdThere, holdMissing, planInvalid, planForeign, planOutdated, planInTheWay, momentUnknown,
  ]
}
