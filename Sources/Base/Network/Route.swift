/// How a host is reached: through whom, and trusting whom.
public struct Route: Equatable, Sendable {
  /// The proxy on the way; nil for none.
  public var proxy: Proxy?
  /// The path of a file with the certificates of authorities that are trusted beside the system's; nil for none.
  public var certificates: String?

  /// A way; straight and with the system's authorities alone, unless told otherwise.
  public init(proxy: Proxy? = nil, certificates: String? = nil) {
    self.proxy = proxy
    self.certificates = certificates
  }
}
