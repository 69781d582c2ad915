import Base
import JSON
import Provisioning
import SCIM

extension TeamViewerService {
  /// Why a request is not done.
  enum Refusal: Error {
    case invalidToken
    case missingScope(Token.Scope)
    case notFound
    case methodNotAllowed(String)
    case noDelete(Int)
    case noPatch
    case badRequest(String, String)
    case addressInUse
    case rateLimited(Settings.RateLimit.Refusal, secondsLeft: Int64)
  }

  /// The answer to a refused request; no page says which one TeamViewer gives (the article TeamViewerAsKnown).
  func answer(to refusal: Refusal) -> SCIMResponse {
    switch refusal {
    case .invalidToken: return error(401, nil, "invalid_token", "The token is missing or not valid.")
    case .missingScope(let scope):
      return error(403, nil, "invalid_request", "The token lacks the permission \(scope.rawValue).")
    case .notFound: return error(404, nil, "invalid_request", "There is no such resource.")
    case .methodNotAllowed(let allowed):
      var response = error(405, nil, "invalid_request", "The method is not allowed here.")
      response.headers["allow"] = allowed
      return response
    case .noDelete(let status): return error(status, nil, "invalid_request", "Users cannot be deleted.")
    case .noPatch: return error(501, nil, "invalid_request", "PATCH is not supported.")
    case .badRequest(let type, let detail): return error(400, type, "invalid_request", detail)
    case .addressInUse:
      let detail = "The e-mail address is already in use."
      // Only the Web API's shape has a word for this in a 400.
      if settings.duplicateStatus == .badRequest { return Self.webAPIError(400, "email_in_use", detail) }
      return error(409, "uniqueness", "email_in_use", detail)
    case .rateLimited(.forbidden, _): return Self.rateLimitReached
    case .rateLimited(.tooManyRequests, let seconds): return Self.tooManyRequests(.seconds(seconds))
    }
  }

  func error(_ status: Int, _ type: String?, _ category: String, _ detail: String) -> SCIMResponse {
    if settings.errorShape == .webapi { return Self.webAPIError(status, category, detail) }
    return SCIMResponse(status: status, json: SCIMErrorResponse(status: status, scimType: type, detail: detail).json)
  }

  static func webAPIError(_ status: Int, _ category: String, _ detail: String) -> SCIMResponse {
    SCIMResponse(
      status: status, json: WebAPIErrorResponse(error: category, description: detail, code: status).json)
  }

  /// The Web API's way to say that there were too many calls (its manual, chapters 2.7 and 5).
  static var rateLimitReached: SCIMResponse { webAPIError(403, "rate_limit_reached", "Too many calls.") }

  /// The usual way to say that there were too many calls (RFC 6585 section 4).
  static func tooManyRequests(_ retryAfter: RetryAfter?) -> SCIMResponse {
    var response = SCIMResponse(status: 429, json: SCIMErrorResponse(status: 429, detail: "Too many calls.").json)
    response.headers["retry-after"] = retryAfter?.text
    return response
  }

  // MARK: Resources

  func answer(_ status: Int, _ account: Account) -> SCIMResponse {
    var writer = JSONWriter(reserving: 512)
    write(account, schemas: true, to: &writer)
    return SCIMResponse(status: status, headers: ["content-type": MediaType.scim], body: writer.bytes)
  }

  func answer(total: Int, start: Int, _ page: ArraySlice<Account>) -> SCIMResponse {
    var writer = JSONWriter(reserving: 128 + 320 * page.count)
    writer.raw(#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":"#)
    writer.integer(total)
    writer.raw(#","startIndex":"#)
    writer.integer(settings.listStartIndex == .zero ? 0 : start)
    writer.raw(#","itemsPerPage":"#)
    writer.integer(page.count)
    writer.raw(#","Resources":["#)
    for (index, account) in page.enumerated() {
      if index > 0 { writer.raw(",") }
      write(account, schemas: settings.listMemberSchemas, to: &writer)
    }
    writer.raw("]}")
    return SCIMResponse(status: 200, headers: ["content-type": MediaType.scim], body: writer.bytes)
  }

  /// Writes a User as the samples show it: no write-only attributes, one e-mail, null parts of a name of one word.
  private func write(_ account: Account, schemas: Bool, to writer: inout JSONWriter) {
    let parts = NameParts.split(account.name)
    writer.raw(schemas ? #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"# : #"{"id":"#)
    writer.string(account.id)
    writer.raw(#","userName":"#)
    writer.string(account.email)
    writer.raw(#","displayName":"#)
    writer.string(account.name)
    writer.raw(#","name":{"givenName":"#)
    if let parts { writer.string(parts.given) } else { writer.raw("null") }
    writer.raw(#","familyName":"#)
    if let parts { writer.string(parts.family) } else { writer.raw("null") }
    writer.raw(#","formatted":"#)
    writer.string(account.name)
    writer.raw(#"},"emails":[{"primary":true,"value":"#)
    writer.string(account.email)
    writer.raw(account.active ? #"}],"active":true"# : #"}],"active":false"#)
    if settings.externalId == .stored, let externalId = account.externalId {
      writer.raw(#","externalId":"#)
      writer.string(externalId)
    }
    if settings.meta {
      writer.raw(#","meta":{"resourceType":"User","created":"#)
      writer.string(account.created.description)
      writer.raw(#","lastModified":"#)
      writer.string(account.modified.description)
      writer.raw(#","location":"#)
      writer.string("\(settings.baseURL)/Users/\(account.id)")
      writer.raw("}")
    }
    writer.raw("}")
  }

  // MARK: Discovery (RFC 7643 sections 5 to 7)

  func discovery(_ name: String) -> SCIMResponse? {
    switch name {
    case "ServiceProviderConfig":
      let no: JSONValue = ["supported": false]
      return SCIMResponse(
        status: 200,
        json: [
          "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], "patch": ["supported": true],
          "bulk": ["supported": false, "maxOperations": 0, "maxPayloadSize": 0],
          "filter": ["supported": true, "maxResults": .integer(Int64(max(users.count, 1)))], "changePassword": no,
          "sort": no, "etag": no,
          "authenticationSchemes": [
            ["type": "oauthbearertoken", "name": "Script token", "description": "A script token of the company"]
          ],
        ])
    case "ResourceTypes":
      let type: JSONValue = [
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": "User", "name": "User",
        "endpoint": "/Users", "schema": .string(SchemaURN.user),
        "schemaExtensions": [["schema": .string(SchemaURN.ssoUser), "required": false]],
      ]
      return SCIMResponse(
        status: 200, json: ListResponse(totalResults: 1, startIndex: 1, itemsPerPage: 1, resources: [type]).json)
    case "Schemas":
      let schemas = [("User", SchemaURN.user), ("SsoUser", SchemaURN.ssoUser)].map { name, id -> JSONValue in
        ["id": .string(id), "name": .string(name), "attributes": []]
      }
      return SCIMResponse(
        status: 200, json: ListResponse(totalResults: 2, startIndex: 1, itemsPerPage: 2, resources: schemas).json)
    default: return nil
    }
  }
}
