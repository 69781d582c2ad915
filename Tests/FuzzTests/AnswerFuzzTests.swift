import Base
import DeliveryMachine
import Foundation
import JSON
import Provisioning
import SCIM
import Testing

@Suite("Answers of the target: whatever they hold, they mean something, and end nothing")
struct AnswerFuzzTests {
  private static let user = """
    {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"u101","userName":"p1@corp.example",\
    "displayName":"Person 1","emails":[{"value":"p1@corp.example","primary":true}],"active":true}
    """

  private static let list = """
    {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":2,"startIndex":1,\
    "itemsPerPage":2,"Resources":[\(user),\(user.replacing("101", with: "102"))]}
    """

  private static let refusals = [
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"409\",\"detail\":\"taken\"}",
    "{\"error\":\"rate_limit_reached\",\"error_description\":\"slow down\",\"error_code\":9}",
    "<html><body>Sign in</body></html>",
  ]

  private func answers(_ request: SCIMRequest, _ purpose: CallPurpose, _ bytes: [UInt8]) {
    let call = Call(id: 1, purpose: purpose, person: "a", request: request, sent: Timestamp(milliseconds: 0))
    for status in [200, 201, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503] {
      _ = Answer(.response(SCIMResponse(status: status, body: bytes)), to: call)
    }
  }

  @Test("bodies of every status, to a read, to a list and to a change")
  func bodies() throws {
    let samples = [Self.user, Self.list] + Self.refusals
    try Fuzz.run(samples.map { Array($0.utf8) }, share: 4) { bytes in
      answers(SCIMRequest(.get, "/Users"), .list, bytes)
      answers(SCIMRequest(.get, "/Users/u101"), .verify, bytes)
      answers(SCIMRequest(.patch, "/Users/u101"), .change, bytes)
    }
  }

  @Test("lists and users")
  func resources() throws {
    try Fuzz.run([Self.user, Self.list].map { Array($0.utf8) }, acceptsSamples: false) { bytes in
      let json = try JSONParser.parse(bytes)
      if let list = try? ListResponse(json) {
        for resource in list.resources { _ = try? RemoteAccount(shown: resource) }
      }
      _ = try? RemoteAccount(shown: json)
    }
  }

  @Test("compressed bodies: they become what they were, or are refused, within the bound")
  func compressed() throws {
    let samples = [
      "H4sIAAAAAAAEAwETAOz/aGVsbG8sIGhlbGxvLCBoZWxsb5+hygkTAAAA", "H4sIAAAAAAACA8tIzcnJ11HIQKIAn6HKCRMAAAA=",
    ]
    try Fuzz.run(samples.map { Array(Data(base64Encoded: $0) ?? Data()) }) { bytes in
      do {
        let body = try Gzip.decompressed(bytes, limit: 5000)
        #expect(body.count <= 5000)
      } catch is Gzip.Failure {}
    }
  }

  @Test("filters, and when to come back")
  func texts() throws {
    let samples = [
      "userName eq \"p1@corp.example\"", "120", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ]
    try Fuzz.run(samples.map { Array($0.utf8) }, acceptsSamples: false) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      if let retry = RetryAfter(text) { _ = retry.text }
      _ = try Filter(parsing: text)
    }
  }
}
