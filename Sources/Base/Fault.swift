/// An error that a person can meet: a stable code, one sentence that names what is wrong and the way out.
///
/// Every module throws this one type, so that the command line can print it and choose the exit code in one place.
public struct Fault: Error, Equatable, Sendable {
  /// What kind of error this is; `FaultCode.all` lists them.
  public var code: FaultCode
  /// One sentence or two: the thing concerned, what is wrong with it, and the way out.
  public var sentence: String
  /// Where in the input the cause stands, if it stands in one.
  public var place: Place?

  /// A position in an input file.
  public struct Place: Equatable, Hashable, Sendable {
    /// The file, as the user named it.
    public var file: String
    /// The line, from 1; nil when the file as a whole is meant.
    public var line: Int?
    /// The column in characters, from 1; nil when the line as a whole is meant.
    public var column: Int?

    /// A place in a file.
    public init(file: String, line: Int? = nil, column: Int? = nil) {
      self.file = file
      self.line = line
      self.column = column
    }
  }

  /// An error with its sentence.
  public init(_ code: FaultCode, _ sentence: String, at place: Place? = nil) {
    self.code = code
    self.sentence = sentence
    self.place = place
  }
}

extension Fault: CustomStringConvertible {
  /// The line that a person reads: `PL-0104: users.csv, line 12: the row has …`.
  public var description: String {
    guard let place else { return "\(code): \(sentence)" }
    let line = place.line.map { ", line \($0)" } ?? ""
    let column = place.column.map { ", column \($0)" } ?? ""
    return "\(code): \(place.file)\(line)\(column): \(sentence)"
  }
}

/// How the command ends: 0 to 2, then the numbers of sysexits.h.
public enum ExitStatus: Int32, CaseIterable, Sendable {
  /// Done.
  case done = 0
  /// Done, but with failures or differences; for `verify`: tampering shown.
  case failures = 1
  /// A plan holds changes.
  case changes = 2
  /// The command line is wrong (EX_USAGE).
  case usage = 64
  /// The input is bad; nothing was appended (EX_DATAERR).
  case input = 65
  /// The target cannot be reached (EX_UNAVAILABLE).
  case unreachable = 69
  /// Something cannot be created (EX_CANTCREAT).
  case cannotCreate = 73
  /// Reading or writing failed (EX_IOERR).
  case io = 74
  /// Somebody else holds the lock, or the work is paused (EX_TEMPFAIL).
  case busy = 75
  /// The target, or the proxy on the way, refuses the credentials (EX_NOPERM).
  case credentials = 77
  /// The configuration is wrong (EX_CONFIG).
  case configuration = 78
}

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
