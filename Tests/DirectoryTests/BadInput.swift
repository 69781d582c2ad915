import Base
import Provisioning
import Testing

@testable import Directory

/// A bad input: its files, and what is said of it.
struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var files: [(name: String, text: String)]
  var format: DirectoryFormat?
  var code: FaultCode
  /// The file that the fault names; the only one unless said otherwise.
  var file: String
  var line: Int?

  init(_ name: String, _ text: String, _ code: FaultCode, line: Int? = nil, format: DirectoryFormat? = nil) {
    (self.name, self.files, self.code, self.file, self.line) = (name, [("a", text)], code, "a", line)
    self.format = format
  }

  init(
    _ name: String, pages: [String], _ code: FaultCode, page: Int, line: Int? = nil, format: DirectoryFormat? = nil
  ) {
    self.name = name
    self.files = pages.enumerated().map { ("p\($0 + 1)", $1) }
    (self.code, self.file, self.line, self.format) = (code, "p\(page)", line, format)
  }

  var testDescription: String { name }
}

private let header = "id,userPrincipalName,accountEnabled,displayName\n"
private let good = "u1,a@x.example,true,A\n"

extension BadInput {
  static let text: [BadInput] = [
    .init("empty", "", .inputEmpty),
    .init("white space only", " \r\n\n", .inputEmpty),
    .init("byte order mark only", "\u{FEFF}", .inputEmpty),
    .init("NUL byte", header + "u1,a\u{0}@x.example,true,A\n", .inputEncoding, line: 2),
    .init("JSON array", "[{}]", .attributeMissing, line: 1),
    .init("plain text", "hello\nworld\n", .csvColumns, line: 1),
  ]

