import AsyncHTTPClient
public import Base
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
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
  private let client: HTTPClient

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
    client = try Self.makeHTTPClient(configuration)
  }

  /// Closes all connections; requests after it fail.
  public func shutdown() async { try? await client.shutdown() }

  /// Sends a request and waits for its whole answer.
  public func send(_ request: SCIMRequest) async -> Exchange {
    var message = HTTPClientRequest(url: url.description + request.target)
    message.method = .RAW(value: request.method.rawValue)
    message.headers.add(name: "accept", value: MediaType.scim)
    if let body = request.body {
      message.headers.add(name: "content-type", value: MediaType.scim)
      message.body = .bytes(ByteBuffer(string: body.text))
    }
    let isList = request.method == .get && request.pathTemplate == request.path
    return await exchange(message, bodyLimit: isList ? configuration.listBodyLimit : configuration.bodyLimit)
  }

  /// Reads a route of the same host outside SCIM, such as `/api/v1/ping`; the path is percent-encoded already.
  public func get(_ absolutePathOnHost: String) async -> Exchange {
    var message = HTTPClientRequest(url: url.origin + absolutePathOnHost)
    message.headers.add(name: "accept", value: "application/json")
    return await exchange(message, bodyLimit: configuration.bodyLimit)
  }

  /// Why a token cannot be sent at all; nil when it can.
  public static func failure(of token: String) -> Failure? {
    if !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return nil }
    return .notSent("the token is empty or holds a character that cannot stand in a header")
  }

  // MARK: One exchange

  private func exchange(_ message: HTTPClientRequest, bodyLimit: Int) async -> Exchange {
    let token = token()
    if let failure = Self.failure(of: token) { return .failed(failure) }
    var message = message
    message.headers.add(name: "authorization", value: "Bearer \(token)")
    message.headers.add(name: "user-agent", value: "ProvisioningLedger")
    message.headers.add(name: "accept-encoding", value: "gzip")
    let deadline = ContinuousClock.now + configuration.timeout
    let response: HTTPClientResponse
    do {
      response = try await client.execute(message, timeout: TimeAmount(configuration.timeout))
    } catch {
      return .failed(Failure(error, answerBegan: false, isProxied: configuration.route.proxy != nil))
    }
    do {
      let body = try await collect(response.body, upTo: bodyLimit, before: deadline)
      let headers = Dictionary(
        response.headers.map { ($0.name.asciiLowercased, $0.value) }, uniquingKeysWith: { "\($0), \($1)" })
      return .response(
        SCIMResponse(
          status: Int(response.status.code), headers: headers,
          body: try Self.decoded(body, headers["content-encoding"], upTo: bodyLimit)))
    } catch {
      return .failed(Failure(error, answerBegan: true, isProxied: false))
    }
  }

  /// The body without its content codings (RFC 9110, section 8.4): one, and no other than was offered.
  private static func decoded(_ body: [UInt8], _ coding: String?, upTo limit: Int) throws -> [UInt8] {
    switch coding?.asciiLowercased {
    case nil, "identity": return body
    case _ where body.isEmpty: return body
    case "gzip", "x-gzip": return try Gzip.decompressed(body, limit: limit)
    default: throw Gzip.Failure.broken
    }
  }

  /// The HTTP client's own deadline ends with the answer's head. Within the body it bounds each pause only, so the whole
  /// is looked at with each part that arrives.
  private func collect(
    _ body: HTTPClientResponse.Body, upTo limit: Int, before deadline: ContinuousClock.Instant
  ) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await part in body {
      guard bytes.count + part.readableBytes <= limit else { throw NIOTooManyBytesError(maxBytes: limit) }
      guard ContinuousClock.now < deadline else { throw HTTPClientError.deadlineExceeded }
      bytes.append(contentsOf: part.readableBytesView)
    }
    return bytes
  }

  /// The one place that builds an HTTP client.
  private static func makeHTTPClient(_ bounds: Configuration) throws(Fault) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    // A redirect would carry the token to another address.
    configuration.redirectConfiguration = .disallow
    // The worker has a backoff of its own; a refused connection must be reported at once, as what it is.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, bounds.concurrency)
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = TimeAmount(min(bounds.connectTimeout, bounds.timeout))
    configuration.timeout.read = TimeAmount(min(bounds.firstByteTimeout, bounds.timeout))
    configuration.proxy = bounds.route.proxy.map { proxy in
      .server(
        host: proxy.host, port: proxy.port,
        authorization: proxy.credentials.map { .basic(username: $0.user, password: $0.password) })
    }
    if let path = bounds.route.certificates {
      var tls = TLSConfiguration.makeClientConfiguration()
      let authorities = try Authorities(file: path, now: SystemClock.now())
      tls.additionalTrustRoots = [.certificates(authorities.certificates)]
      configuration.tlsConfiguration = tls
    }
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }
}
