public import Base
import JSON
import Provisioning
public import SCIM

extension TeamViewerService {
  /// Answers a request as TeamViewer would, in this order: token (401), limit of calls (403 or 429), route (404, 405),
  /// permission (403), then the request itself.
  ///
  /// A body that is no JSON is passed as nil: like a missing one it is refused with 400 `invalidSyntax`.
  public mutating func handle(_ request: SCIMRequest, token: String?, now: Timestamp) -> SCIMResponse {
    let response: SCIMResponse
    do throws(Refusal) {
      guard let token = validToken(token) else { throw .invalidToken }
      try count(request, token, now)
      response = try route(request, token, now)
    } catch {
      response = answer(to: error)
    }
    counters[Call(request.method, request.pathTemplate, response.status), default: 0] += 1
    return response
  }

  /// The token with a value, unless its owner is disabled or gone (Web API's manual, chapter 3: it is the owner's).
  func validToken(_ value: String?) -> Token? {
    guard let value, let token = settings.tokens.first(where: { $0.value.hasSameBytes(as: value) }) else { return nil }
    guard let owner = token.owner else { return token }
    return user(id: owner)?.active == true ? token : nil
  }

  private mutating func route(_ request: SCIMRequest, _ token: Token, _ now: Timestamp) throws(Refusal) -> SCIMResponse
  {
    let segments = request.path.split(separator: "/").map { PercentEncoding.decode($0) ?? "" }
    switch (segments.first, segments.count) {
    case ("Users", 1):
      switch request.method {
      case .get: return try list(request, token)
      case .post: return try create(request, token, now)
      case .put, .patch, .delete: throw .methodNotAllowed("GET, POST")
      }
    case ("Users", 2):
      switch request.method {
      case .get: return try read(segments[1], token)
      case .patch where settings.patch == .methodNotAllowed: throw .methodNotAllowed("GET, PUT")
      case .patch where settings.patch == .notImplemented: throw .noPatch
      case .put, .patch: return try change(segments[1], request, token, now)
      case .delete:
        throw settings.deleteUser == .methodNotAllowed
          ? .methodNotAllowed("GET, PUT, PATCH") : .noDelete(settings.deleteUser.rawValue)
      case .post: throw .methodNotAllowed("GET, PUT, PATCH")
      }
    case (let name?, 1) where settings.discovery == .rfc && request.method == .get:
      guard let answer = discovery(name) else { throw .notFound }
      return answer
    default: throw .notFound
    }
  }

  // MARK: The limit of calls

  struct Quota: Hashable {
    var token: String
    var method: SCIMRequest.Method
    var pathTemplate: String
  }

  struct Window {
    var start: Timestamp
    var calls: Int
  }

  /// Counts a call; throws when its window is used up. A refused call does not count.
  private mutating func count(_ request: SCIMRequest, _ token: Token, _ now: Timestamp) throws(Refusal) {
    guard let limit = settings.rateLimit else { return }
    let quota = Quota(token: token.value, method: request.method, pathTemplate: request.pathTemplate)
    var window = windows[quota] ?? Window(start: now, calls: 0)
    if (now - window.start).milliseconds >= limit.windowMilliseconds { window = Window(start: now, calls: 0) }
    guard window.calls < limit.calls else {
      let left = window.start.milliseconds + limit.windowMilliseconds - now.milliseconds
      throw .rateLimited(limit.refusal, secondsLeft: (left + 999) / 1000)
    }
    window.calls += 1
    windows[quota] = window
  }
}
