import Base
import JSON
import SCIM

/// An error of Microsoft Graph, by status and code (Microsoft Graph, "Microsoft Graph error responses and resource
/// types"); its message holds ids, and is not taken over.
struct GraphRefusal {
  private let status: Int
  /// The error's code; empty where the body is none of Graph's.
  let code: String
  private let isOld: Bool

  init(_ response: SCIMResponse) {
    let error = response.json?["error"]
    status = response.status
    let codes = Self.codes(of: error)
    code = codes.first { Self.expired.contains($0.asciiLowercased) } ?? codes.first ?? ""
    isOld = error?["message"]?.string?.contains("older than") == true
  }

  /// The code of an error, and of those within it (Microsoft Graph, "innererror"), the outermost first.
  private static func codes(of error: JSONValue?) -> [String] {
    var (codes, next): ([String], JSONValue?) = ([], error)
    while let error = next, codes.count < depth {
      codes.append(
        String((error["code"]?.string ?? "").unicodeScalars.prefix(64).filter { $0.isASCII && $0.value > 0x20 }))
      next = error["innerError"] ?? error["innererror"]
    }
    return codes
  }

  /// How many errors within errors are looked at.
  private static let depth = 8

  private static let expired: Set = [
    "syncstatenotfound", "syncstateinvalid", "resyncrequired", "resyncchangesapplydifferences",
    "resyncchangesuploaddifferences", "directory_expiredpagetoken",
  ]

  /// True when the token in a link has ended, so that reading begins anew (Microsoft Graph, "Use delta query to track
  /// changes in Microsoft Graph data", synchronization reset): 410, or a code that says it, in each form that was seen.
  var isExpiredLink: Bool {
    status == 410 || Self.expired.contains(code.asciiLowercased)
      || status == 400 && code == "Request_UnsupportedQuery" && isOld
  }

  /// True when another token may be taken.
  var isToken: Bool { status == 401 }

  /// What a person reads; nil for what is none of Graph's.
  func fault(_ query: GraphQuery, _ names: GraphNames) -> Fault? {
    switch status {
    case 401:
      Fault(
        .graphSignIn,
        "\(names.host) refuses the token (401 \(code)). Compare graph.authority and graph.url: they must be of one cloud."
      )
    case 403:
      Fault(
        .graphConsent,
        "The application \(names.client) may not read \(query.words) (403 \(code)). Give its registration the application "
          + "permission \(query.permission) of Microsoft Graph, and admin consent.")
    case 404 where query == .principal || query == .assignments:
      Fault(
        .graphPrincipal,
        "The tenant has no enterprise application with the id \(names.principal). Set graph.servicePrincipal to the "
          + "application id of the one to which people are assigned.")
    case 400..<500 where status != 429 && !code.isEmpty:
      Fault(
        .graphRequest,
        "\(names.host) refuses to read \(query.words) (\(status) \(code)). Compare graph.select with the properties of "
          + "Microsoft Graph's users.")
    default: nil
    }
  }
}

/// Names for sentences.
struct GraphNames: Sendable {
  var host: String
  var client: String
  var principal: String
}
