/// One thing that goes wrong with one call of Graph, or of its sign-in.
public struct GraphFault: Equatable, Sendable {
  /// What goes wrong.
  public var kind: Kind
  /// For `delay`: how much later the answer comes.
  public var milliseconds: Int64
  /// For the answers with `Retry-After`: how many seconds it names.
  public var retryAfterSeconds: Int64

  /// A fault.
  public init(_ kind: Kind, milliseconds: Int64 = 1000, retryAfterSeconds: Int64 = 1) {
    self.kind = kind
    self.milliseconds = milliseconds
    self.retryAfterSeconds = retryAfterSeconds
  }

  /// What goes wrong.
  public enum Kind: String, CaseIterable, Sendable {
    /// The answer comes late.
    case delay
    /// 429 without `Retry-After`.
    case tooManyRequests = "429"
    /// 429 with `Retry-After`.
    case tooManyRequestsSeconds = "429-seconds"
    /// 500.
    case error500 = "500"
    /// 503 with `Retry-After`.
    case unavailable = "503-seconds"
    /// 504.
    case error504 = "504"
    /// 200 with a page of HTML.
    case html200 = "html-200"
    /// The true answer, said to be text.
    case wrongType = "wrong-type"
    /// The true answer, its JSON cut in half and the message complete as HTTP.
    case cutJSON = "cut-json"
    /// The true answer, the connection closed in the middle of its body.
    case truncatedBody = "truncated-body"
    /// The connection is reset.
    case reset
    /// No answer ever comes.
    case noAnswer = "no-answer"
    /// 401 for a token that is good.
    case unauthorized = "401"
    /// 403 for a permission that the token has.
    case forbidden = "403"
    /// All tokens end now, this call's with them.
    case tokenExpired = "token-expired"
    /// 410 `resyncRequired`.
    case expiredGone = "expired-gone"
    /// 400 `Request_UnsupportedQuery`: the link is too old.
    case expiredUnsupported = "expired-unsupported"
    /// 400 `syncStateNotFound`.
    case expiredSyncState = "expired-sync-state"
    /// 400 `Directory_ExpiredPageToken`.
    case expiredPage = "expired-page"
    /// A page without entries, whose link leads to the page that was asked for.
    case emptyPage = "empty-page"
    /// The true page, whose link leads to it once more.
    case pageTwice = "page-twice"
    /// The true page, whose link leads to another host.
    case otherHost = "other-host"
    /// A list without any entry and without a further page: a directory that says that everybody is gone.
    case emptyList = "empty-list"
    /// A list without its last entries, and without a further page.
    case shortList = "short-list"

    /// True for an answer that is well formed and not to be believed.
    public var isMisleading: Bool { self == .emptyList || self == .shortList }

    /// Whether it can be done to a call; else the call is answered as it is.
    func suits(_ template: String) -> Bool {
      let isDelta = template.hasSuffix("/delta")
      let isList = isDelta || !template.hasSuffix("{id}") && !template.hasSuffix("token")
      return switch self {
      case .expiredGone, .expiredUnsupported, .expiredSyncState: isDelta
      case .expiredPage, .emptyPage, .pageTwice, .otherHost, .emptyList, .shortList: isList
      default: true
      }
    }
  }
}
