import Base
import JSON
import Provisioning
import SCIM
import TeamViewerModel
import Testing

/// A small company to ask: the caller writes requests, the clock stands still unless told.
struct Company {
  var model: TeamViewerService
  var now = Timestamp(milliseconds: 1_750_000_000_000)

  init(_ change: (inout TeamViewerService.Settings) -> Void = { _ in }) {
    var settings = TeamViewerService.Settings(tokens: [.init("t")])
    change(&settings)
    model = TeamViewerService(settings: settings)
  }

  mutating func send(_ request: SCIMRequest, token: String? = "t") -> SCIMResponse {
    model.handle(request, token: token, now: now)
  }

  /// Creates a user through SCIM and returns its id.
  mutating func create(_ userName: String, _ displayName: String) throws -> String {
    let response = send(.createUser(SCIMUser(userName: userName, displayName: displayName)))
    #expect(response.status == 201)
    return try #require(response.json?["id"]?.string)
  }

  /// Adds an account as the console would and returns its id.
  mutating func add(_ email: String, _ name: String, isAdministrator: Bool = false) throws -> String {
    let id = model.addAccount(email, name: name, isAdministrator: isAdministrator)
    return try #require(id)
  }

  mutating func patch(_ id: String, _ operations: PatchOperation...) -> SCIMResponse {
    send(.patchUser(id, PatchRequest(operations: operations)))
  }

  mutating func list(_ query: [(String, String)] = []) throws -> ListResponse {
    let response = send(SCIMRequest(.get, "/Users", query: query.map { .init($0, $1) }))
    #expect(response.status == 200)
    return try ListResponse(#require(response.json))
  }

  /// The display names that a filter selects, in order.
  mutating func names(where filter: String) throws -> [String] {
    try list([("filter", filter)]).resources.map { $0["displayName"]?.string ?? "" }
  }
}

extension SCIMResponse {
  /// `400 invalidValue`: the status and, of an error in SCIM's shape, its kind.
  var verdict: String {
    guard case .scim(let error) = errorBody else { return String(status) }
    #expect(error.status == status)
    return error.scimType.map { "\(status) \($0)" } ?? String(status)
  }
}
