extension SimulatedGraph {
  /// How the simulated Graph answers where the documentation leaves a choice, or where a test wants another.
  public struct Settings: Equatable, Sendable {
    /// The objects of a page, where the caller asks for no other number.
    public var pageSize: Int64 = 100
    /// The members that one entry of a group's delta holds at most.
    public var memberSlice: Int64 = 100
    /// How many milliseconds each answer takes.
    public var latency: Int64 = 0
    /// How many seconds an access token is good for.
    public var accessTokenSeconds: Int64 = 3599
    /// How many seconds the token of a deltaLink is good for: seven days for objects of the directory.
    public var deltaTokenSeconds: Int64 = 604_800
    /// How many seconds the token of a nextLink is good for.
    public var pageTokenSeconds: Int64 = 3600
    /// How an expired deltaLink is refused.
    public var expiry = Expiry.gone
    /// By how many seconds delta queries lag behind the directory.
    public var replicationSeconds: Int64 = 0
    /// How likely a page of a delta query tells of an object twice.
    public var replays = 0.05
    /// How likely a page of a delta query is empty and leads on.
    public var emptyPages = 0.05
    /// Whether the first round of a delta query tells of the recycle bin.
    public var showsRemoved = false
    /// The limit of calls; nil for none.
    public var throttle: Throttle? = .documented
    /// Who signs in without any secret; nil where no managed identity is.
    public var managedIdentity: ManagedIdentity?

    /// Settings at their defaults.
    public init() {}
  }

  /// The forms in which an expired deltaLink is refused.
  public enum Expiry: String, CaseIterable, Sendable {
    /// 410 `resyncRequired`, with the address at which to begin anew.
    case gone
    /// 400 `Request_UnsupportedQuery`, as `/users/delta` has been seen to answer.
    case unsupportedQuery
    /// 400 `syncStateNotFound`.
    case syncStateNotFound
  }

  /// An identity that the platform vouches for.
  public struct ManagedIdentity: Equatable, Sendable {
    /// The application that signs in.
    public var appId: String
    /// The value of `X-IDENTITY-HEADER` for the form of App Service.
    public var header: String

    /// An identity.
    public init(appId: String, header: String) {
      self.appId = appId
      self.header = header
    }
  }
}
