import Base
import Foundation
import Provisioning
import Testing

@testable import Directory

@Suite("Good input")
struct GoodInputTests {
  @Test("a CSV of Download users")
  func csv() throws {
    let text = #"""
      userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled,createdDateTime
      ada@x.example,"Lovelace, Ada ""Countess""",Lovelace,ada@x.example,Ada,ABCD-1,Member,"Two
      lines",'=1+1,True,2026-01-02T03:04:05Z
      bob@x.example,Bob,,,,abcd-2,Guest,,,FALSE,

      """#
    let changes = try read(text).changes
    #expect(try read(text).isSnapshot)
    #expect(changes.map(\.id) == ["abcd-1", "abcd-2"])
    #expect(changes.map(\.place.line) == [2, 4])
    #expect(
      changes[0].attributes == [
        .userPrincipalName: .text("ada@x.example"), .displayName: .text("Lovelace, Ada \"Countess\""),
        .surname: .text("Lovelace"), .mail: .text("ada@x.example"), .givenName: .text("Ada"),
        .userType: .text("Member"),
        .accountEnabled: .flag(true),
      ])
    #expect(
      changes[1].attributes == [
        .userPrincipalName: .text("bob@x.example"), .displayName: .text("Bob"), .surname: .cleared, .mail: .cleared,
        .givenName: .cleared, .userType: .text("Guest"), .accountEnabled: .flag(false),
      ])
  }

  static let csvForms: [(name: String, text: String)] = [
    ("LF", "id,userPrincipalName,accountEnabled\nu1,a,true\nu2,b,false\n"),
    ("CRLF", "id,userPrincipalName,accountEnabled\r\nu1,a,true\r\nu2,b,false\r\n"),
    ("mixed line ends", "id,userPrincipalName,accountEnabled\r\nu1,a,true\nu2,b,false\r\n"),
    ("byte order mark", "\u{FEFF}id,userPrincipalName,accountEnabled\r\nu1,a,true\r\nu2,b,false\r\n"),
    ("no last line end", "id,userPrincipalName,accountEnabled\nu1,a,true\nu2,b,false"),
    ("blank lines at the end", "id,userPrincipalName,accountEnabled\r\nu1,a,true\r\nu2,b,false\r\n\r\n\n"),
    ("another order and case", "ACCOUNTENABLED,Other,userprincipalname,ID\nTRUE,x,a,U1\nFalse,,b,u2\n"),
    ("all quoted", "\"id\",\"userPrincipalName\",\"accountEnabled\"\n\"u1\",\"a\",\"true\"\n\"u2\",\"b\",\"false\"\n"),
    ("empty column name twice", "id,userPrincipalName,accountEnabled,,\nu1,a,true,,\nu2,b,false,,\n"),
  ]

  @Test("forms of CSV", arguments: csvForms)
  func csvForm(name: String, text: String) throws {
    let changes = try read(text).changes
    #expect(changes.map(\.id) == ["u1", "u2"])
    #expect(changes.map { $0.attributes[.userPrincipalName] } == [.text("a"), .text("b")])
    #expect(changes.map { $0.attributes[.accountEnabled] } == [.flag(true), .flag(false)])
  }

  @Test("NDJSON: absent keeps, null and empty clear", arguments: ["\n", "\r\n"])
  func ndjson(lineEnd: String) throws {
    let lines = [
      ##"{"@odata.context":"https://graph/v1.0/$metadata#users/$entity","id":"U1","userPrincipalName":"a","mail":null}"##,
      #"{"displayName":"B","id":"u2","userPrincipalName":"b","surname":"","accountEnabled":false,"x":[{}]}"#,
    ]
    for tail in ["", lineEnd, lineEnd + lineEnd] {
      for mark in ["", "\u{FEFF}"] {
        let reading = try read(mark + lines.joined(separator: lineEnd) + tail)
        #expect(reading.isSnapshot)
        #expect(reading.ids == ["u1", "u2"])
        #expect(reading.changes[0].attributes == [.userPrincipalName: .text("a"), .mail: .cleared])
        #expect(
          reading.changes[1].attributes == [
            .userPrincipalName: .text("b"), .displayName: .text("B"), .surname: .cleared, .accountEnabled: .flag(false),
          ])
        #expect(reading.changes.map(\.place.line) == [1, 2])
      }
    }
  }

  @Test("identifiers are told apart by their bytes, not by canonical equivalence")
  func equivalence() throws {
    let composed = #"{"id":"\u00e9","userPrincipalName":"\u00e9@x"}"#
    let decomposed = #"{"id":"e\u0301","userPrincipalName":"e\u0301@x"}"#
    #expect(try read(composed + "\n" + decomposed).changes.count == 2)
  }

  // MARK: Pages

  static func page(_ ids: [String], _ rest: String = "") -> String {
    let users = ids.map { #"{"id":"\#($0)","userPrincipalName":"\#($0)@x"}"# }
    return "{\(rest)\"value\":[\(users.joined(separator: ","))]}"
  }

  static func next(_ name: String) -> String { #""@odata.nextLink":"https://graph/v1.0/users?$skiptoken=\#(name)","# }

  @Test("pages of a snapshot: a single one, some of them empty, with counts and contexts")
  func pages() throws {
    let context = ##""@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users(id,displayName)","##
    #expect(try read(GoodInputTests.page(["u1"], context)).ids == ["u1"])
    let scratch = try Scratch()
    let paths = [
      try scratch.write(
        "x", GoodInputTests.page(["u1", "u2"], context + #""@odata.count":3,"# + GoodInputTests.next("2"))),
      try scratch.write("a", "\u{FEFF}" + GoodInputTests.page([], GoodInputTests.next("3"))),
      try scratch.write("m", GoodInputTests.page(["u3"]) + "\n"),
    ]
    let reading = try DirectoryFiles.read(paths: paths)
    #expect(reading.isSnapshot)
    #expect(reading.ids == ["u1", "u2", "u3"])
    // The order of a snapshot's pages means nothing.
    #expect(try DirectoryFiles.read(paths: paths.reversed()).ids == ["u3", "u1", "u2"])
  }

  @Test("a pretty-printed page names the lines of its objects")
  func prettyPage() throws {
    let text = """
      {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users",
        "value": [
          {
            "id": "u1",
            "userPrincipalName": "a",
            "@odata.type": "#microsoft.graph.user"
          },
          { "id": "u2", "userPrincipalName": "b", "accountEnabled": true }
        ]
      }
      """
    #expect(try read(text).changes.map(\.place.line) == [4, 9])
    #expect(try read("\u{FEFF}" + text.replacing("\n", with: "\r\n")).changes.map(\.place.line) == [4, 9])
  }

  @Test("a folder's pages come in natural order, hidden files aside")
  func naturalOrder() throws {
    let scratch = try Scratch()
    try scratch.write(".DS_Store", "x")
    try scratch.write("page10.json", GoodInputTests.page(["u10"]))
    for number in 1...9 {
      try scratch.write("page\(number).json", GoodInputTests.page(["u\(number)"], GoodInputTests.next("\(number + 1)")))
    }
    #expect(try DirectoryFiles.read(paths: [scratch.path]).ids == (1...10).map { "u\($0)" })
    #expect(
      try DirectoryFiles.read(paths: [scratch.path + "/"]).changes.first?.place.file == scratch.file("page1.json"))
  }

  @Test("natural order is a strict order")
  func order() {
    let sorted = [
      "", "1", "2", "02", "10", "a", "a1b2", "a1b10", "a2", "a10", "a99999999999999999999998",
      "a99999999999999999999999",
      "a100000000000000000000000", "b", "page.json", "page1.json", "page02.json", "page2.json", "page10.json",
    ]
    for (i, left) in sorted.enumerated() where left != "02" {
      for (j, right) in sorted.enumerated() where right != "02" {
        // Numbers of equal value go by their bytes, so "page02" stands before "page2".
        #expect(naturallyPrecedes(left, right) == (i < j), "\(left) \(right)")
      }
    }
    #expect(naturallyPrecedes("02", "2") && !naturallyPrecedes("2", "02"))
  }

  // MARK: Delta

  @Test("a delta is merged in order: the last word on each attribute and on the state counts")
  func delta() throws {
    let scratch = try Scratch()
    try scratch.write(
      "d2.json",
      #"""
      {"@odata.nextLink":"https://graph/users/delta?$skiptoken=b","value":[
      {"id":"u1","displayName":"Old","mail":"m"}, {"id":"u2","@removed":{"reason":"changed"}},
      {"id":"u3","surname":"S"}, {"id":"u4","@removed":{"reason":"changed"}} ]}
      """#)
    try scratch.write(
      "d11.json",
      #"""
      {"value":[{"id":"U1","displayName":"New","givenName":null},{"id":"u2","displayName":"Back"},
      {"id":"u3","@removed":{"reason":"changed"}},{"id":"u4","@removed":{"reason":"deleted"}}],
      "@odata.deltaLink":"https://graph/users/delta?$deltatoken=z"}
      """#)
    let reading = try DirectoryFiles.read(paths: [scratch.path])
    #expect(reading.kind == .delta(link: "https://graph/users/delta?$deltatoken=z"))
    #expect(reading.ids == ["u1", "u2", "u3", "u4"])
    #expect(reading.changes.map(\.state) == [.present, .present, .softDeleted, .deleted])
    #expect(
      reading.changes[0].attributes == [.displayName: .text("New"), .mail: .text("m"), .givenName: .cleared])
    #expect(reading.changes[1].attributes == [.displayName: .text("Back")])
    #expect(reading.changes[2].attributes == [.surname: .text("S")])
    #expect(reading.changes[2].place == .init(file: scratch.file("d11.json"), line: 2))
  }

  @Test("a delta may be empty, and the format may be named", arguments: [nil, DirectoryFormat.graph, .delta])
  func emptyDelta(format: DirectoryFormat?) throws {
    let reading = try read(#"{"@odata.deltaLink":"l","value":[]}"#, format: format)
    #expect(reading == DirectoryReading(kind: .delta(link: "l"), changes: []))
  }

  @Test("progress ends with all bytes")
  func progress() throws {
    let scratch = try Scratch()
    let text = "id,userPrincipalName,accountEnabled\n" + (1...9000).map { "u\($0),n\($0),true\n" }.joined()
    var seen: [DirectoryProgress] = []
    let reading = try DirectoryFiles.read(paths: [scratch.write("a", text)]) { seen.append($0) }
    #expect(reading.changes.count == 9000)
    #expect(seen.count > 1)
    #expect(seen.map(\.bytes) == seen.map(\.bytes).sorted())
    #expect(seen.last == DirectoryProgress(bytes: text.utf8.count, total: text.utf8.count))
  }
}
