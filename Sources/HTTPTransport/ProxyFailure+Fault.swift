public import Base
public import SCIM

extension ProxyFailure {
  /// What a person reads: what the proxy did, on the way to a service, and what to do.
  public func fault(_ proxy: Proxy?, to url: ServiceURL) -> Fault {
    let name = proxy?.description ?? "?"
    switch self {
    case .name:
      return Fault(
        .proxyUnreachable, "The host name of the proxy \(name) is unknown. Correct proxy.url, or HTTPS_PROXY.")
    case .unreachable:
      return Fault(
        .proxyUnreachable,
        "Nobody listens at the proxy \(name), or there is no way to it. Correct proxy.url or HTTPS_PROXY, or start it.")
    case .timeout:
      return Fault(
        .proxyUnreachable,
        "The proxy \(name) does not open the way to \(url.host) in time. Look at the proxy, and at the firewall before it."
      )
    case .credentials:
      return Fault(
        .proxyCredentials,
        "The proxy \(name) asks for credentials, or refuses those it got (407). Set user:password where proxy.credentials "
          + "says they are, or in HTTPS_PROXY.")
    case .refused:
      return Fault(
        .proxyRefused,
        "The proxy \(name) opens no way to \(url.host):\(url.port): it does not allow it, or does not get through. Let it "
          + "allow CONNECT to there, or list the host in proxy.noProxy or NO_PROXY.")
    }
  }
}
