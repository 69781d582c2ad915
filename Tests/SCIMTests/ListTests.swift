import JSON
import SCIM
import Testing

@Suite("SCIM: answers to queries (RFC 7644 section 3.4.2)")
struct SCIMListTests {
  static let lists: [ListResponse] = [
    ListResponse(totalResults: 0, resources: []),
    ListResponse(totalResults: 3, startIndex: 0, itemsPerPage: 1, resources: [["id": "u1"]]),
    ListResponse(totalResults: 2, startIndex: 1, itemsPerPage: 2, resources: [["id": "u1"], ["id": "u2"]]),
    ListResponse(totalResults: .max, startIndex: .max, itemsPerPage: 0, resources: []),
    ListResponse(totalResults: 1, resources: [.null, 7, []]),
  ]

  @Test("a list survives the way through JSON", arguments: lists)
  func roundTrip(list: ListResponse) throws {
    #expect(try ListResponse(json(list.json.text)) == list)
    #expect(list.json.schemas == [SchemaURN.listResponse])
    #expect((list.json["startIndex"] != nil) == (list.startIndex != nil))
    #expect((list.json["itemsPerPage"] != nil) == (list.itemsPerPage != nil))
  }

  static let tolerated: [(String, ListResponse)] = [
    (#"{"totalResults":0}"#, ListResponse(totalResults: 0, resources: [])),
    (#"{"totalResults":"1","Resources":[{}]}"#, ListResponse(totalResults: 1, resources: [[:]])),
    (#"{"totalResults":0,"Resources":null}"#, ListResponse(totalResults: 0, resources: [])),
    (
      #"{"TOTALRESULTS":1,"RESOURCES":[{}],"startindex":5}"#,
      ListResponse(totalResults: 1, startIndex: 5, resources: [[:]])
    ),
    // Counts of what the page holds are only told, never relied on.
    (
      #"{"totalResults":9,"startIndex":"1","itemsPerPage":2.5,"Resources":[]}"#,
      ListResponse(totalResults: 9, resources: [])
    ),
    (
      #"{"totalResults":1,"startIndex":-3,"itemsPerPage":-1,"Resources":[{},{}]}"#,
      ListResponse(totalResults: 1, startIndex: -3, itemsPerPage: -1, resources: [[:], [:]])
    ),
    (#"{"schemas":null,"totalResults":0}"#, ListResponse(totalResults: 0, resources: [])),
    (
      #"{"schemas":["x","\#(SchemaURN.listResponse)"],"totalResults":1,"Resources":["a"],"more":{}}"#,
      ListResponse(totalResults: 1, resources: ["a"])
    ),
  ]

  @Test("members that nobody relies on may be missing or odd", arguments: tolerated)
  func tolerant(text: String, list: ListResponse) throws { #expect(try ListResponse(json(text)) == list) }

  static let wrong: [(String, SCIMParseError)] = [
    ("[]", .wrongType(attribute: "the list", wanted: "object")),
    ("null", .wrongType(attribute: "the list", wanted: "object")),
    ("\"<html>\"", .wrongType(attribute: "the list", wanted: "object")), ("{}", .missing("totalResults")),
    (#"{"Resources":[]}"#, .missing("totalResults")), (#"{"totalResults":null}"#, .missing("totalResults")),
    (#"{"totalResults":"one","Resources":[]}"#, .wrongType(attribute: "totalResults", wanted: "count")),
    (#"{"totalResults":-1}"#, .wrongType(attribute: "totalResults", wanted: "count")),
    (#"{"totalResults":1.0,"Resources":[]}"#, .wrongType(attribute: "totalResults", wanted: "count")),
    (#"{"totalResults":9223372036854775808}"#, .wrongType(attribute: "totalResults", wanted: "count")),
    (#"{"totalResults":true}"#, .wrongType(attribute: "totalResults", wanted: "count")),
    (#"{"totalResults":1}"#, .missing("Resources")), (#"{"totalResults":1,"Resources":null}"#, .missing("Resources")),
    (#"{"totalResults":1,"Resources":{}}"#, .wrongType(attribute: "Resources", wanted: "array")),
    (#"{"totalResults":0,"Resources":"none"}"#, .wrongType(attribute: "Resources", wanted: "array")),
    (#"{"totalResults":0,"schemas":["other"]}"#, .wrongType(attribute: "schemas", wanted: "ListResponse")),
    (#"{"totalResults":0,"schemas":[]}"#, .wrongType(attribute: "schemas", wanted: "ListResponse")),
    (
      #"{"totalResults":0,"schemas":"\#(SchemaURN.listResponse)"}"#,
      .wrongType(attribute: "schemas", wanted: "ListResponse")
    ),
    (
      #"{"schemas":["\#(SchemaURN.error)"],"status":"500"}"#, .wrongType(attribute: "schemas", wanted: "ListResponse")
    ),
  ]

  @Test("what is no list is refused by the part that is wrong", arguments: wrong)
  func refuses(text: String, error: SCIMParseError) throws { try expectFailure(error, text) { try ListResponse($0) } }
}
