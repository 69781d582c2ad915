import SCIM
import Testing

@Suite("Filters")
struct FilterTests {
  static let values = [
    "mia@corp.example", "", "a b", #"say "hi""#, #"back\slash"#, #"" or userName pr ""#, "tab\tline\n", "Jürgen é", "𝔘",
  ]

  @Test("a value survives, whatever it holds", arguments: values, Filter.Operator.allCases)
  func roundTrip(value: String, comparison: Filter.Operator) throws {
    let filter = Filter("userName", comparison, value)
    #expect(try Filter(parsing: filter.text) == filter)
  }

  @Test("white space and the operator's case do not matter")
  func lenient() throws {
    #expect(try Filter(parsing: #"  emails.value   EQ  "x"  "#) == Filter("emails.value", .eq, "x"))
    #expect(try Filter(parsing: #"emails.value sw "\u0041""#) == Filter("emails.value", .sw, "A"))
  }

  static let refused = [
    "", " ", "userName", "userName eq", #"userName pr"#, #"userName gt "a""#, #"userName eq a"#, #"userName eq 'a'"#,
    #"userName eq "a"#, #"userName eq "a" and active eq true"#, #"userName eq "a" or userName eq "b""#,
    #"not (userName eq "a")"#, #"(userName eq "a")"#, #"emails[type eq "work"].value eq "a""#, "active eq true",
    "userName eq null", "userName eq 1", #"userName eq ["a"]"#, #"userName eq {"a":"b"}"#, #"1a eq "b""#,
    #"user name eq "a""#, #"userName eq "a" "b""#, #"userName eq "\x""#, #"userName eq "\ud800""#, "\u{0} eq \"a\"",
    #"usér eq "a""#,
  ]

  @Test("anything but one comparison with a string is refused", arguments: refused)
  func refuses(text: String) {
    #expect(throws: SCIMParseError.self) { try Filter(parsing: text) }
  }

  @Test("a filter is bounded")
  func bounded() {
    let long = Filter("userName", .eq, String(repeating: "x", count: Filter.byteLimit)).text
    #expect(throws: SCIMParseError.filter("is longer than 4096 bytes")) { try Filter(parsing: long) }
  }
}
