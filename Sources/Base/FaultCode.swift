/// A stable error code, `PL-` and four digits; the first two say the module.
///
/// A structure with static members, so that a new code breaks no `switch`. `all` is the one table; a test holds it
/// against the article ErrorsAndExits.
public struct FaultCode: Hashable, Sendable, CustomStringConvertible {
  /// The code as a person reads it, such as `PL-0104`.
  public let description: String
  /// What the code means, in a few words.
  public let meaning: String
  /// How a command that meets it ends.
  public let exit: ExitStatus

  init(_ number: String, _ exit: ExitStatus, _ meaning: String) {
    description = "PL-\(number)"
    self.meaning = meaning
    self.exit = exit
  }
}
