public import JSON

/// An error in the shape of RFC 7644 section 3.12.
public struct SCIMErrorResponse: Error, Equatable, Sendable {
  /// The HTTP status.
  public var status: Int
  /// The kind of a 400 or 409, such as `uniqueness` (RFC 7644 table 9).
  public var scimType: String?
  /// A text for people; it may hold personal data.
  public var detail: String?

  /// An error.
  public init(status: Int, scimType: String? = nil, detail: String? = nil) {
    self.status = status
    self.scimType = scimType
    self.detail = detail
  }

  /// Reads an error; nil unless `schemas` names the error schema. `status` may be a string or a number.
  public init?(_ json: JSONValue) {
    guard json.schemas.contains(SchemaURN.error) else { return nil }
    let status = json.attribute("status")
    self.init(
      status: status?.integer ?? status?.string.flatMap { Int($0) } ?? 0,
      scimType: json.attribute("scimType")?.string, detail: json.attribute("detail")?.string)
  }

  /// The error as JSON; `status` is a string, as the RFC demands.
  public var json: JSONValue {
    var object = JSONObject()
    object["schemas"] = [.string(SchemaURN.error)]
    object["status"] = .string(String(status))
    object["scimType"] = scimType.map(JSONValue.string)
    object["detail"] = detail.map(JSONValue.string)
    return .object(object)
  }
}

/// An error in the shape of TeamViewer's Web API, which its SCIM routes may use too (its manual, chapter 5).
public struct WebAPIErrorResponse: Equatable, Sendable {
  /// The category, such as `rate_limit_reached` or `email_in_use`.
  public var error: String
  /// A text for people; it may hold personal data.
  public var description: String?
  /// The number of the error type.
  public var code: Int?
  /// The number of the entry in TeamViewer's own log.
  public var signature: Int?

  /// An error.
  public init(error: String, description: String? = nil, code: Int? = nil, signature: Int? = nil) {
    self.error = error
    self.description = description
    self.code = code
    self.signature = signature
  }

  /// Reads an error; nil unless `error` is a string.
  public init?(_ json: JSONValue) {
    guard let error = json["error"]?.string else { return nil }
    self.init(
      error: error, description: json["error_description"]?.string, code: json["error_code"]?.integer,
      signature: json["error_signature"]?.integer)
  }

  /// The error as JSON.
  public var json: JSONValue {
    var object = JSONObject()
    object["error"] = .string(error)
    object["error_description"] = description.map(JSONValue.string)
    object["error_code"] = code.map { .integer(Int64($0)) }
    object["error_signature"] = signature.map { .integer(Int64($0)) }
    return .object(object)
  }
}
