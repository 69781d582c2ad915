public import JSON

/// The attributes of an account that a body carries: of a POST, a PUT, or a PATCH.
public struct SentAttributes: Equatable, Sendable {
  /// The address.
  public var userName: String?
  /// The name shown.
  public var displayName: String?
  /// Whether the account is to be used.
  public var active: Bool?

  /// Reads a body; what is no such body carries nothing.
  public init(_ body: JSONValue?) {
    guard let operations = body?["Operations"]?.array else {
      userName = body?["userName"]?.string
      displayName = body?["displayName"]?.string
      active = body?["active"]?.bool
      return
    }
    for operation in operations {
      switch operation["path"]?.string {
      case "userName": userName = operation["value"]?.string
      case "displayName": displayName = operation["value"]?.string
      case "active": active = operation["value"]?.bool
      default: break
      }
    }
  }

  /// The names of those that are there.
  public var names: Set<String> {
    Set(
      [("userName", userName != nil), ("displayName", displayName != nil), ("active", active != nil)]
        .filter(\.1).map(\.0))
  }
}
