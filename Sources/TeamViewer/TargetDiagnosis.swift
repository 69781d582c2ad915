public import Base
import JSON
import Provisioning
public import SCIM

/// Turns what came of a request into the error that a person reads: what is wrong, and what to do.
public struct TargetDiagnosis: Equatable, Sendable {
  /// The target that was asked.
  public var url: TargetURL

  /// Diagnoses for a target.
  public init(url: TargetURL) { self.url = url }

  /// The fault behind an exchange that brought no answer.
  public func fault(of failure: Failure) -> Fault {
    switch failure {
    case .notSent(let why):
      Fault(
        .targetTokenMalformed, "The request was not sent: \(why). Set the token again, without line breaks or quotes.")
    case .nameResolution:
      Fault(.targetName, "The host name \(url.host) is unknown. Correct the URL, or the name service of this machine.")
    case .refused:
      Fault(
        .targetUnreachable, "Nobody listens at \(url.origin). Correct host and port in the URL, or open the firewall.")
    case .unreachable:
      Fault(.targetUnreachable, "There is no way to \(url.origin). Look at this machine's network and firewall.")
    case .connectTimeout:
      Fault(
        .targetUnreachable, "\(url.origin) does not take the connection in time. Open the firewall for outgoing https.")
    case .tls:
      Fault(
        .targetTLS,
        "No TLS connection to \(url.origin). Correct the port, or add the certificate of an inspecting proxy to this "
          + "machine's trusted ones.")
    case .timeout:
      Fault(.targetUnreachable, "\(url.origin) took the request and did not answer in time. Try again later.")
    case .reset:
      Fault(.targetUnreachable, "\(url.origin) closed the connection without an answer. Try again later.")
    case .truncated:
      Fault(.targetUnreachable, "The answer of \(url.origin) ended too early. Try again later.")
    case .tooLarge:
      Fault(.targetNotSCIM, "The answer of \(url.origin) is larger than is accepted. Correct the URL.")
    case .malformed:
      Fault(.targetNotSCIM, "What answers at \(url.origin) does not speak HTTP. Correct the port in the URL.")
    case .other(let name):
      Fault(.targetUnreachable, "The exchange with \(url.origin) failed (\(name)). Try again later.")
    }
  }

  /// The fault behind the answer to a query; nil when it is a list.
  public func fault(ofList exchange: Exchange) -> Fault? {
    switch exchange {
    case .failed(let failure): fault(of: failure)
    case .response(let response): fault(ofList: response)
    }
  }

  private func fault(ofList response: SCIMResponse) -> Fault? {
    if response.isRateLimited {
      return Fault(.targetRateLimited, "\(url.host) answers that its limit of calls is used up. Wait, then test again.")
    }
    if response.isHTML {
      return Fault(
        .targetHTML,
        "A web page came back from \(url) (status \(response.status)): a proxy or a sign-in page answers instead of the "
          + "target. Let this machine pass the proxy, or correct the URL.")
    }
    switch response.status {
    case 200:
      if let json = response.json, (try? ListResponse(json)) != nil { return nil }
      return noSCIM("answers, and not with a SCIM list")
    case 401:
      return Fault(
        .targetToken,
        "\(url.host) refuses the token (401): it is wrong or revoked, or its owner is disabled. Make a new script token "
          + "and set it.")
    case 403:
      return Fault(
        .targetPermission,
        "The token may not read users (403). Tick \"User management → view users\" for it; for provisioning also \"create "
          + "users\" and \"edit users\".")
    case 300..<400: return noSCIM("sends on to another address (\(response.status))")
    case 500...: return Fault(.targetFault, "\(url.host) has a fault of its own (\(response.status)). Try again later.")
    default: return noSCIM("answers with \(response.status)")
    }
  }

  private func noSCIM(_ what: String) -> Fault {
    Fault(
      .targetNotSCIM,
      "\(url) \(what): it is no SCIM endpoint. Correct the URL; TeamViewer's is https://webapi.teamviewer.com/scim/v2.")
  }
}
