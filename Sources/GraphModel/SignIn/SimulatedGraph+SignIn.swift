import Base
import JSON

/// The sign-in: discovery and the client credentials grant (RFC 6749, section 4.4; Microsoft Learn, "Microsoft identity
/// platform and the OAuth 2.0 client credentials flow").
extension SimulatedGraph {
  /// The resource that stands for Graph, in every cloud.
  private static let resources: Set<String> = [
    "https://graph.microsoft.com", "https://graph.microsoft.us", "https://dod-graph.microsoft.us",
    "https://microsoftgraph.chinacloudapi.cn", "00000003-0000-0000-c000-000000000000",
  ]
  private static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

  mutating func signIn(
    _ request: Request, _ segments: [String], _ now: Timestamp, _ verify: SignatureCheck
  ) -> Response {
    let rest = Array(segments.dropFirst())
    guard rest == ["oauth2", "v2.0", "token"] || rest == ["v2.0", ".well-known", "openid-configuration"] else {
      return Response(status: 404, ["error": "There is no such route."])
    }
    do throws(SignInError) {
      guard isThis(segments[0]) else { throw .unknownTenant(segments[0]) }
      if rest.last == "openid-configuration" { return discovery(request, segments[0]) }
      guard request.method == "POST" else { return Response(status: 405, ["error": "A token is asked for by POST."]) }
      let application = try client(request, verify, now)
      return Response(
        status: 200, headers: Self.uncached,
        [
          "token_type": "Bearer", "expires_in": .integer(settings.accessTokenSeconds),
          "ext_expires_in": .integer(settings.accessTokenSeconds),
          "access_token": .string(grant(application, seconds: settings.accessTokenSeconds, now: now)),
        ])
    } catch { return refuse(error, request, now) }
  }

  private func isThis(_ name: String) -> Bool {
    [tenant.id.lowercased(), tenant.domain.lowercased()].contains(name.lowercased())
  }

  /// OpenID Connect Discovery 1.0, section 3, as far as a client without users needs it.
  private func discovery(_ request: Request, _ name: String) -> Response {
    let base = "\(request.origin)/\(name)"
    return Response(
      status: 200,
      [
        "issuer": .string("\(request.origin)/\(tenant.id)/v2.0"),
        "authorization_endpoint": .string("\(base)/oauth2/v2.0/authorize"),
        "token_endpoint": .string("\(base)/oauth2/v2.0/token"),
        "device_authorization_endpoint": .string("\(base)/oauth2/v2.0/devicecode"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_types_supported": ["code"], "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
      ])
  }

  // MARK: The client

  /// The application that asks, once its credentials are found to be good.
  private func client(
    _ request: Request, _ verify: SignatureCheck, _ now: Timestamp
  ) throws(SignInError) -> AppRegistration {
    var form = FormItems(String(decoding: request.body, as: UTF8.self)).values
    if let (id, secret) = Self.basic(request) { (form["client_id"], form["client_secret"]) = (id, secret) }
    guard let type = form["grant_type"] else { throw .missing("grant_type") }
    guard type == "client_credentials" else { throw .grantType(type) }
    guard let id = form["client_id"] else { throw .missing("client_id") }
    try check(scope: form["scope"], request)
    let found = tenant.applications.first { $0.appId.lowercased() == id.lowercased() }
    guard let found else { throw .unknownClient(id, tenant.displayName) }
    if let text = form["client_assertion"] {
      guard form["client_assertion_type"] == Self.assertionType else { throw .missing("client_assertion_type") }
      try check(text, of: found, request, verify, now)
    } else {
      try check(secret: form["client_secret"], of: found, now)
    }
    return found
  }

  /// RFC 6749, section 2.3.1.
  private static func basic(_ request: Request) -> (String, String)? {
    guard let header = request.headers["authorization"], header.lowercased().hasPrefix("basic "),
      let bytes = Base64.decode(header.dropFirst(6).trimmingSpaces)
    else { return nil }
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let id = PercentEncoding.decode(parts[0], plusIsSpace: true),
      let secret = PercentEncoding.decode(parts[1], plusIsSpace: true)
    else { return nil }
    return (id, secret)
  }

  private func check(scope: String?, _ request: Request) throws(SignInError) {
    guard let scope else { throw .missing("scope") }
    let scopes = scope.split(separator: " ").filter { !["openid", "profile", "offline_access"].contains($0) }
    guard scopes.count == 1 else { throw .scopes(scope) }
    guard scopes[0].hasSuffix("/.default") else { throw .scope(scope) }
    try check(resource: String(scopes[0].dropLast("/.default".count)), request)
  }

  func check(resource: String, _ request: Request) throws(SignInError) {
    let name = resource.hasSuffix("/") ? String(resource.dropLast()) : resource
    guard Self.resources.contains(name) || name == request.origin else { throw .resource(resource, tenant.displayName) }
  }

  private func check(secret: String?, of application: AppRegistration, _ now: Timestamp) throws(SignInError) {
    guard let secret else { throw .noCredential }
    let known = application.secrets.filter { $0.value.hasSameBytes(as: secret) && $0.start <= now }
    guard !known.isEmpty else { throw .wrongSecret(application.appId) }
    guard known.contains(where: { now < $0.end }) else { throw .expiredSecret(application.appId) }
  }

  // MARK: Assertions

  private func check(
    _ text: String, of application: AppRegistration, _ request: Request, _ verify: SignatureCheck, _ now: Timestamp
  ) throws(SignInError) {
    guard let assertion = ClientAssertion(text) else { throw .malformed }
    guard assertion.isGood(at: now) else { throw .lifetime(now) }
    // Of the application itself when it says so, else of somebody whom it trusts.
    guard assertion.text("iss").lowercased() == application.appId.lowercased() else {
      return try check(federated: assertion, of: application)
    }
    guard assertion.text("sub").lowercased() == application.appId.lowercased() else { throw .subject }
    guard isAudience(assertion.text("aud"), request) else { throw .audience }
    guard let certificate = assertion.certificate(application.certificates) else {
      throw .certificate("The key was not found.", assertion.thumbprint)
    }
    guard certificate.start <= now, now < certificate.end else {
      throw .certificate("The key used is expired.", assertion.thumbprint)
    }
    guard verify(certificate, assertion.algorithm, assertion.message, assertion.signature) else {
      throw .certificate("Client assertion failed signature validation.", assertion.thumbprint)
    }
  }

  /// The tenant's issuer or its token endpoint, here or at Microsoft.
  private func isAudience(_ text: String, _ request: Request) -> Bool {
    let hosts = [
      request.origin, "https://login.microsoftonline.com", "https://login.microsoftonline.us",
      "https://login.partner.microsoftonline.cn",
    ]
    return hosts.contains { host in
      [tenant.id, tenant.domain].contains { name in
        text == "\(host)/\(name)/v2.0" || text == "\(host)/\(name)/oauth2/v2.0/token"
      }
    }
  }

  /// Another authority's token: whose it is and for whom must be known; its signature is that authority's business.
  private func check(federated assertion: ClientAssertion, of application: AppRegistration) throws(SignInError) {
    let (issuer, subject) = (assertion.text("iss"), assertion.text("sub"))
    let trusted = application.federated.filter { $0.issuer == issuer }
    guard !trusted.isEmpty else {
      if application.federated.isEmpty { throw .subject }
      throw .federated("issuer", issuer)
    }
    let same = trusted.filter { $0.subject == subject }
    guard !same.isEmpty else { throw .federated("subject", subject) }
    guard same.contains(where: { $0.audience == assertion.text("aud") }) else {
      throw .federated("audience", assertion.text("aud"))
    }
  }
}
