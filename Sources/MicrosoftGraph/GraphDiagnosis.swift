public import Base
import HTTPTransport
import SCIM

/// Turns what came of a request to Microsoft into the error that a person reads.
public struct GraphDiagnosis: Equatable, Sendable {
  private let url: ServiceURL
  private let proxy: Proxy?

  /// Diagnoses for a service, and the proxy on the way to it.
  public init(_ url: ServiceURL, proxy: Proxy? = nil) {
    self.url = url
    self.proxy = proxy
  }

  private var place: String { proxy.map { "\(url.origin) (through the proxy \($0))" } ?? url.origin }

  /// The fault behind an exchange that brought nothing to go on with.
  func fault(of exchange: Exchange) -> Fault {
    switch exchange {
    case .failed(let failure): fault(of: failure)
    case .response(let response): fault(of: response)
    }
  }

  private func fault(of failure: Failure) -> Fault {
    switch failure {
    case .proxy(let failure): failure.fault(proxy, to: url)
    case .tls, .certificate:
      Fault(
        .graphTLS,
        "No TLS connection to \(place) that can be trusted. Name the file of the authority, such as an inspecting "
          + "proxy's, under graph.certificates, or correct the address.")
    case .nameResolution:
      Fault(
        .graphUnreachable,
        "The host name \(url.host) is unknown. Correct the address, or the name service of this machine.")
    case .refused, .unreachable, .connectTimeout:
      Fault(.graphUnreachable, "There is no way to \(place). Open the firewall for outgoing https, or set proxy.url.")
    case .timeout, .reset, .truncated:
      Fault(.graphUnreachable, "\(place) gave no whole answer (\(failure.label)). Try again later.")
    case .notSent, .tooLarge, .malformed, .encoding, .other:
      Fault(.graphAnswer, "\(place) gave no answer that can be read (\(failure.label)). Correct the address.")
    }
  }

  private func fault(of response: SCIMResponse) -> Fault {
    if response.status == 429 {
      return Fault(.graphThrottled, "\(url.host) asks for a slower pace (429). Try again later.")
    }
    if response.status >= 500 {
      return Fault(.graphFault, "\(url.host) has a fault of its own (\(response.status)). Try again later.")
    }
    return Fault(
      .graphAnswer,
      "\(url.host) answers with \(response.status) and nothing that is Microsoft's. Correct the address, or let this "
        + "machine pass the proxy or sign-in page that answers.")
  }
}
