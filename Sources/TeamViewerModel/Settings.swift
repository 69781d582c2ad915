extension TeamViewerService {
  /// How the model behaves where TeamViewer's documentation leaves it open: the switches of the article
  /// TeamViewerAsKnown, which names the pages that are meant here (SCIM page, Web API's manual and reference), at their
  /// suggested defaults.
  public struct Settings: Equatable, Sendable {
    /// The script tokens that are known; with none, every call is refused with 401.
    public var tokens: [Token] = []
    /// The PATCH operation `add` counts as `replace`, as Entra needs it; off is what the page says.
    public var patchAddAsReplace = true
    /// Booleans may be spelt as strings, as Entra does without its compliance flag.
    public var acceptsBooleanStrings = true
    /// Whether the method PATCH is known at all.
    public var patch = Patch.supported
    /// The URNs that a PATCH may carry.
    public var patchOpURN = PatchOpURN.both
    /// `startIndex` in the answer to a query.
    public var listStartIndex = ListStartIndex.zero
    /// The members of a list carry `schemas`.
    public var listMemberSchemas = false
    /// A list of all accounts leaves out those that are not active; no page says so, and none says otherwise.
    public var hidesInactive = false
    /// When a changed address takes effect.
    public var emailChange = EmailChange.pending
    /// The status that refuses to delete a user.
    public var deleteUser = DeleteUser.methodNotAllowed
    /// What the discovery endpoints of RFC 7644 section 4 answer.
    public var discovery = Discovery.notFound
    /// What becomes of `externalId`.
    public var externalId = ExternalId.dropped
    /// Resources carry `meta`.
    public var meta = false
    /// The status that refuses an address in use.
    public var duplicateStatus = DuplicateStatus.conflict
    /// The shape of an error's body.
    public var errorShape = ErrorShape.scim
    /// The limit of calls; nil is none.
    public var rateLimit: RateLimit?
    /// Names have 2 to 50 UTF-16 units (Web API's reference, model of a user).
    public var nameLimits = true
    /// Addresses have 6 to 100 bytes and the documented pattern (Web API's reference, model of a user).
    public var emailPattern = true
    /// Addresses of accounts outside the company: invisible, but in use.
    public var foreignAccounts: [String] = []
    /// Where the service stands, for `Location` and `meta.location`.
    public var baseURL = "https://webapi.teamviewer.com/scim/v2"

    /// The suggested defaults, with no token.
    public init() {}

    /// The suggested defaults, with tokens.
    public init(tokens: [Token]) { self.tokens = tokens }

    /// Whether PATCH is known; RFC 7644 section 3.5.2 makes it optional.
    public enum Patch: String, CaseIterable, Sendable {
      /// It is, as TeamViewer's page says.
      case supported
      /// It is refused with 405.
      case methodNotAllowed = "405"
      /// It is refused with 501.
      case notImplemented = "501"
    }

    /// The URNs that a PATCH may carry (SCIM page, "Update properties of an existing user": text and sample differ).
    public enum PatchOpURN: String, CaseIterable, Sendable {
      /// The official one and the one of TeamViewer's sample.
      case both
      /// The official one only.
      case official
    }

    /// `startIndex` in the answer to a query (SCIM page, "Get a list of users": the sample says 0).
    public enum ListStartIndex: String, CaseIterable, Sendable {
      /// Always 0, as in TeamViewer's sample.
      case zero = "0"
      /// The index that was asked for, from 1.
      case echo
    }

    /// When a changed address takes effect (SCIM page, "Update an existing user": a mail asks for verification).
    public enum EmailChange: String, CaseIterable, Sendable {
      /// When its owner confirms it; until then answers keep the old one.
      case pending
      /// At once.
      case immediate
    }

    /// The status that refuses to delete a user; TeamViewer's guide for Entra ID says only that SCIM cannot.
    public enum DeleteUser: Int, CaseIterable, Sendable {
      /// 405.
      case methodNotAllowed = 405
      /// 404.
      case notFound = 404
      /// 501.
      case notImplemented = 501
    }

    /// What the discovery endpoints answer; no page mentions them.
    public enum Discovery: String, CaseIterable, Sendable {
      /// 404.
      case notFound = "404"
      /// What RFC 7644 section 4 demands.
      case rfc
    }

    /// What becomes of `externalId`; no page mentions it.
    public enum ExternalId: String, CaseIterable, Sendable {
      /// Ignored.
      case dropped
      /// Kept and returned.
      case stored
    }

    /// The status that refuses an address in use; the Web API's manual names `email_in_use` only (chapter 5).
    public enum DuplicateStatus: Int, CaseIterable, Sendable {
      /// 409.
      case conflict = 409
      /// 400, whose body says `email_in_use` in the Web API's shape.
      case badRequest = 400
    }

    /// The shape of an error's body, which the SCIM page leaves open.
    public enum ErrorShape: String, CaseIterable, Sendable {
      /// RFC 7644's.
      case scim
      /// The Web API's.
      case webapi
    }

    /// A limit of calls per token and function, that is method and path template (Web API's manual, chapter 2.7).
    public struct RateLimit: Equatable, Sendable {
      /// The calls that one window allows.
      public var calls: Int
      /// The length of a window, which begins at the first call after the window before.
      public var windowMilliseconds: Int64
      /// How a call over the limit is refused.
      public var refusal: Refusal

      /// How a call over the limit is refused.
      public enum Refusal: String, CaseIterable, Sendable {
        /// 403 with `rate_limit_reached`, in the Web API's shape, as its manual says.
        case forbidden = "403"
        /// 429 with `Retry-After` in seconds.
        case tooManyRequests = "429"
      }

      /// A limit.
      public init(calls: Int, windowMilliseconds: Int64, refusal: Refusal = .forbidden) {
        self.calls = calls
        self.windowMilliseconds = windowMilliseconds
        self.refusal = refusal
      }
    }
  }
}
