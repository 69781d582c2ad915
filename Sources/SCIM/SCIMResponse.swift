import Base
public import JSON

/// One HTTP answer as a value. Its body may be anything: proxies answer too.
public struct SCIMResponse: Equatable, Sendable {
  /// The HTTP status.
  public var status: Int
  /// The header fields, names in lower case.
  public var headers: [String: String]
  /// The whole body.
  public var body: [UInt8]

  /// An answer; the names of `headers` must be in lower case.
  public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer with a JSON body of SCIM's media type (RFC 7644 section 3.1).
  public init(status: Int, json: JSONValue) {
    self.init(status: status, headers: ["content-type": MediaType.scim], body: Array(json.text.utf8))
  }

  /// True for 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }

  /// The body as JSON, parsed at each call; nil when it is none. A text that somebody cut within a character is read all the
  /// same, with U+FFFD in the place of its half: one account's name must not hide all others.
  public var json: JSONValue? { try? JSONParser.repaired(body) }

  /// True when the body is a page for a browser rather than an answer of an API. JSON is none, whatever it is said to be.
  public var isHTML: Bool {
    let first = body.first { $0 > 0x20 }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return false }
    if let type = headers["content-type"] { return type.asciiLowercased.hasPrefix("text/html") }
    return first == UInt8(ascii: "<")
  }

  /// What the body of an error says, in one of the three shapes that a client must expect.
  public var errorBody: ErrorBody {
    guard let json else { return .other }
    if let error = SCIMErrorResponse(json) { return .scim(error) }
    return WebAPIErrorResponse(json).map(ErrorBody.webAPI) ?? .other
  }

  /// The three shapes of an error's body.
  public enum ErrorBody: Equatable, Sendable {
    /// RFC 7644's.
    case scim(SCIMErrorResponse)
    /// The Web API's.
    case webAPI(WebAPIErrorResponse)
    /// Anything else: HTML, text, nothing.
    case other
  }

  /// True when the service asks for a slower pace: 429, or TeamViewer's 403 with `rate_limit_reached`.
  public var isRateLimited: Bool {
    if status == 429 { return true }
    guard status == 403, case .webAPI(let error) = errorBody else { return false }
    return error.error == "rate_limit_reached"
  }

  /// True when the address of a create or a change belongs to another account: 409, or 400 with `email_in_use`
  /// (TeamViewer's Web API manual, chapter 5).
  public var isAddressTaken: Bool {
    if status == 409 { return true }
    guard status == 400, case .webAPI(let error) = errorBody else { return false }
    return error.error == "email_in_use"
  }
}

/// The media types of SCIM messages.
public enum MediaType {
  /// RFC 7644 section 8.1.
  public static let scim = "application/scim+json"
}
