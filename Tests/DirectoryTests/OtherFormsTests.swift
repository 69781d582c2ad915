import Base
import Provisioning
import Testing

@testable import Directory

/// Forms that command lines and spreadsheets give, beside those that Entra and Graph document.
@Suite("Other forms of an export")
struct OtherFormsTests {
  static let headers = [
    " id , userPrincipalName,accountEnabled ", "objectId,userPrincipalName,accountEnabled",
    "\"id \",\" userPrincipalName\",accountenabled",
  ]

  @Test("a header with blanks round its names, and the portal's objectId", arguments: headers)
  func header(_ header: String) throws {
    let changes = try read("\(header)\nu1,a,true\nu2,b,false\n").changes
    #expect(changes.map(\.id) == ["u1", "u2"])
    #expect(changes.map { $0.attributes[.accountEnabled] } == [.flag(true), .flag(false)])
  }

  private static let users = #"""
    {"id":"u1","userPrincipalName":"a","accountEnabled":true},{"id":"u2","userPrincipalName":"b","accountEnabled":false}
    """#
  private static let pascal = #"""
    {"Id":"U1","UserPrincipalName":"a","AccountEnabled":true,"Mail":null},
    {"Id":"u2","UserPrincipalName":"b","AccountEnabled":false}
    """#

  static let forms: [(name: String, text: String)] = [
    ("a JSON array", "[\(users)]"),
    ("an array with a byte order mark", "\u{FEFF}[\(users)]"),
    ("an array of PowerShell's objects", "[\(pascal)]"),
    ("PowerShell's value and count", #"{"value":[\#(users)],"Count":2}"#),
    ("PowerShell's count first", #"{"Count":2,"value":[\#(pascal)]}"#),
    ("PowerShell's objects, one a line", pascal.replacing(",\n", with: "\n")),
  ]

  @Test("command lines' JSON is a snapshot like any other", arguments: forms)
  func form(name: String, text: String) throws {
    let reading = try read(text)
    #expect(reading.isSnapshot && reading.ids == ["u1", "u2"], "\(name)")
    #expect(reading.changes.map { $0.attributes[.userPrincipalName] } == [.text("a"), .text("b")])
    #expect(reading.changes.map { $0.attributes[.accountEnabled] } == [.flag(true), .flag(false)])
  }

  @Test("an array stands alone, and an empty one would make everybody a leaver")
  func array() throws {
    expectFault(.noPeople) { _ = try read("[]") }
    let scratch = try Scratch()
    let paths = [try scratch.write("a", "[\(Self.users)]"), try scratch.write("b", "[\(Self.users)]")]
    expectFault(.inputFormat) { _ = try readFiles(paths, Limits()) }
  }

  @Test("what says of itself that it is deleted is deleted")
  func deleted() throws {
    let deleted = #"{"id":"u3","userPrincipalName":"c","deletedDateTime":"2026-11-01T00:00:00Z"}"#
    let mixed = try read(#"{"value":[\#(Self.users),\#(deleted)]}"#)
    #expect(mixed.isSnapshot && mixed.changes.map(\.state) == [.present, .present, .softDeleted])
    let context = "https://graph.microsoft.com/v1.0/$metadata#directoryObjects/$entity"
    let bin = try read(#"{"@odata.context":"\#(context)","value":[\#(deleted)]}"#)
    #expect(bin.kind == .partial && bin.changes.map(\.state) == [.softDeleted])
    #expect(try read(#"{"value":[{"id":"u4","userPrincipalName":"d","deletedDateTime":null}]}"#).isSnapshot)
  }
}
