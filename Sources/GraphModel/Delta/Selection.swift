import JSON

/// The properties that an answer holds.
enum Selection {
  /// Returned without a `$select` (Microsoft Graph reference, resource type user).
  private static let user = [
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone", "officeLocation",
    "preferredLanguage", "surname", "userPrincipalName",
  ]
  private static let group = [
    "createdDateTime", "description", "displayName", "groupTypes", "mail", "mailEnabled", "mailNickname",
    "securityEnabled", "visibility",
  ]

  static func standard(_ kind: TenantObject.Kind) -> [String] { kind == .user ? user : group }

  /// What a delta query tracks: the members of groups too, unless others are selected.
  static func properties(_ query: DeltaCursor.Query) -> [String] {
    if !query.select.isEmpty { return query.select }
    return query.kind == .user ? user : group + ["members"]
  }

  /// Properties that live outside the directory: delta queries do not track them (Microsoft Graph, "Use delta query to
  /// track changes in Microsoft Graph data").
  static let outside: Set<String> = [
    "aboutMe", "birthday", "hireDate", "interests", "mailboxSettings", "mySite", "pastProjects", "preferredName",
    "responsibilities", "schools", "signInActivity", "skills",
  ]

  /// The members of an answer for one object: those that ever had a value, or all that are selected, with null for none.
  static func object(_ object: TenantObject, _ names: [String], withNulls: Bool) -> JSONObject {
    var answer = JSONObject()
    answer["id"] = .string(object.id)
    for name in names where name != "id" {
      answer[name] = object.properties[name] ?? (withNulls ? .null : nil)
    }
    return answer
  }

  /// The members of an object that are selected, and its id; all of them when none are.
  static func picked(_ object: JSONObject, _ names: [String]) -> JSONObject {
    if names.isEmpty { return object }
    return JSONObject(
      present: object.members.filter { $0.name == "id" || names.contains($0.name) }.map { ($0.name, $0.value) })
  }
}
