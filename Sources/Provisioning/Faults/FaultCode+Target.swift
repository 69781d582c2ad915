/// PL-07..: TeamViewer, or another SCIM target.
extension FaultCode {
  /// The target's URL is malformed, or plain http to another machine.
  public static let targetURL = FaultCode("0701", .configuration, "the target's URL is not allowed")
  /// The token is empty or cannot stand in a header.
  public static let targetTokenMalformed = FaultCode("0702", .credentials, "the target's token is malformed")
  /// The target does not know the token: 401.
  public static let targetToken = FaultCode("0703", .credentials, "the target refuses the token")
  /// The token may not do what is needed: 403.
  public static let targetPermission = FaultCode("0704", .credentials, "the token lacks a permission")
  /// Nobody listens, there is no way, or no answer comes.
  public static let targetUnreachable = FaultCode("0711", .unreachable, "the target cannot be reached")
  /// The host name is unknown.
  public static let targetName = FaultCode("0712", .unreachable, "the target's host name is unknown")
  /// The TLS handshake fails.
  public static let targetTLS = FaultCode("0713", .unreachable, "no TLS connection to the target")
  /// A page for a browser came back: a proxy or a sign-in page answers instead of the target.
  public static let targetHTML = FaultCode("0714", .unreachable, "a web page answers instead of the target")
  /// The URL is no SCIM endpoint.
  public static let targetNotSCIM = FaultCode("0715", .unreachable, "the URL is no SCIM endpoint")
  /// The target has a fault of its own: 5xx.
  public static let targetFault = FaultCode("0716", .unreachable, "the target has a fault of its own")
  /// The target asks for a slower pace.
  public static let targetRateLimited = FaultCode("0717", .busy, "the target's limit of calls is used up")

  static let target: [FaultCode] = [
    targetURL, targetTokenMalformed, targetToken, targetPermission, targetUnreachable, targetName, targetTLS,
    targetHTML,
    targetNotSCIM, targetFault, targetRateLimited,
  ]
}
