/// How an account is changed.
public enum UpdateMethod: String, CaseIterable, Sendable {
  /// The changed attributes only; where the target refuses the method, `put` from then on.
  case patch
  /// The whole account.
  case put
}

/// What follows when a comparison finds an account other than the log says.
public enum DriftPolicy: String, CaseIterable, Sendable {
  /// It is reported only.
  case report
  /// It is reported, and brought back.
  case repair
}
