import Base
import DequeModule
import Provisioning

/// Counts the calls of one quota by itself, over all of them, whichever process of the worker sent them.
struct QuotaWatch {
  let quota: Quota
  /// When the calls of the window that ends now were sent.
  private var sent: Deque<Timestamp> = []

  init(_ quota: Quota) { self.quota = quota }

  mutating func sends(_ operation: String, at now: Timestamp) throws {
    guard quota.covers(operation) else { return }
    while let first = sent.first, now - first >= quota.window { sent.removeFirst() }
    sent.append(now)
    if sent.count > quota.limit {
      throw Problem(.quotaExceeded, "\(sent.count) calls within \(quota.window), and \(quota.limit) are allowed")
    }
  }
}
