import GRDB
import Provisioning

extension ViewStore {
  /// The digest of views that are built anew from the log up to a position; the live ones are not looked at.
  ///
  /// Two logs that begin alike have the same one there, as far as their keys open the same. `progress` gets the position
  /// reached. Throws the faults of log and views.
  public func digest(at position: Int64, _ progress: (Int64) -> Void = { _ in }) throws -> String {
    try withFresh { fresh in
      try build(fresh.queue, upTo: position, progress)
      return try TableDigest.text(over: fresh.queue.read(TableDigest.all))
    }
  }
}
