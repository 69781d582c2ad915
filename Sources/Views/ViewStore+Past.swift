import Base
import EventLog
import GRDB

/// The views of a moment that is past.
extension ViewStore {
  /// Runs a body with the views as the log has them up to a position; all questions can be asked of them.
  ///
  /// They are built from the log for this, in a file beside the live ones that is gone when the body has returned. One at a
  /// time: a rebuild, and another past, wait. Whoever was erased since is erased in them too, since the keys are gone.
  ///
  /// Throws `FaultCode.momentUnknown` for a position that the log does not hold; the faults of log and views.
  public func at<Result>(_ position: Int64, _ body: (ViewStore) throws -> Result) throws -> Result {
    let last = try log.lastPosition()
    guard (0...last).contains(position) else {
      throw Fault(
        .momentUnknown, "The log holds \(last.of("event")), and no position \(position); name one of 0 to \(last).")
    }
    return try withFresh(lookups: true) { fresh, _ in
      try build(fresh, upTo: position) { _ in }
      return try body(ViewStore(fresh, of: self, at: position))
    }
  }
}
