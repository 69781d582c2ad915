import Base

/// Whether calls may leave.
enum Gate: Equatable {
  /// As many as the concurrency allows.
  case open
  /// None before a moment: a pause that TeamViewer asked for, or the circuit breaker.
  case closed(Closed.Reason, until: Timestamp)
  /// One, to see whether it goes well.
  case halfOpen
  /// None: credentials are refused. Only the probe of a start leaves it.
  case quarantined
}
