import Base
public import JSON

/// One SCIM request as a value (RFC 7644 section 3), without host, token and headers.
public struct SCIMRequest: Equatable, Sendable {
  /// The HTTP methods of SCIM.
  public enum Method: String, CaseIterable, Sendable {
    /// Reads.
    case get = "GET"
    /// Creates.
    case post = "POST"
    /// Replaces a resource.
    case put = "PUT"
    /// Changes attributes of a resource.
    case patch = "PATCH"
    /// Deletes a resource.
    case delete = "DELETE"

    /// True for everything that may change the service's state.
    public var isWrite: Bool { self != .get }
  }

  /// One parameter of the query, decoded.
  public struct QueryItem: Equatable, Sendable {
    /// The name: `filter`, `startIndex`, `count`.
    public var name: String
    /// The value.
    public var value: String

    /// A parameter.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The method.
  public var method: Method
  /// The path under the base URL, percent-encoded: `/Users`, `/Users/u12`.
  public var path: String
  /// The parameters of the query, decoded, in order.
  public var query: [QueryItem]
  /// The body.
  public var body: JSONValue?

  /// A request; `path` must be percent-encoded already.
  public init(_ method: Method, _ path: String, query: [QueryItem] = [], body: JSONValue? = nil) {
    self.method = method
    self.path = path
    self.query = query
    self.body = body
  }

  /// The value of the first parameter with a name.
  public func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// Path and query as they stand in an HTTP request line after the base URL, percent-encoded.
  public var target: String {
    guard !query.isEmpty else { return path }
    return path + "?"
      + query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
  }

  /// The path with its identifiers taken out, for logs and metrics: `/Users/{id}`. A first segment that is no endpoint
  /// of RFC 7644 section 3.2 becomes `{other}`, so that the number of templates is bounded.
  public var pathTemplate: String {
    let segments = path.utf8.split(separator: UInt8(ascii: "/"))
    guard let first = segments.first.map({ String(decoding: $0, as: UTF8.self) }) else { return "/" }
    let resource = Self.endpoints.contains(first) ? first : "{other}"
    return segments.count == 1 ? "/\(resource)" : "/\(resource)/{id}"
  }

  private static let endpoints: Set<String> = [
    "Users", "Groups", "ServiceProviderConfig", "ResourceTypes", "Schemas", "Bulk", "Me", ".search",
  ]
}

extension SCIMRequest {
  /// A query over users; without `count` TeamViewer answers with everything from `startIndex` on (its SCIM page).
  public static func listUsers(filter: Filter? = nil, startIndex: Int? = nil, count: Int? = nil) -> SCIMRequest {
    var query: [QueryItem] = []
    if let filter { query.append(QueryItem("filter", filter.text)) }
    if let startIndex { query.append(QueryItem("startIndex", String(startIndex))) }
    if let count { query.append(QueryItem("count", String(count))) }
    return SCIMRequest(.get, "/Users", query: query)
  }

  /// Reads one user.
  public static func getUser(_ id: String) -> SCIMRequest { SCIMRequest(.get, userPath(id)) }

  /// Creates a user.
  public static func createUser(_ user: SCIMUser) -> SCIMRequest { SCIMRequest(.post, "/Users", body: user.json) }

  /// Replaces a user.
  public static func replaceUser(_ id: String, _ user: SCIMUser) -> SCIMRequest {
    SCIMRequest(.put, userPath(id), body: user.json)
  }

  /// Changes attributes of a user.
  public static func patchUser(_ id: String, _ patch: PatchRequest) -> SCIMRequest {
    SCIMRequest(.patch, userPath(id), body: patch.json)
  }

  /// An id of dots alone is encoded too: as it is, it would name another folder (RFC 3986 section 5.2.4).
  private static func userPath(_ id: String) -> String {
    let isDots = id == "." || id == ".."
    return "/Users/" + (isDots ? String(repeating: "%2E", count: id.utf8.count) : PercentEncoding.encode(id))
  }
}
