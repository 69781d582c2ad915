public import Base
public import DeliveryMachine
import HTTPTransport
import Provisioning
public import SCIM

/// Turns what came of a request into the error that a person reads: what is wrong, and what to do.
public struct TargetDiagnosis: Equatable, Sendable {
  /// The target that was asked.
  public var url: TargetURL

  /// The proxy on the way; nil for none.
  public var proxy: Proxy?

  /// True when a list or an account of the target could be read before: then it is a SCIM endpoint.
  public var hasRead: Bool

  /// Diagnoses for a target.
  public init(url: TargetURL, proxy: Proxy? = nil, hasRead: Bool = false) {
    self.url = url
    self.proxy = proxy
    self.hasRead = hasRead
  }

  /// The target and the way to it, for sentences.
  private var target: String { proxy.map { "\(url.origin) (through the proxy \($0))" } ?? url.origin }

  /// What to do where the URL is to blame, unless it was right before.
  private func remedy(_ correction: String) -> String { hasRead ? "Try again later." : correction }

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
      Fault(.targetUnreachable, "There is no way to \(target). Look at this machine's network and firewall.")
    case .connectTimeout:
      Fault(
        .targetUnreachable, "\(target) does not take the connection in time. Open the firewall for outgoing https.")
    case .tls:
      Fault(
        .targetTLS, "No TLS connection to \(target). Correct the port, or let what stands between pass TLS on as it is."
      )
    case .certificate:
      Fault(
        .targetTLS,
        "The certificate of \(target) is none to trust here: of an unknown authority, for another host, or not valid now. "
          + "Name the file of its authority, such as an inspecting proxy's, under target.certificates, or correct the URL."
      )
    case .timeout:
      Fault(.targetUnreachable, "\(target) took the request and did not answer in time. Try again later.")
    case .reset:
      Fault(.targetUnreachable, "\(target) closed the connection without an answer. Try again later.")
    case .truncated:
      Fault(.targetUnreachable, "The answer of \(target) ended too early. Try again later.")
    case .tooLarge:
      Fault(.targetNotSCIM, "The answer of \(target) is larger than is accepted. \(remedy("Correct the URL."))")
    case .malformed:
      Fault(
        .targetNotSCIM,
        "What answers at \(target) does not speak HTTP. \(remedy("Correct the port in the URL."))")
    case .encoding:
      Fault(
        .targetNotSCIM,
        "The answer of \(target) is compressed in a way that was not asked for, or broken. Let what stands between pass "
          + "answers on as they are.")
    case .proxy(let failure): failure.fault(proxy, to: url)
    case .other(let name):
      Fault(.targetUnreachable, "The exchange with \(target) failed (\(name)). Try again later.")
    }
  }

  /// The fault behind the answer to a query; nil when it is a list.
  public func fault(ofList exchange: Exchange) -> Fault? {
    if case .failed(let failure) = exchange { return fault(of: failure) }
    switch Answer(exchange, to: .plainRead) {
    case .page: return nil
    case .unauthorized: return fault(error: nil, status: 401)
    case .forbidden: return fault(error: nil, status: 403)
    case .tooFast(_, let status): return fault(error: "rate-limit", status: status)
    case .fault(let label, let status, _): return fault(error: label, status: status)
    case .notFound: return fault(error: nil, status: 404)
    case .account(_, let status), .accepted(let status), .unfit(let status), .unsupported(let status),
      .addressTaken(let status, _), .rejected(let status, _):
      return fault(error: nil, status: status)
    }
  }

  /// The fault behind a call that did not get through, by the word and the status that the log keeps of it. `isList` says
  /// that it asked for a list.
  public func fault(error: String?, status: Int?, isList: Bool = true) -> Fault {
    if let failure = error.flatMap({ Failure(label: $0) }) { return fault(of: failure) }
    let code = FaultCode.target(error: error, status: status)
    return Fault(code, code == .targetNotSCIM ? notSCIM(error, status, isList) : sentence(code, error, status))
  }

  private func sentence(_ code: FaultCode, _ error: String?, _ status: Int?) -> String {
    let answer = status.map { "\($0)" } ?? error ?? "no answer"
    return switch code {
    case .targetRateLimited: "\(url.host) answers that its limit of calls is used up. Wait, then test again."
    case .targetHTML:
      "A web page came back from \(url) (status \(answer)): a proxy or a sign-in page answers instead of the target. "
        + "Let this machine pass the proxy, or correct the URL."
    case .targetToken:
      "\(url.host) refuses the token (401): it is wrong or revoked, or its owner is disabled. Make a new script token "
        + "and set it."
    case .targetPermission:
      "The token may not read users (403). Tick \"User management → view users\" for it; for provisioning also \"create "
        + "users\" and \"edit users\"."
    case .targetFault: "\(url.host) has a fault of its own (\(answer)). Try again later."
    case .targetList:
      "The list of accounts at \(url.host) is not whole (\(error ?? "")): who is missing from it nobody can say. Try again "
        + "later, or tell TeamViewer's support."
    default: "The exchange with \(url.origin) failed (\(error ?? answer)). Try again later."
    }
  }

  private func notSCIM(_ error: String?, _ status: Int?, _ isList: Bool) -> String {
    let what =
      switch status {
      case _ where error == "unreadable":
        "answers, and not with \(isList ? "a SCIM list" : "an account") that can be read"
      case .some(300..<400): "sends on to another address (\(status ?? 0)), to which no token is sent"
      default: "answers with \(status.map { "\($0)" } ?? error ?? "nothing")"
      }
    if hasRead {
      return
        "\(url) \(what), although lists or accounts could be read before. Try again later; if it stays, tell TeamViewer's "
        + "support, or correct the URL where it was changed."
    }
    return
      "\(url) \(what): it is no SCIM endpoint. Correct the URL; TeamViewer's is https://webapi.teamviewer.com/scim/v2."
  }
}

extension Call {
  /// The smallest read that any token for users may do.
  static var plainRead: Call {
    Call(
      id: 0, purpose: .probe, person: nil, request: .listUsers(startIndex: 1, count: 1),
      sent: Timestamp(milliseconds: 0))
  }
}

extension [UnreadableAccount] {
  /// How many entries are named at most.
  private static let most = 5

  /// What a list's reader passed over, with the first few by id and attribute.
  public var sentence: String {
    let names = prefix(Self.most).map { entry in
      "\(entry.id.map { OutsideText.cleaned($0) } ?? "one without an id") (\(entry.attribute))"
    }
    let more = count > Self.most ? " and \(count - Self.most) more" : ""
    return
      "\(count) \(count == 1 ? "entry" : "entries") of the list of accounts cannot be read and count for nobody: "
      + "\(names.joined(separator: ", "))\(more). Everybody else is provisioned; put these right in TeamViewer."
  }
}
