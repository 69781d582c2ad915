import JSON

/// `log.key.rotated`: another key signs the log's checkpoints from here on. The next checkpoint carries both signatures.
public struct LogKeyRotated: Payload {
  /// The event type.
  public static let type = "log.key.rotated"
  /// The verifier key until now, a vkey of C2SP signed-note.
  public var old: String
  /// The verifier key from here on.
  public var new: String

  /// A rotation.
  public init(old: String, new: String) {
    self.old = old
    self.new = new
  }

  /// All in clear: public keys.
  public var fields: Fields {
    Fields(clear: JSONObject(present: [("new", .string(new)), ("old", .string(old))]))
  }

  /// Reads it back.
  public init(_ fields: Fields) throws {
    guard let old = fields.clear["old"]?.string else { throw Self.missing("old") }
    guard let new = fields.clear["new"]?.string else { throw Self.missing("new") }
    self.init(old: old, new: new)
  }
}
