import Base
import JSON

/// Managed identity: a token without any secret, from an address that only this machine reaches (Microsoft Learn, "How to
/// use managed identities on an Azure VM to acquire an access token" and "Managed identities in App Service").
extension SimulatedGraph {
  /// How many seconds such a token is good for: a day.
  private static let seconds: Int64 = 86_400

  /// The answer where one of the two forms is asked; nil for any other path.
  mutating func managedIdentity(_ request: Request, _ segments: [String], _ now: Timestamp) -> Response? {
    let items = FormItems(request.query)
    switch segments {
    case ["metadata", "identity", "oauth2", "token"]:
      guard request.headers["metadata"]?.lowercased() == "true" else {
        return Self.refused("invalid_request", "Required metadata header not specified")
      }
    case ["msi", "token"]:
      guard let identity = settings.managedIdentity, request.headers["x-identity-header"] == identity.header else {
        return Response(status: 401, ["statusCode": 401, "message": "The value of X-IDENTITY-HEADER is not right."])
      }
    default: return nil
    }
    guard items["api-version"] != nil else {
      return Self.refused("bad_request", "Required query variable 'api-version' is missing")
    }
    guard let resource = items["resource"] else {
      return Self.refused("invalid_request", "Required query variable 'resource' is missing")
    }
    guard let application = identity(items["client_id"]) else {
      return Self.refused("invalid_request", "Identity not found")
    }
    do throws(SignInError) { try check(resource: resource, request) } catch { return refuse(error, request, now) }
    return token(application, resource, now)
  }

  private func identity(_ wanted: String?) -> AppRegistration? {
    guard let appId = settings.managedIdentity?.appId, wanted == nil || wanted == appId else { return nil }
    return tenant.applications.first { $0.appId == appId }
  }

  /// Every value is text.
  private mutating func token(_ application: AppRegistration, _ resource: String, _ now: Timestamp) -> Response {
    let begin = now.milliseconds / 1000
    return Response(
      status: 200, headers: Self.uncached,
      [
        "access_token": .string(grant(application, seconds: Self.seconds, now: now)),
        "client_id": .string(application.appId), "expires_in": .string("\(Self.seconds)"),
        "expires_on": .string("\(begin + Self.seconds)"), "ext_expires_in": .string("\(Self.seconds)"),
        "not_before": .string("\(begin)"), "resource": .string(resource), "token_type": "Bearer",
      ])
  }

  private static func refused(_ error: String, _ text: String) -> Response {
    Response(status: 400, ["error": .string(error), "error_description": .string(text)])
  }
}
