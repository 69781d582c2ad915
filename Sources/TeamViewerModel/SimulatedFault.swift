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
    /// Nobody listens. Over HTTP, where somebody does, it is carried out as `reset-before`.
    case refused

    /// True when the request is carried out all the same.
    public var takesEffect: Bool {
      switch self {
      case .delay, .error500Applied, .html200Applied, .cutJSON, .truncatedBody, .resetAfter, .noAnswerAfter: true
      case .error500, .error502, .error503, .tooManyRequests, .tooManyRequestsSeconds, .tooManyRequestsDate,
        .rateLimitReached, .unauthorized, .forbidden, .html200, .html502, .resetBefore, .noAnswerBefore, .refused:
        false
      }
    }
  }
}
