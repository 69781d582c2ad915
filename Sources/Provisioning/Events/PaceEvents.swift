public import Base
import JSON

/// `quota.reserved`: calls of a configured quota are taken ahead of being sent, so that a crash cannot lose count of them.
///
/// All of the block counts as used, from when it was taken until the quota's window has passed since `expires`; after
/// `expires` no call draws from it.
public struct QuotaReserved: Payload {
  /// The event type.
  public static let type = "quota.reserved"
  /// The name of the quota in the configuration.
  public var quota: String
  /// The number of calls.
  public var count: Int
  /// The last moment at which one of them may be sent.
  public var expires: Timestamp

  /// A block of calls.
  public init(quota: String, count: Int, expires: Timestamp) {
    self.quota = quota
    self.count = count
    self.expires = expires
  }

  /// All in clear.
  public var fields: Fields {
    Fields(
      clear: JSONObject(present: [("quota", .string(quota)), ("count", count.json), ("expires", expires.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let quota = fields.clear["quota"]?.string else { throw Self.missing("quota") }
    guard let count = fields.clear["count"]?.integer else { throw Self.missing("count") }
    guard let expires = fields.clear["expires"]?.timestamp else { throw Self.missing("expires") }
    self.init(quota: quota, count: count, expires: expires)
  }
}
