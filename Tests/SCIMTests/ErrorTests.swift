import JSON
import SCIM
import Testing

@Suite("SCIM: errors (RFC 7644 section 3.12)")
struct SCIMErrorTests {
  static let errors = [
    SCIMErrorResponse(status: 409, scimType: "uniqueness", detail: "taken"), SCIMErrorResponse(status: 404),
    SCIMErrorResponse(status: 0, scimType: "", detail: ""), SCIMErrorResponse(status: 400, detail: "é \"x\"\n"),
  ]

  @Test("an error of the RFC survives the way through JSON", arguments: errors)
  func roundTrip(error: SCIMErrorResponse) throws {
    #expect(try SCIMErrorResponse(json(error.json.text)) == error)
    #expect(SCIMResponse(status: error.status, json: error.json).errorBody == .scim(error))
    // A string, as the RFC demands.
    #expect(error.json["status"] == .string(String(error.status)))
  }

  static let statuses: [(String, Int)] = [
    ("\"404\"", 404), ("404", 404), ("\"\"", 0), ("\"none\"", 0), ("null", 0), ("4.5", 0), ("[]", 0), ("\" 404\"", 0),
    ("true", 0),
  ]

  @Test("the status is a string or a number, and nought when it is neither", arguments: statuses)
  func status(text: String, wanted: Int) throws {
    let body = try json(#"{"SCHEMAS":["x","\#(SchemaURN.error)"],"STATUS":\#(text),"scimtype":7,"detail":["x"]}"#)
    #expect(SCIMErrorResponse(body) == SCIMErrorResponse(status: wanted))
  }

  @Test("without the schema it is no error of the RFC")
  func noSchema() throws {
    for text in [
      #"{"status":"404"}"#, #"{"schemas":["x"],"status":"404"}"#, "[]", "null", #"{"schemas":"\#(SchemaURN.error)"}"#,
    ] {
      #expect(try SCIMErrorResponse(json(text)) == nil)
    }
  }

  static let webErrors = [
    WebAPIErrorResponse(error: "rate_limit_reached", description: "slow", code: 7, signature: 8),
    WebAPIErrorResponse(error: ""),
    WebAPIErrorResponse(error: "invalid_token", signature: .min),
  ]

  @Test("an error of the Web API survives the way through JSON", arguments: webErrors)
  func webRoundTrip(error: WebAPIErrorResponse) throws {
    #expect(try WebAPIErrorResponse(json(error.json.text)) == error)
    #expect(SCIMResponse(status: 400, json: error.json).errorBody == .webAPI(error))
  }

  @Test("an error of the Web API has a category; its other members may be odd")
  func webShapes() throws {
    let odd = try json(#"{"error":"x","error_description":7,"error_code":"1","error_signature":1.5,"more":[]}"#)
    #expect(WebAPIErrorResponse(odd) == WebAPIErrorResponse(error: "x"))
    for text in ["{}", #"{"error":7}"#, #"{"error":null}"#, #"{"Error":"x"}"#, #"["error"]"#, "\"error\""] {
      #expect(try WebAPIErrorResponse(json(text)) == nil)
    }
  }

  @Test("a body with both shapes is one of the RFC")
  func both() throws {
    let body = #"{"schemas":["\#(SchemaURN.error)"],"status":"403","error":"rate_limit_reached"}"#
    let response = SCIMResponse(status: 403, body: Array(body.utf8))
    #expect(response.errorBody == .scim(SCIMErrorResponse(status: 403)) && !response.isRateLimited)
  }

  static let others: [[UInt8]] = [
    [], Array("<html><body>Bad Gateway</body></html>".utf8), Array("Service Unavailable".utf8), Array("{".utf8),
    Array("{}".utf8),
    Array("null".utf8), Array("[]".utf8), Array(#"{"error":"x"} trailing"#.utf8),
    Array(#"{"error":"x","error":"y"}"#.utf8), [0xFF, 0xFE, 0x00],
    Array(String(repeating: "[", count: 100_000).utf8), [0xC3, 0x28] + Array("{}".utf8),
  ]

  @Test("anything else is neither: pages, texts, nothing, broken JSON", arguments: others)
  func other(body: [UInt8]) {
    let response = SCIMResponse(status: 502, body: body)
    #expect(response.errorBody == .other && !response.isRateLimited && !response.isAddressTaken)
  }

  @Test("every cut of an error's body is neither shape")
  func cuts() {
    for json in [Self.errors[0].json, Self.webErrors[0].json] {
      let body = Array(json.text.utf8)
      for count in 0..<body.count {
        #expect(SCIMResponse(status: 400, body: Array(body[..<count])).errorBody == .other)
      }
    }
  }
}
