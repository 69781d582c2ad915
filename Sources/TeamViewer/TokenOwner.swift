import Provisioning
public import SCIM

extension TargetTest {
  /// The route that tells who owns the token, on the target's host.
  public static let ownerRoute = "/api/v1/account"

  /// Reads who owns the token, so that a worker never disables them; nil when the target does not tell.
  ///
  /// What passes by itself is tried again, with `pause` between two attempts, until an answer comes or the task is
  /// cancelled: a worker that went on without would disable the owner. Only a web page counts as an answer after
  /// `pages` attempts, since it may be all that a target without this route ever says. `get` reads `ownerRoute`; `pause`
  /// is told what came of that, and how often in a row; what it throws ends the waiting.
  public static func owner(
    pages: Int = 5, get: @Sendable () async throws -> Exchange, pause: @Sendable (Exchange, Int) async throws -> Void
  ) async throws -> Owner? {
    var attempts = 0
    while !Task.isCancelled {
      attempts += 1
      let exchange = try await get()
      let isPassing =
        switch exchange {
        case .failed(.notSent): false
        case .failed: true
        case .response(let response) where response.isHTML: attempts < pages
        case .response(let response): response.status >= 500 || response.isRateLimited
        }
      if !isPassing { return account(exchange).1 }
      try await pause(exchange, attempts)
    }
    return nil
  }
}
