/// How an account is changed.
public enum UpdateMethod: String, CaseIterable, Sendable {
  /// The changed attributes only; where the target refuses the method, `put` from then on.
  case patch
  /// The whole account.
  case put
}

/// What the target makes of a new address.
public enum TargetProfile: String, CaseIterable, Sendable {
  /// TeamViewer keeps one address, which is `userName` (its SCIM page, "User Attributes").
  case teamViewer = "teamviewer"
  /// `userName` and `emails` are attributes of their own, and both are changed (RFC 7643 section 4.1).
  case rfc7644
}

/// What follows when a comparison finds an account other than the log says.
public enum DriftPolicy: String, CaseIterable, Sendable {
  /// It is reported only.
  case report
  /// It is reported, and brought back.
  case repair
}
