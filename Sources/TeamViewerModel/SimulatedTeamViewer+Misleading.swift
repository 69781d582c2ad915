import JSON
import Provisioning
import SCIM

/// Answers that are well formed and wrong.
extension SimulatedTeamViewer {
  /// The true answer, changed as a misleading fault changes it.
  mutating func mislead(_ kind: SimulatedFault.Kind, _ truth: SCIMResponse, to request: SCIMRequest) -> SCIMResponse {
    guard truth.isSuccess else { return truth }
    switch kind {
    case .otherAccount: return otherAccount(than: truth)
    case .shortList: return withResources(of: truth) { Array($0.dropLast(min(3, $0.count))) }
    case .repeatedEntries: return withResources(of: truth, Self.repeated)
    case .oddValues: return odd(truth)
    case .tooLong:
      guard case .object(var user)? = truth.json else { return truth }
      user["id"] = .string(String(repeating: "u", count: 70_000))
      return SCIMResponse(status: truth.status, json: .object(user))
    default: return truth
    }
  }

  private mutating func otherAccount(than truth: SCIMResponse) -> SCIMResponse {
    let id = truth.json?["id"]?.string
    let others = model.users.filter { $0.id != id }
    guard let other = others.randomElement(using: &plan.generator) else { return truth }
    return model.answer(truth.status, other)
  }

  private func withResources(of list: SCIMResponse, _ change: ([JSONValue]) -> [JSONValue]) -> SCIMResponse {
    guard case .object(var object)? = list.json, let resources = object["Resources"]?.array else { return list }
    object["Resources"] = .array(change(resources))
    return SCIMResponse(status: list.status, json: .object(object))
  }

  /// The first entries in the place of the last.
  private static func repeated(_ entries: [JSONValue]) -> [JSONValue] {
    let count = min(3, entries.count / 2)
    return entries.dropLast(count) + entries.prefix(count)
  }

  /// The same said in other kinds of values.
  private func odd(_ truth: SCIMResponse) -> SCIMResponse {
    guard case .object(var object)? = truth.json else { return truth }
    if let resources = object["Resources"]?.array {
      object["Resources"] = .array(resources.map(Self.odd))
      object["totalResults"] = (object["totalResults"]?.integer).map { .string(String($0)) }
    } else if case .object(let user) = Self.odd(.object(object)) {
      object = user
    }
    return SCIMResponse(status: truth.status, json: .object(object))
  }

  private static func odd(_ user: JSONValue) -> JSONValue {
    guard case .object(var user) = user else { return user }
    user["active"] = user["active"] == true ? 1 : 0
    user["emails"] = user["userName"].map { .array([$0]) }
    return .object(user)
  }
}

extension SimulatedFault {
  /// True when the fault can be done to a request; else the request is answered as it is.
  func suits(_ request: SCIMRequest) -> Bool {
    let isOne = request.pathTemplate == "/Users/{id}"
    switch kind {
    case .notFound: return isOne
    case .otherAccount, .tooLong: return isOne || request.method == .post
    case .shortList, .repeatedEntries: return request.method == .get && !isOne && request.parameter("filter") == nil
    default: return true
    }
  }
}
