import Base
public import JSON
import Provisioning
import SCIM

extension TeamViewerService {
  /// All accounts and counts as JSON: for the eyes of a test, and to be saved and loaded. Tokens and switches are not in
  /// it; passwords nobody keeps.
  public var state: JSONValue {
    let calls = counters.sorted {
      ($0.key.pathTemplate, $0.key.method.rawValue, $0.key.status) < (
        $1.key.pathTemplate, $1.key.method.rawValue, $1.key.status
      )
    }
    return [
      "users": .array(users.map(\.json)), "nextNumber": .integer(Int64(nextNumber)),
      "foreignAccounts": .array(settings.foreignAccounts.map(JSONValue.string)),
      "counters": .array(
        calls.map { call, count in
          [
            "method": .string(call.method.rawValue), "path": .string(call.pathTemplate),
            "status": .integer(Int64(call.status)), "count": .integer(Int64(count)),
          ]
        }),
      "creates": Self.json(creates), "createAttempts": Self.json(createAttempts),
    ]
  }

  /// Puts back what `state` wrote, in the place of all accounts and counts. False, and nothing is changed, when the JSON
  /// is no such state.
  public mutating func load(_ state: JSONValue) -> Bool {
    var loaded = TeamViewerService(settings: settings, firstNumber: 0)
    loaded.settings.foreignAccounts = state["foreignAccounts"]?.array?.compactMap(\.string) ?? []
    guard let users = state["users"]?.array, let next = state["nextNumber"]?.integer else { return false }
    for user in users {
      guard let account = Account(user), loaded.restore(account) else { return false }
    }
    guard next >= loaded.nextNumber else { return false }
    loaded.nextNumber = next
    for entry in state["counters"]?.array ?? [] {
      guard let method = entry["method"]?.string.flatMap(SCIMRequest.Method.init), let path = entry["path"]?.string,
        let status = entry["status"]?.integer, let count = entry["count"]?.integer
      else { return false }
      loaded.counters[Call(method, path, status)] = count
    }
    loaded.creates = Self.counts(state["creates"])
    loaded.createAttempts = Self.counts(state["createAttempts"])
    self = loaded
    return true
  }

  private static func json(_ counts: [String: Int]) -> JSONValue {
    var object = JSONObject()
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { object[name] = .integer(Int64(count)) }
    return .object(object)
  }

  private static func counts(_ json: JSONValue?) -> [String: Int] {
    Dictionary(
      (json?.object?.members ?? []).compactMap { member in member.value.integer.map { (member.name, $0) } },
      uniquingKeysWith: { $1 })
  }
}

extension TeamViewerService.Account {
  /// The account as `state` shows it.
  var json: JSONValue {
    var object = JSONObject()
    object["id"] = .string(id)
    object["email"] = .string(email)
    object["name"] = .string(name)
    object["active"] = .bool(active)
    object["administrator"] = .bool(isAdministrator)
    object["pendingEmail"] = pendingEmail.map(JSONValue.string) ?? .null
    object["hasPassword"] = .bool(hasPassword)
    object["singleSignOn"] = .bool(usesSingleSignOn)
    object["language"] = .string(language)
    object["externalId"] = externalId.map(JSONValue.string)
    object["created"] = .string(created.description)
    object["modified"] = .string(modified.description)
    return .object(object)
  }

  /// Reads what `json` wrote.
  init?(_ json: JSONValue) {
    guard let number = json["id"]?.string.flatMap(Self.number(ofID:)), let email = json["email"]?.string,
      let name = json["name"]?.string, let created = json["created"]?.string.flatMap({ Timestamp($0) }),
      let modified = json["modified"]?.string.flatMap({ Timestamp($0) })
    else { return nil }
    self.init(number: number, email: email, name: name, created: created, modified: modified)
    active = json["active"]?.bool ?? true
    isAdministrator = json["administrator"]?.bool ?? false
    pendingEmail = json["pendingEmail"]?.string
    hasPassword = json["hasPassword"]?.bool ?? false
    usesSingleSignOn = json["singleSignOn"]?.bool ?? false
    language = json["language"]?.string ?? "en"
    externalId = json["externalId"]?.string
  }
}
