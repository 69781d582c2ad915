import JSON
public import SCIM

extension TeamViewerService {
  /// `GET /api/v1/ping`: whether the token is valid; it needs no permission (Web API's reference).
  public func ping(token: String?) -> SCIMResponse {
    SCIMResponse(
      status: 200, headers: Self.jsonHeaders,
      body: Array(#"{"token_valid":\#(validToken(token) != nil)}"#.utf8))
  }

  /// `GET /api/v1/account`: the token's owner; needs `Account.Read`, and for the address `Account.ReadEmail`
  /// (Web API's reference). A token without owner is answered with 404.
  public func account(token: String?) -> SCIMResponse {
    guard let token = validToken(token) else {
      return Self.webAPIError(401, "invalid_token", "The token is missing or not valid.")
    }
    guard token.scopes.contains(.readAccount) else {
      return Self.webAPIError(403, "invalid_request", "The token lacks the permission Account.Read.")
    }
    guard let owner = token.owner.flatMap({ user(id: $0) }) else {
      return Self.webAPIError(404, "invalid_request", "The token has no owner.")
    }
    var object = JSONObject()
    object["userid"] = .string(owner.id)
    object["name"] = .string(owner.name)
    if token.scopes.contains(.readAccountEmail) { object["email"] = .string(owner.email) }
    return SCIMResponse(status: 200, headers: Self.jsonHeaders, body: Array(JSONValue.object(object).text.utf8))
  }

  private static var jsonHeaders: [String: String] { ["content-type": "application/json; charset=utf-8"] }
}
