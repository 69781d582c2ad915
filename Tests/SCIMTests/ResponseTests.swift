import JSON
import SCIM
import Testing

@Suite("SCIM: answers and failures")
struct SCIMResponseTests {
  @Test("an answer with a JSON body has SCIM's media type")
  func json() {
    let response = SCIMResponse(status: 201, json: ["id": "é"])
    #expect(response.headers == ["content-type": "application/scim+json"])
    #expect(response.body == Array(#"{"id":"é"}"#.utf8) && response.json == ["id": "é"])
    #expect(SCIMResponse(status: 204).json == nil && SCIMResponse(status: 200, body: [0x7B]).json == nil)
  }

  @Test(
    "200 to 299 is success",
    arguments: [
      (0, false), (100, false), (199, false), (200, true), (204, true), (299, true), (300, false), (404, false),
    ])
  func success(status: Int, isSuccess: Bool) { #expect(SCIMResponse(status: status).isSuccess == isSuccess) }

  static let pages: [(String?, String, Bool)] = [
    ("text/html", "", true), ("Text/HTML; charset=utf-8", "p", true), ("text/html", " {}", false),
    ("text/html;charset=utf-8", "x", true),
    ("application/scim+json", "<html>", false), ("application/json", "{}", false), ("", "<html>", false),
    (nil, "<html>", true),
    (nil, " \r\n\t<!DOCTYPE html>", true), (nil, "{\"a\":\"<\"}", false), (nil, "", false), (nil, "   ", false),
    (nil, "text <b>", false),
  ]

  @Test("a page is told by its media type, or by its first character where there is none", arguments: pages)
  func page(type: String?, body: String, isHTML: Bool) {
    let headers = type.map { ["content-type": $0] } ?? [:]
    #expect(SCIMResponse(status: 200, headers: headers, body: Array(body.utf8)).isHTML == isHTML)
  }

  static let verdicts: [(Int, String, Bool, Bool)] = [
    // Status, category of the Web API's error, too fast, address taken.
    (429, "", true, false), (429, "anything", true, false), (403, "rate_limit_reached", true, false),
    (403, "access_denied", false, false),
    (400, "rate_limit_reached", false, false), (403, "", false, false), (409, "", false, true),
    (409, "anything", false, true),
    (400, "email_in_use", false, true), (400, "invalid_request", false, false), (403, "email_in_use", false, false),
    (400, "", false, false),
    (200, "email_in_use", false, false), (500, "rate_limit_reached", false, false),
  ]

  @Test("a slower pace and a taken address are told by status and category", arguments: verdicts)
  func verdict(status: Int, category: String, isRateLimited: Bool, isAddressTaken: Bool) {
    let response = SCIMResponse(status: status, json: WebAPIErrorResponse(error: category).json)
    #expect(response.isRateLimited == isRateLimited && response.isAddressTaken == isAddressTaken)
    if category.isEmpty {
      let bare = SCIMResponse(status: status)
      #expect(bare.isRateLimited == isRateLimited && bare.isAddressTaken == isAddressTaken)
    }
  }

  static let failures: [(Failure, String, Bool)] = [
    (.notSent("no token"), "not-sent", false), (.nameResolution, "name-resolution", false),
    (.refused, "refused", false),
    (.unreachable, "unreachable", false), (.connectTimeout, "connect-timeout", false), (.tls, "tls", false),
    (.timeout, "timeout", true),
    (.reset, "reset", true), (.truncated, "truncated", true), (.tooLarge, "too-large", true),
    (.malformed, "malformed", true),
    (.encoding, "encoding", true), (.certificate, "certificate", false), (.proxy(.name), "proxy-name", false),
    (.proxy(.credentials), "proxy-credentials", false),
    (.other("NIOError"), "other-NIOError", true),
  ]

  @Test("a failure says whether the request may have arrived, and has a label for logs", arguments: failures)
  func failure(failure: Failure, label: String, mayHaveArrived: Bool) {
    #expect(failure.label == label && failure.mayHaveArrived == mayHaveArrived)
    #expect(Exchange.failed(failure) != .response(SCIMResponse(status: 200)))
  }
}
