public import Base
import HTTPTransport
import JSON
import Provisioning
public import SCIM

/// Sends SCIM requests to one target and says what came of each; nothing is retried and nothing is followed.
///
/// The token stands in the `Authorization` header and nowhere else: no error, no log, no failure holds it. `shutdown`
/// must be called when the client is done.
public struct SCIMClient: Sendable {
  /// The bounds of an exchange.
  public struct Configuration: Equatable, Sendable {
    /// How many connections may be open at once; a caller beyond that waits for one.
    public var concurrency: Int
    /// How long a connection may take to come about, TLS included.
    public var connectTimeout: Duration
    /// How long the first byte of an answer may take once the request is sent; also any pause within the answer.
    public var firstByteTimeout: Duration
    /// How long an exchange may take from beginning to end.
    public var timeout: Duration
    /// The largest body of a list, in bytes: one list may hold the whole company.
    public var listBodyLimit: Int
    /// The largest body of any other answer, in bytes.
    public var bodyLimit: Int
    /// The proxy on the way, and whom else to trust.
    public var route: Route

    /// Bounds; the defaults suit TeamViewer.
    public init(
      concurrency: Int = 8, connectTimeout: Duration = .seconds(10), firstByteTimeout: Duration = .seconds(30),
      timeout: Duration = .seconds(60), listBodyLimit: Int = 64 << 20, bodyLimit: Int = 1 << 20,
      route: Route = Route()
    ) {
      self.concurrency = concurrency
      self.connectTimeout = connectTimeout
      self.firstByteTimeout = firstByteTimeout
      self.timeout = timeout
      self.listBodyLimit = listBodyLimit
      self.bodyLimit = bodyLimit
      self.route = route
    }
  }

  /// Where the target stands.
  public let url: TargetURL
  /// The bounds of each exchange.
  public let configuration: Configuration
  private let token: @Sendable () -> String
  private let transport: Transport

  /// A client; `token` is asked at each request, so that a rotated token is taken up.
  ///
  /// Throws `Fault` with `targetURL` for a URL that is malformed, or plain http to another machine, and with
  /// `certificatesUnusable`.
  public init(
    baseURL: String, configuration: Configuration = Configuration(), token: @escaping @Sendable () -> String
  ) throws(Fault) {
    url = try TargetURL(baseURL)
    self.configuration = configuration
    self.token = token
    transport = try Transport(configuration.bounds)
  }

  /// Closes all connections; requests after it fail.
  public func shutdown() async { await transport.shutdown() }

  /// Sends a request and waits for its whole answer.
  public func send(_ request: SCIMRequest) async -> Exchange {
    var message = Transport.Request(request.method.rawValue, url.description + request.target)
    message.headers.append(("accept", MediaType.scim))
    if let body = request.body {
      message.headers.append(("content-type", MediaType.scim))
      message.body = Array(body.text.utf8)
    }
    let isList = request.method == .get && request.pathTemplate == request.path
    return await exchange(message, bodyLimit: isList ? configuration.listBodyLimit : configuration.bodyLimit)
  }

  /// Reads a route of the same host outside SCIM, such as `/api/v1/ping`; the path is percent-encoded already.
  public func get(_ absolutePathOnHost: String) async -> Exchange {
    let message = Transport.Request("GET", url.origin + absolutePathOnHost, headers: [("accept", "application/json")])
    return await exchange(message, bodyLimit: configuration.bodyLimit)
  }

  private func exchange(_ message: Transport.Request, bodyLimit: Int) async -> Exchange {
    let token = token()
    if let failure = Transport.failure(of: token) { return .failed(failure) }
    var message = message
    message.headers.append(("authorization", "Bearer \(token)"))
    return await transport.send(message, bodyLimit: bodyLimit)
  }
}

extension SCIMClient.Configuration {
  fileprivate var bounds: Transport.Bounds {
    Transport.Bounds(
      concurrency: concurrency, connectTimeout: connectTimeout, firstByteTimeout: firstByteTimeout, timeout: timeout,
      route: route)
  }
}
