public import JSON

/// A person as an export file shows them.
public struct Exported: Sendable {
  /// The object id.
  public var id: String
  /// The sign-in name.
  public var address: String
  /// The name shown; nil is none.
  public var name: String?
  /// Whether sign-in is allowed.
  public var isEnabled: Bool

  /// A person; what is not said follows from the id.
  public init(_ id: String, name: String? = nil, address: String? = nil, enabled: Bool = true) {
    self.id = id
    self.address = address ?? "\(id)@example.com"
    self.name = name ?? "Name of \(id)"
    isEnabled = enabled
  }

  /// As a Microsoft Graph object.
  public var json: JSONValue {
    [
      "id": .string(id), "userPrincipalName": .string(address), "displayName": name.map(JSONValue.string) ?? .null,
      "accountEnabled": .bool(isEnabled),
    ]
  }
}

/// The three forms of export file.
public enum Export {
  /// The admin center's CSV.
  public static func csv(_ people: [Exported]) -> String {
    func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
    let rows = people.map { person in
      "\(quoted(person.address)),\(quoted(person.name ?? "")),\(person.id),\(person.isEnabled ? "True" : "False")\r\n"
    }
    return "userPrincipalName,displayName,id,accountEnabled\r\n" + rows.joined()
  }

  /// Graph objects, one a line.
  public static func ndjson(_ people: [Exported]) -> String {
    people.map { $0.json.text + "\n" }.joined()
  }

  /// A page of `/users/delta` with its deltaLink.
  public static func delta(_ objects: [JSONValue], link: String) -> String {
    let page: JSONValue = [
      "@odata.context": "https://graph.example.test/v1.0/$metadata#users", "value": .array(objects),
      "@odata.deltaLink": .string("https://graph.example.test/v1.0/users/delta?$deltatoken=\(link)"),
    ]
    return page.text
  }

  /// What a delta says of somebody who was removed.
  public static func removed(_ id: String, _ reason: String = "changed") -> JSONValue {
    ["id": .string(id), "@removed": ["reason": .string(reason)]]
  }
}