  static let csv: [BadInput] = [
    .init("CSV without id", "userPrincipalName,accountEnabled\na,true\n", .csvColumns, line: 1),
    .init("CSV without userPrincipalName", "id,accountEnabled\nu,true\n", .csvColumns, line: 1),
    .init("CSV without accountEnabled", "id,userPrincipalName\nu,a\n", .csvColumns, line: 1),
    .init("CSV with a doubled column", "id,userPrincipalName,accountEnabled,ID\nu,a,true,u\n", .csvColumns, line: 1),
    .init(
      "CSV with a doubled other column", "id,userPrincipalName,accountEnabled,x,X\nu,a,true,,\n", .csvColumns, line: 1),
    .init("CSV with unknown columns only", "name,phone\nA,1\n", .csvColumns, line: 1),
    .init("CSV with semicolons", "id;userPrincipalName;accountEnabled\nu;a;true\n", .csvColumns, line: 1),
    .init("CSV with tabs", "id\tuserPrincipalName\taccountEnabled\nu\ta\ttrue\n", .csvColumns, line: 1),
    .init("CSV with a blank first line", "\n" + header + good, .csvColumns, line: 1),
    .init("short row", header + good + "u2,b@x.example,true\n", .csvRow, line: 3),
    .init("long row", header + good + "u2,b@x.example,true,B,\n", .csvRow, line: 3),
    .init("blank row between rows", header + "\n" + good, .csvRow, line: 2),
    .init("carriage return alone", header + "u1,a@x.example,true,A\rB\n", .csvRow, line: 2),
    .init("quote inside a field", header + good + "u2,b@x.example,true,B \"C\"\n", .csvQuote, line: 3),
    .init("space before a quote", header + "u2,b@x.example,true, \"C\"\n", .csvQuote, line: 2),
    .init("text after a quote", header + "u2,b@x.example,true,\"B\nC\" D\n", .csvQuote, line: 2),
    .init("quote never closed", header + good + "u2,b@x.example,true,\"B\n" + "u3,c\n\nu4,d\n", .csvQuote, line: 3),
    .init("quote never closed, later line", header + "u2,\"b\nc\",true,\"B\n", .csvQuote, line: 3),
    .init("quote at the very end", header + "u2,b,true,\"", .csvQuote, line: 2),
    .init("accountEnabled empty", header + "u1,a@x.example,,A\n", .attributeMissing, line: 2),
    .init("accountEnabled unknown", header + "u1,a@x.example,yes,A\n", .attributeValue, line: 2),
    .init("id empty", header + ",a@x.example,true,A\n", .attributeMissing, line: 2),
    .init("userPrincipalName empty", header + "u1,,true,A\n", .attributeMissing, line: 2),
    .init("id with a control character", header + "u\u{7},a@x.example,true,A\n", .attributeValue, line: 2),
    .init("id twice", header + good + "U1,b@x.example,true,B\n", .duplicateObject, line: 3),
    .init("userPrincipalName twice", header + good + "u2,A@X.example,true,B\n", .duplicateObject, line: 3),
    .init("header only", header, .noPeople),
    .init("CSV read as NDJSON", header + good, .jsonSyntax, line: 1, format: .ndjson),
    .init("CSV read as a page", header + good, .jsonShape, line: 1, format: .graph),
    .init("NDJSON read as CSV", #"{"id":"u1"}"#, .csvQuote, line: 1, format: .csv),
  ]

  private static let line = #"{"id":"u1","userPrincipalName":"a@x.example"}"# + "\n"

  static let ndjson: [BadInput] = [
    .init("line of another type", line + "[1]\n", .jsonShape, line: 2),
    .init("line that is no JSON", line + "{oops}\n", .jsonSyntax, line: 2),
    .init("line cut short", line + #"{"id":"u2","#, .jsonSyntax, line: 2),
    .init("two objects on a line", line + #"{"id":"u2"} {"id":"u3"}"#, .jsonShape, line: 2),
    .init("blank line between objects", line + "\n" + #"{"id":"u2","userPrincipalName":"b"}"#, .jsonShape, line: 2),
    .init("@removed in NDJSON", line + #"{"id":"u2","@removed":{"reason":"deleted"}}"#, .jsonShape, line: 2),
    .init("object without id in NDJSON", line + #"{"userPrincipalName":"b"}"#, .attributeMissing, line: 2),
    .init("object without userPrincipalName", line + #"{"id":"u2"}"#, .attributeMissing, line: 2),
    .init("attribute of another type", line + #"{"id":"u2","userPrincipalName":7}"#, .attributeValue, line: 2),
    .init("member twice", line + #"{"id":"u2","id":"u3"}"#, .jsonSyntax, line: 2),
    .init("lone surrogate", line + #"{"id":"u2","userPrincipalName":"\ud800"}"#, .jsonSyntax, line: 2),
    .init("id twice in NDJSON", line + #"{"id":"U1","userPrincipalName":"b"}"#, .duplicateObject, line: 2),
    .init("name twice in NDJSON", line + #"{"id":"u2","userPrincipalName":"A@x.example"}"#, .duplicateObject, line: 2),
    .init("only blank lines, forced", "\n\n", .inputEmpty, format: .ndjson),
  ]

  private static func page(_ objects: String, _ rest: String = "") -> String { "{\(rest)\"value\":[\n\(objects)]}" }
  private static func next(_ name: String) -> String {
    #""@odata.nextLink":"https://graph/users?$skiptoken=\#(name)","#
  }
  private static let deltaLink = #""@odata.deltaLink":"https://graph/users/delta?$deltatoken=1","#
  private static func user(_ id: String, _ rest: String = "") -> String {
    #"{"id":"\#(id)","userPrincipalName":"\#(id)@x.example"\#(rest)}"#
  }

  static let objects: [BadInput] = [
    .init("element of another type", page(user("u1") + ",\n7"), .jsonShape, line: 3),
    .init(
      "object of another type", page(user("u1", ##","@odata.type":"#microsoft.graph.group""##)), .jsonShape, line: 2),
    .init("@odata.type of another type", page(user("u1", #","@odata.type":1"#)), .jsonShape, line: 2),
    .init("object without id", page(user("u1") + ",\n{}"), .attributeMissing, line: 3),
    .init("id null", page(#"{"id":null}"#), .attributeMissing, line: 2),
    .init("id empty in JSON", page(#"{"id":""}"#), .attributeMissing, line: 2),
    .init("id a number", page(#"{"id":5}"#), .attributeValue, line: 2),
    .init("id with an escaped control character", page(user(#"u\u0001"#)), .attributeValue, line: 2),
    .init("userPrincipalName null", page(#"{"id":"u","userPrincipalName":null}"#), .attributeMissing, line: 2),
    .init("userPrincipalName empty in JSON", page(#"{"id":"u","userPrincipalName":""}"#), .attributeMissing, line: 2),
    .init("userPrincipalName absent in a snapshot", page(#"{"id":"u"}"#), .attributeMissing, line: 2),
    .init(
      "userPrincipalName null in a delta", page(#"{"id":"u","userPrincipalName":null}"#, deltaLink), .attributeMissing,
      line: 2),
    .init("accountEnabled null", page(user("u1", #","accountEnabled":null"#)), .attributeMissing, line: 2),
    .init("accountEnabled a string", page(user("u1", #","accountEnabled":"true""#)), .attributeValue, line: 2),
    .init("accountEnabled an empty string", page(user("u1", #","accountEnabled":"""#)), .attributeValue, line: 2),
    .init(
      "displayName a number", page(user("u1") + ",\n\n" + user("u2", #","displayName":1"#)), .attributeValue, line: 4),
    .init("mail a boolean", page(user("u1", #","mail":true"#)), .attributeValue, line: 2),
    .init("surname an object", page(user("u1", #","surname":{}"#)), .attributeValue, line: 2),
    .init("member twice in an object", page(user("u1", #","mail":"a","mail":"b""#)), .jsonSyntax, line: 2),
    .init(
      "removal for another reason", page(#"{"id":"u","@removed":{"reason":"lost"}}"#, deltaLink), .attributeValue,
      line: 2),
    .init("removal without reason", page(#"{"id":"u","@removed":{}}"#, deltaLink), .attributeValue, line: 2),
    .init("removal that is no object", page(#"{"id":"u","@removed":true}"#, deltaLink), .attributeValue, line: 2),
    .init("id twice on a page", page(user("u1") + ",\n" + user("U1")), .duplicateObject, line: 3),
    .init("value [] in a snapshot", page(""), .noPeople),
  ]

  static let shapes: [BadInput] = [
    .init("saved Graph error", #"{"error":{"code":"InvalidAuthenticationToken","message":"x"}}"#, .jsonShape),
    .init("no value", #"{"@odata.context":"https://graph/v1.0/$metadata#users"}"#, .jsonShape),
    .init("value an object", #"{"value":{}}"#, .jsonShape, line: 1),
    .init("value twice", #"{"value":[],"value":[]}"#, .jsonSyntax, line: 1),
    .init("an empty array", "[]", .noPeople, format: .graph),
    .init("another collection", ##"{"@odata.context":"https://graph/v1.0/$metadata#groups","value":[]}"##, .jsonShape),
    .init("collection with a similar name", ##"{"@odata.context":"x#usersOfOld(id)","value":[]}"##, .jsonShape),
    .init("context a number", #"{"@odata.context":1,"value":[]}"#, .jsonShape),
    .init("two documents", page(user("u1")) + "\n" + page(user("u2")), .jsonShape, line: 3),
    .init("page cut short", #"{"value":["# + "\n" + user("u1") + ",\n", .jsonSyntax, line: 3),
    .init(
      "page with a syntax error", #"{"value":["# + "\n" + user("u1") + "\n" + user("u2") + "]}", .jsonSyntax, line: 3),
    .init("nextLink a number", #"{"@odata.nextLink":1,"value":[]}"#, .jsonShape),
    .init("nextLink empty", #"{"@odata.nextLink":"","value":[]}"#, .jsonShape),
    .init("nextLink and deltaLink", page(user("u1"), next("2") + deltaLink), .jsonShape),
    .init("count a string", #"{"@odata.count":"1","value":[]}"#, .jsonShape),
    .init("count negative", #"{"@odata.count":-1,"value":[]}"#, .jsonShape),
    .init("count too high", page(user("u1"), #""@odata.count":2,"#), .pageMissing),
  ]

  static let answers: [BadInput] = [
    .init("next page not there", pages: [page(user("u1"), next("2"))], .pageMissing, page: 1),
    .init(
      "last page not there", pages: [page(user("u1"), next("2")), page(user("u2"), next("3"))], .pageMissing, page: 2),
    .init("two last pages", pages: [page(user("u1")), page(user("u2"))], .pageMissing, page: 2),
    .init(
      "pages of two answers", pages: [page(user("u1"), next("2")), page(user("u2")), page(user("u3"))], .pageMissing,
      page: 3),
    .init(
      "same page twice",
      pages: [page(user("u1"), next("2")), page(user("u1"), next("2")), page(user("u3"))], .pageMissing, page: 2),
    .init(
      "count over two pages", pages: [page(user("u1"), #""@odata.count":3,"# + next("2")), page(user("u2"))],
      .pageMissing,
      page: 1),
    .init(
      "id twice over two pages", pages: [page(user("u1"), next("2")), page(user("U1"))], .duplicateObject, page: 2,
      line: 2),
    .init(
      "removal without deltaLink", pages: [page(#"{"id":"u","@removed":{"reason":"deleted"}}"#)], .deltaLinkMissing,
      page: 1),
    .init("users as a delta", pages: [page(user("u1"))], .deltaLinkMissing, page: 1, format: .delta),
    .init(
      "delta nextLink without deltaLink",
      pages: [page("", #""@odata.nextLink":"https://graph/users/delta?$skiptoken=1","#), page(user("u1"))],
      .deltaLinkMissing, page: 2),
    .init(
      "delta out of order", pages: [page(user("u1"), deltaLink), page(user("u2"), next("2"))], .pageMissing, page: 1),
    .init("CSV and a page", pages: [header + good, page(user("u1"))], .inputFormat, page: 1),
    .init("page and a CSV", pages: [page(user("u1")), header + good], .inputFormat, page: 2),
    .init("two CSVs", pages: [header + good, header + good], .inputFormat, page: 1),
    .init("two NDJSON files", pages: [user("u1") + "\n", user("u2") + "\n"], .inputFormat, page: 1),
    .init("page and NDJSON", pages: [page(user("u1")), user("u2") + "\n"], .inputFormat, page: 2),
  ]
}

@Suite("Bad input")
struct BadInputTests {
  static let all =
    BadInput.text + BadInput.csv + BadInput.ndjson + BadInput.objects + BadInput.shapes + BadInput.answers

  @Test("is refused with its code, file and line", arguments: all)
  func refused(input: BadInput) throws {
    let scratch = try Scratch()
    let paths = try input.files.map { try scratch.write($0.name, $0.text) }
    expectFault(input.code, line: input.line) {
      do { _ = try DirectoryFiles.read(paths: paths, format: input.format) } catch let fault as Fault {
        #expect(fault.place?.file == scratch.file(input.file))
        #expect(!fault.sentence.contains("x.example"), "personal data in: \(fault)")
        throw fault
      }
    }
  }
}
