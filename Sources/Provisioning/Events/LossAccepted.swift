import Base
import JSON

/// `loss.accepted`: an operator goes on with a log that lacks events which the views had seen.
///
/// The log is durable before any view shows it, so that its tail was cut, or an older file was put back.
public struct LossAccepted: Payload {
  /// The event type.
  public static let type = "loss.accepted"
  /// The position up to which the views had read.
  public var seen: Int64
  /// The position at which the log ended.
  public var newest: Int64

  /// A loss of the events behind `newest`, up to `seen`.
  public init(seen: Int64, newest: Int64) {
    self.seen = seen
    self.newest = newest
  }

  /// All in clear.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("seen", seen.json), ("newest", newest.json)]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let seen = fields.clear["seen"]?.position else { throw Self.missing("seen") }
    guard let newest = fields.clear["newest"]?.position else { throw Self.missing("newest") }
    self.init(seen: seen, newest: newest)
  }
}
