import AsyncHTTPClient
public import Base
import NIOCore
import NIOHTTP1
import NIOSSL
public import SCIM

/// Sends HTTP requests and says what came of each; nothing is retried and nothing is followed.
///
/// The one place that builds an HTTP client. What stands in a request's headers is in no error, log or failure. `shutdown`
/// must be called when it is done with.
public struct Transport: Sendable {
  /// The bounds of an exchange.
  public struct Bounds: Equatable, Sendable {
    /// How many connections may be open at once; a caller beyond that waits for one.
    public var concurrency: Int
    /// How long a connection may take to come about, TLS included.
    public var connectTimeout: Duration
    /// How long the first byte of an answer may take once the request is sent; also any pause within the answer.
    public var firstByteTimeout: Duration
    /// How long an exchange may take from beginning to end.
    public var timeout: Duration
    /// The proxy on the way, and whom else to trust.
    public var route: Route

    /// Bounds; the defaults suit an API of the web.
    public init(
      concurrency: Int = 8, connectTimeout: Duration = .seconds(10), firstByteTimeout: Duration = .seconds(30),
      timeout: Duration = .seconds(60), route: Route = Route()
    ) {
      self.concurrency = concurrency
      self.connectTimeout = connectTimeout
      self.firstByteTimeout = firstByteTimeout
      self.timeout = timeout
      self.route = route
    }
  }

  /// One request.
  public struct Request: Sendable {
    /// The method's name.
    public var method: String
    /// The whole URL.
    public var url: String
    /// The header fields.
    public var headers: [(name: String, value: String)]
    /// The body; nil for none.
    public var body: [UInt8]?

    /// A request.
    public init(
      _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
    ) {
      self.method = method
      self.url = url
      self.headers = headers
      self.body = body
    }
  }

  private enum Way: Sendable {
    case network(HTTPClient)
    case inProcess(@Sendable (Request) async -> Exchange)
  }

  private let bounds: Bounds
  private let way: Way

  /// A way to other machines. Throws `Fault` with `certificatesUnusable`.
  public init(_ bounds: Bounds) throws(Fault) {
    self.bounds = bounds
    way = .network(try Self.makeHTTPClient(bounds))
  }

  /// A way to somebody in this process, for whoever simulates the other side.
  package init(answering answer: @escaping @Sendable (Request) async -> Exchange) {
    bounds = Bounds()
    way = .inProcess(answer)
  }

  /// Closes all connections; requests after it fail.
  public func shutdown() async { if case .network(let client) = way { try? await client.shutdown() } }

  /// Why a token cannot be sent at all; nil when it can.
  public static func failure(of token: String) -> Failure? {
    if !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return nil }
    return .notSent("the token is empty or holds a character that cannot stand in a header")
  }

  /// Sends a request and waits for its whole answer, whose body may have so many bytes.
  public func send(_ request: Request, bodyLimit: Int) async -> Exchange {
    switch way {
    case .network(let client): await send(request, by: client, bodyLimit)
    case .inProcess(let answer): await answer(request)
    }
  }

  private func send(_ request: Request, by client: HTTPClient, _ bodyLimit: Int) async -> Exchange {
    let deadline = ContinuousClock.now + bounds.timeout
    let response: HTTPClientResponse
    do {
      response = try await client.execute(Self.message(request), timeout: TimeAmount(bounds.timeout))
    } catch {
      return .failed(Failure(error, answerBegan: false, isProxied: bounds.route.proxy != nil))
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

  private static func message(_ request: Request) -> HTTPClientRequest {
    var message = HTTPClientRequest(url: request.url)
    message.method = .RAW(value: request.method)
    for (name, value) in request.headers { message.headers.add(name: name, value: value) }
    message.headers.add(name: "user-agent", value: "ProvisioningLedger")
    message.headers.add(name: "accept-encoding", value: "gzip")
    if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
    return message
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

  private static func makeHTTPClient(_ bounds: Bounds) throws(Fault) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    // A redirect would carry the token to another address.
    configuration.redirectConfiguration = .disallow
    // Callers have a backoff of their own; a refused connection must be reported at once, as what it is.
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
