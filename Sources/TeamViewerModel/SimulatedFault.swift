import Base

/// One thing that goes wrong with one exchange.
public struct SimulatedFault: Equatable, Sendable {
  /// What goes wrong.
  public var kind: Kind
  /// For `delay`: how much later the answer comes.
  public var milliseconds: Int64
  /// For the 429 kinds with `Retry-After`: how many seconds it names, or how far away its date is.
  public var retryAfterSeconds: Int64

  /// A fault.
  public init(_ kind: Kind, milliseconds: Int64 = 1000, retryAfterSeconds: Int64 = 1) {
    self.kind = kind
    self.milliseconds = milliseconds
    self.retryAfterSeconds = retryAfterSeconds
  }

  /// What goes wrong. "Applied" and "after" mean that a write took effect before.
  public enum Kind: String, CaseIterable, Sendable {
    /// The answer comes late; later than the caller waits, it counts as none, although a write took effect.
    case delay
    /// 500, and nothing was done.
    case error500 = "500"
    /// 500 after the request was carried out.
    case error500Applied = "500-applied"
    /// 502, and nothing was done.
    case error502 = "502"
    /// 503, and nothing was done.
    case error503 = "503"
    /// 429 without `Retry-After`.
    case tooManyRequests = "429"
    /// 429 with `Retry-After` in seconds.
    case tooManyRequestsSeconds = "429-seconds"
    /// 429 with `Retry-After` as a date.
    case tooManyRequestsDate = "429-date"
    /// 403 with `rate_limit_reached` in the Web API's shape.
    case rateLimitReached = "403-rate-limit"
    /// 401 for a token that is valid.
    case unauthorized = "401"
    /// 403 for a permission that the token has.
    case forbidden = "403"
    /// 200 with a page of HTML, and nothing was done.
    case html200 = "html-200"
    /// 200 with a page of HTML after the request was carried out.
    case html200Applied = "html-200-applied"
    /// 502 with a page of HTML, and nothing was done.
    case html502 = "html-502"
    /// The true answer, its JSON cut in half and the message complete as HTTP.
    case cutJSON = "cut-json"
    /// The true answer, the connection closed in the middle of its body.
    case truncatedBody = "truncated-body"
    /// The connection is reset, and nothing was done.
    case resetBefore = "reset-before"
    /// The connection is reset after the request was carried out.
    case resetAfter = "reset-after"
    /// No answer ever comes, and nothing was done.
    case noAnswerBefore = "no-answer-before"
    /// No answer ever comes although the request was carried out.
    case noAnswerAfter = "no-answer-after"
    /// 429 with a `Retry-After` of no time at all.
    case retryAfterZero = "429-zero"
    /// 429 with a `Retry-After` of centuries.
    case retryAfterLong = "429-long"
    /// 503 with a `Retry-After` in seconds, and nothing was done.
    case unavailable = "503-seconds"
    /// 404 for an account that is there, and nothing was done.
    case notFound = "404"
    /// The request is carried out, and the answer shows another account.
    case otherAccount = "other-account"
    /// A list without its last entries, and with the true number of accounts.
    case shortList = "short-list"
    /// A list with its first entries in the place of the last.
    case repeatedEntries = "repeated-entries"
    /// The true answer in other kinds of values: `active` as a number, `emails` as texts, the number of accounts as text.
    case oddValues = "odd-values"
    /// The request is carried out, and the answer's id has 70,000 characters.
    case tooLong = "too-long"
    /// Nobody listens. Over HTTP, where somebody does, it is carried out as `reset-before`.
    case refused

    /// True when the request is carried out all the same.
    public var takesEffect: Bool {
      switch self {
      case .delay, .error500Applied, .html200Applied, .cutJSON, .truncatedBody, .resetAfter, .noAnswerAfter,
        .otherAccount, .shortList, .repeatedEntries, .oddValues, .tooLong:
        true
      case .error500, .error502, .error503, .tooManyRequests, .tooManyRequestsSeconds, .tooManyRequestsDate,
        .rateLimitReached, .unauthorized, .forbidden, .html200, .html502, .resetBefore, .noAnswerBefore, .refused,
        .retryAfterZero, .retryAfterLong, .unavailable, .notFound:
        false
      }
    }

    /// True for an answer that is well formed and not to be believed.
    public var isMisleading: Bool {
      switch self {
      case .retryAfterZero, .retryAfterLong, .unavailable, .notFound, .otherAccount, .shortList, .repeatedEntries,
        .oddValues, .tooLong:
        true
      default: false
      }
    }
  }
}
