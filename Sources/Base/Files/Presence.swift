import Glibc

/// Whether something is at a path. "I may not look" is another answer than "nothing is there".
public enum Presence: Equatable, Sendable {
  /// Something is there.
  case there
  /// Nothing is.
  case missing
  /// The system does not say, for a reason in its words (strerror(3)).
  case unknown(String)

  /// What stat(2) says of a path.
  public init(_ path: String) {
    var status = stat()
    if stat(path, &status) == 0 {
      self = .there
    } else {
      self = errno == ENOENT || errno == ENOTDIR ? .missing : .unknown(systemError())
    }
  }
}
