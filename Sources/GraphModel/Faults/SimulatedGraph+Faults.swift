import Base
import JSON

/// Answers that are wrong, and answers that do not come.
extension SimulatedGraph {
  mutating func spoil(
    _ fault: GraphFault, _ request: Request, _ now: Timestamp, _ verify: SignatureCheck
  ) -> Reaction {
    switch fault.kind {
    case .reset: return .reset
    case .noAnswer: return .silence
    case .html200: return .answer(Self.page)
    case .tokenExpired:
      endTokens()
      return .answer(refuse(.invalidToken("Lifetime validation failed, the token is expired."), request, now))
    default: break
    }
    if let refusal = Self.refusal(fault, request) { return .answer(refuse(refusal, request, now)) }
    return change(fault.kind, answer(request, now: now, verify: verify), to: request)
  }

  /// What a fault answers instead of the truth.
  private static func refusal(_ fault: GraphFault, _ request: Request) -> Refusal? {
    let beginning = "\(request.origin)\(request.path)?$deltatoken="
    let later = ["retry-after": "\(fault.retryAfterSeconds)"]
    return switch fault.kind {
    case .tooManyRequests: .tooManyRequests(seconds: nil)
    case .tooManyRequestsSeconds: .tooManyRequests(seconds: fault.retryAfterSeconds)
    case .error500: Refusal(500, "InternalServerError", "An internal server error occurred.")
    case .unavailable: Refusal(503, "ServiceNotAvailable", "The service is temporarily unavailable.", headers: later)
    case .error504: Refusal(504, "GatewayTimeout", "The gateway did not receive an answer in time.")
    case .unauthorized: .invalidToken("CompactToken validation failed.")
    case .forbidden: .denied
    case .expiredGone: .expired(.gone, beginning)
    case .expiredUnsupported: .expired(.unsupportedQuery, beginning)
    case .expiredSyncState: .expired(.syncStateNotFound, beginning)
    case .expiredPage: .expiredPage
    default: nil
    }
  }

  private func change(_ kind: GraphFault.Kind, _ truth: Response, to request: Request) -> Reaction {
    var answer = truth
    switch kind {
    case .truncatedBody: return .cutOff(truth)
    case .cutJSON: answer.body.removeLast(answer.body.count - answer.body.count / 2)
    case .wrongType: answer.headers["content-type"] = "text/plain; charset=utf-8"
    default: answer = changedList(kind, truth, to: request) ?? truth
    }
    return .answer(answer)
  }

  private func changedList(_ kind: GraphFault.Kind, _ truth: Response, to request: Request) -> Response? {
    guard truth.status == 200, case .object(var page)? = truth.json, let entries = page["value"]?.array else {
      return nil
    }
    let link = "@odata.nextLink"
    let same = "\(request.origin)\(request.path)?\(request.query)"
    switch kind {
    case .emptyPage, .pageTwice:
      page["@odata.deltaLink"] = nil
      page[link] = .string(same)
      if kind == .emptyPage { page["value"] = [] }
    case .otherHost:
      for name in [link, "@odata.deltaLink"] {
        page[name] = page[name]?.string.map {
          .string("https://graph.example.net" + $0.dropFirst(request.origin.count))
        }
      }
    case .emptyList, .shortList:
      page["value"] = .array(kind == .emptyList ? [] : Array(entries.dropLast(max(1, entries.count / 2))))
      if request.path.hasSuffix("/delta"), let next = page[link]?.string {
        page["@odata.deltaLink"] = .string(Self.deltaLink(insteadOf: next))
      }
      page[link] = nil
    default: return nil
    }
    return Response(status: 200, headers: truth.headers, body: Array(JSONValue.object(page).text.utf8))
  }

  /// The end of the round to which a nextLink belongs, as if nothing were left of it.
  private static func deltaLink(insteadOf next: String) -> String {
    let parts = next.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, var cursor = DeltaCursor(token: String(parts[1])) else { return next }
    cursor.end()
    let path = parts[0].replacing("$skiptoken", with: "$deltatoken")
    return "\(path)=\(cursor.token(UInt64(bitPattern: cursor.issued.milliseconds)))"
  }

  private static let page = Response(
    status: 200, headers: ["content-type": "text/html; charset=utf-8"],
    body: Array("<!DOCTYPE html><html><head><title>Proxy</title></head><body>Please sign in.</body></html>".utf8))
}
