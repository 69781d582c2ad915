import Base
import JSON

/// Why the sign-in refuses: an AADSTS code with its status and its OAuth error (Microsoft Learn, "Microsoft Entra
/// authentication and authorization error codes"; RFC 6749, section 5.2).
struct SignInError: Error {
  var status: Int
  var error: String
  var code: Int
  var text: String

  init(_ status: Int, _ error: String, _ code: Int, _ text: String) {
    self.status = status
    self.error = error
    self.code = code
    self.text = text
  }

  // MARK: The tenant, the request

  static func unknownTenant(_ name: String) -> SignInError {
    SignInError(
      400, "invalid_request", 90002,
      "Tenant '\(name)' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    )
  }

  static func missing(_ parameter: String) -> SignInError {
    SignInError(
      400, "invalid_request", 900144, "The request body must contain the following parameter: '\(parameter)'.")
  }

  static func grantType(_ type: String) -> SignInError {
    SignInError(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '\(type)'.")
  }

  static func scope(_ scope: String) -> SignInError {
    SignInError(
      400, "invalid_scope", 1_002_012,
      "The provided value for scope \(scope) is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
    )
  }

  static func scopes(_ scope: String) -> SignInError {
    SignInError(
      400, "invalid_scope", 70011,
      "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope \(scope) is not valid."
    )
  }

  static func resource(_ name: String, _ tenant: String) -> SignInError {
    SignInError(
      400, "invalid_resource", 500_011,
      "The resource principal named \(name) was not found in the tenant named \(tenant).")
  }

  // MARK: The application and its credentials

  static func unknownClient(_ id: String, _ tenant: String) -> SignInError {
    SignInError(
      400, "unauthorized_client", 700_016,
      "Application with identifier '\(id)' was not found in the directory '\(tenant)'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant."
    )
  }

  static let noCredential = SignInError(
    401, "invalid_client", 7_000_216,
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.")

  static func wrongSecret(_ id: String) -> SignInError {
    SignInError(
      401, "invalid_client", 7_000_215,
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '\(id)'."
    )
  }

  static func expiredSecret(_ id: String) -> SignInError {
    SignInError(
      401, "invalid_client", 7_000_222,
      "The provided client secret keys for app '\(id)' are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security."
    )
  }

  static func certificate(_ reason: String, _ thumbprint: String) -> SignInError {
    SignInError(
      401, "invalid_client", 700_027,
      "The certificate with identifier used to sign the client assertion is not registered on application, or its signature is not valid. [Reason - \(reason), Thumbprint of key used by client: '\(thumbprint)']"
    )
  }

  // MARK: The assertion

  static let malformed = SignInError(
    400, "invalid_request", 50027, "JWT token is invalid or malformed.")

  static func lifetime(_ now: Timestamp) -> SignInError {
    SignInError(
      401, "invalid_client", 700_024,
      "Client assertion is not within its valid time range. Current time: \(now), the assertion's nbf or exp says otherwise."
    )
  }

  static let audience = SignInError(
    401, "invalid_client", 700_023,
    "Client assertion audience claim does not match Realm issuer. Review the documentation about the format of client assertions."
  )

  static let subject = SignInError(
    401, "invalid_client", 700_021,
    "Client assertion application identifier doesn't match 'client_id' parameter, or its subject is not its issuer.")

  static func federated(_ claim: String, _ value: String) -> SignInError {
    let code = ["issuer": 700_211, "audience": 700_212, "subject": 700_213][claim] ?? 70021
    return SignInError(
      401, "invalid_client", code,
      "No matching federated identity record found for presented assertion \(claim) '\(value)'.")
  }
}

extension SimulatedGraph {
  /// An error of the sign-in in its shape.
  mutating func refuse(_ error: SignInError, _ request: Request, _ now: Timestamp) -> Response {
    let (trace, own) = (random.guid(), request.headers["client-request-id"] ?? random.guid())
    let stamp = "\(now.description.prefix(10)) \(now.description.dropFirst(11).prefix(8))Z"
    let answer: JSONValue = [
      "error": .string(error.error),
      "error_description": .string(
        "AADSTS\(error.code): \(error.text) Trace ID: \(trace) Correlation ID: \(own) Timestamp: \(stamp)"),
      "error_codes": [.integer(Int64(error.code))], "timestamp": .string(stamp), "trace_id": .string(trace),
      "correlation_id": .string(own), "error_uri": .string("\(request.origin)/error?code=\(error.code)"),
    ]
    return Response(status: error.status, headers: Self.uncached, answer)
  }

  /// RFC 6749, section 5.1.
  static let uncached = ["cache-control": "no-store, no-cache", "pragma": "no-cache"]
}
