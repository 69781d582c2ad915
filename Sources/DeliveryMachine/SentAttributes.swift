public import JSON
public import Provisioning

extension AccountAttributes {
  /// The attributes that the body of a POST, a PUT or a PATCH carries, for a write of which only the log knows; what is
  /// no such body carries nothing.
  public init(sent body: JSONValue?) {
    guard let operations = body?["Operations"]?.array else {
      self.init(body?.object ?? JSONObject())
      return
    }
    self.init()
    for operation in operations {
      guard let path = operation["path"]?.string, let value = operation["value"].flatMap(AccountValue.init) else {
        continue
      }
      self[AccountAttribute(path)] = value
    }
  }
}
