public import Provisioning
import SCIM

extension TargetTest {
  /// Reads who owns the token, so that a worker never disables them; nil when the target does not tell.
  ///
  /// A passing failure is tried again, `attempts` times in all, with `pause` between two.
  public static func owner(
    _ client: SCIMClient, attempts: Int = 5, pause: @Sendable () async -> Void
  ) async -> Owner? {
    for attempt in 1...max(1, attempts) {
      let exchange = await client.get("/api/v1/account")
      let isPassing =
        switch exchange {
        case .failed: true
        case .response(let response): response.status >= 500 || response.isRateLimited || response.isHTML
        }
      if !isPassing { return account(exchange).1 }
      if attempt < attempts { await pause() }
    }
    return nil
  }
}
