/// What came of sending a request.
public enum Exchange: Equatable, Sendable {
  /// A whole answer arrived.
  case response(SCIMResponse)
  /// None did.
  case failed(Failure)
}

/// Why no whole answer arrived.
public enum Failure: Error, Equatable, Sendable {
  /// The request could not be made, such as for a token that is no header value; the text says what is wrong with it.
  case notSent(String)
  /// The host name is unknown, or the name service does not answer.
  case nameResolution
  /// Nobody listens at the address.
  case refused
  /// There is no way to the host.
  case unreachable
  /// No connection came about in time.
  case connectTimeout
  /// The TLS handshake failed: another protocol, or no TLS on the other side.
  case tls
  /// The other side's certificate is none to trust: of an unknown authority, for another host, or not valid now.
  case certificate
  /// The connection stood, and no whole answer came in time.
  case timeout
  /// The connection was closed before the answer began.
  case reset
  /// The answer began, and its body ended too early.
  case truncated
  /// The answer's body is larger than is accepted.
  case tooLarge
  /// The other side does not speak HTTP.
  case malformed
  /// The answer's body is compressed in a way that was not offered, or its compressed form is broken.
  case encoding
  /// The proxy on the way did not open it.
  case proxy(ProxyFailure)
  /// Anything else; the text is the name of the error's type.
  case other(String)

  /// A short label, safe for logs: no address, no token, no personal data.
  public var label: String {
    switch self {
    case .notSent: "not-sent"
    case .nameResolution: "name-resolution"
    case .refused: "refused"
    case .unreachable: "unreachable"
    case .connectTimeout: "connect-timeout"
    case .tls: "tls"
    case .certificate: "certificate"
    case .timeout: "timeout"
    case .reset: "reset"
    case .truncated: "truncated"
    case .tooLarge: "too-large"
    case .malformed: "malformed"
    case .encoding: "encoding"
    case .proxy(let failure): "proxy-\(failure.rawValue)"
    case .other(let name): "other-\(name)"
    }
  }

  /// Whether the server may have seen the request, so that a write may have taken effect.
  public var mayHaveArrived: Bool {
    switch self {
    case .notSent, .nameResolution, .refused, .unreachable, .connectTimeout, .tls, .certificate, .proxy: false
    case .timeout, .reset, .truncated, .tooLarge, .malformed, .encoding, .other: true
    }
  }
}

extension Failure {
  /// The failures that are told by their label alone.
  private static let plain: [Failure] =
    [
      .nameResolution, .refused, .unreachable, .connectTimeout, .tls, .timeout, .reset, .truncated, .tooLarge,
      .malformed,
      .encoding, .certificate,
    ] + ProxyFailure.allCases.map(Failure.proxy)

  /// The failure behind a label, as logs keep it; nil when the label is none of a failure, or does not tell all of it.
  public init?(label: String) {
    guard let failure = Self.plain.first(where: { $0.label == label }) else { return nil }
    self = failure
  }
}

/// Why a proxy opened no way to the target, so that nothing arrived there.
public enum ProxyFailure: String, CaseIterable, Sendable {
  /// Its name is unknown, or the name service does not answer.
  case name
  /// Nobody listens at its address, or there is no way to it.
  case unreachable
  /// It does not answer in time.
  case timeout
  /// It asks for credentials, or for others: 407.
  case credentials
  /// It refuses, or cannot reach the target itself.
  case refused
}
