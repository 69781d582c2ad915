import Provisioning
import SCIM

extension TargetTest {
  /// Reads who owns the token, so that a worker never disables them; nil when the target does not tell.
  ///
  /// What passes by itself is tried again, with `pause` between two attempts, until an answer comes or the task is
  /// cancelled: a worker that went on without would disable the owner. Only a web page counts as an answer after
  /// `pages` attempts, since it may be all that a target without this route ever says.
  public static func owner(
    _ client: SCIMClient, pages: Int = 5, pause: @Sendable () async -> Void
  ) async -> Owner? {
    var attempts = 0
    while !Task.isCancelled {
      attempts += 1
      let exchange = await client.get("/api/v1/account")
      let isPassing =
        switch exchange {
        case .failed(.notSent): false
        case .failed: true
        case .response(let response) where response.isHTML: attempts < pages
        case .response(let response): response.status >= 500 || response.isRateLimited
        }
      if !isPassing { return account(exchange).1 }
      await pause()
    }
    return nil
  }
}
