public import Base

extension FaultCode {
  /// The code behind a call that did not get through, by the word and the status that the log keeps of it: one table for
  /// `target test`, `doctor`, `status` and `deliver`.
  public static func target(error: String?, status: Int?) -> FaultCode {
    switch error {
    case "rate-limit": targetRateLimited
    case "html": targetHTML
    case "unreadable", "malformed", "too-large", "encoding": targetNotSCIM
    case "short-list", "repeated-page", "pages-disagree", "list-too-long", "unreadable-list", "foreign-list": targetList
    case "name-resolution": targetName
    case "tls", "certificate": targetTLS
    case "proxy-name", "proxy-unreachable", "proxy-timeout": proxyUnreachable
    case "proxy-credentials": proxyCredentials
    case "proxy-refused": proxyRefused
    case CallFinished.notSent: targetTokenMalformed
    default: status.map(target(status:)) ?? targetUnreachable
    }
  }

  private static func target(status: Int) -> FaultCode {
    switch status {
    case 401: targetToken
    case 403: targetPermission
    case 429: targetRateLimited
    case 408, 500...: targetFault
    default: targetNotSCIM
    }
  }

  /// The code behind a quarantine.
  public static func target(_ quarantine: QuarantineEntered) -> FaultCode {
    switch quarantine.reason {
    case .credentials: targetToken
    case .insufficientRights: targetPermission
    case .notSCIM: targetNotSCIM
    }
  }

  /// The code and what it stands for, as part of a line.
  public var words: String { "\(self) \(meaning)" }
}

extension CallFinished {
  /// True when TeamViewer answered as itself: it did the call, or refused it for a reason of the account.
  public var gotThrough: Bool {
    switch outcome {
    case .done, .notFound: true
    case .refused: error != "rate-limit" && status != 401
    case .failed, .unknown: false
    }
  }
}
