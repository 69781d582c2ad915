import JSON

/// Why Graph refuses a call.
struct Refusal: Error {
  var status: Int
  var code: String
  var message: String
  var headers: [String: String] = [:]

  init(_ status: Int, _ code: String, _ message: String, headers: [String: String] = [:]) {
    self.status = status
    self.code = code
    self.message = message
    self.headers = headers
  }

  static func notFound(_ name: String) -> Refusal {
    Refusal(
      404, "Request_ResourceNotFound",
      "Resource '\(name)' does not exist or one of its queried reference-property objects are not present.")
  }

  static func unsupported(_ message: String) -> Refusal { Refusal(400, "Request_UnsupportedQuery", message) }

  static let denied = Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")

  /// 401 for a token that is not good, as the resource says it (Microsoft Graph, "Resolve authorization errors").
  static func invalidToken(_ message: String) -> Refusal {
    Refusal(
      401, "InvalidAuthenticationToken", message,
      headers: ["www-authenticate": "Bearer realm=\"\", error=\"invalid_token\", error_description=\"\(message)\""])
  }

  /// The link's token is too old.
  static func expired(_ form: SimulatedGraph.Expiry, _ beginning: String) -> Refusal {
    switch form {
    case .gone:
      Refusal(
        410, "resyncRequired", "Resync required. Begin anew at the given location.", headers: ["location": beginning])
    case .unsupportedQuery: unsupported("DeltaLink older than 30 days is not supported.")
    case .syncStateNotFound:
      Refusal(400, "syncStateNotFound", "The sync state generation is not found; perform a full synchronization.")
    }
  }

  static let expiredPage = Refusal(
    400, "Directory_ExpiredPageToken", "The specified page token value has expired and is no longer valid.")
}
