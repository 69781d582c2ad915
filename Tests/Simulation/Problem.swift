/// What a simulated life must not show.
struct Problem: Error, CustomStringConvertible {
  /// Which promise is broken.
  enum Kind: String {
    /// Somebody who should have an account has none, or it is not what the directory says.
    case lostChange
    /// An account is active, and nobody in the directory has its address.
    case strayAccount
    /// An account was created that belongs to nobody, or one belongs to two people.
    case accountTooMany
    /// Something is still to be done at the end, and nothing stands in its way.
    case pending
    /// The end of a started write is not known.
    case unknownOutcome
    /// A leaver is recorded as verified, or done, and the account was not read as inactive.
    case unverifiedLeaver
    /// A write changes an account that another person holds who is present.
    case othersAccount
    /// A write leaves before its start is in the log.
    case unlogged
    /// A write leaves although nobody knows what became of the one before it.
    case blindWrite
    /// Two calls of one person are on their way.
    case overlap
    /// A write carries an older decision than another before it, or than the newest that the worker was told of.
    case olderDecision
    /// A write changes nothing: TeamViewer has what it carries.
    case idleWrite
    /// A call leaves during a pause of TeamViewer's or an operator's, a quarantine, or planned maintenance.
    case duringPause
    /// A write carries a decision of a cycle that has not finished.
    case unfinishedCycle
    /// A call leaves for somebody whose delivery an operator held or skipped.
    case heldBack
    /// More calls than a quota allows.
    case quotaExceeded
    /// Calls that fail follow each other without a wait, or one person is called for without an end.
    case hotLoop
    /// The log cannot be read back, or says other than the machine.
    case log
    /// TeamViewer's model is not sound.
    case model
  }

  var kind: Kind
  var text: String

  init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  var description: String { "\(kind.rawValue): \(text)" }
}
