import Base
import SCIM
import Testing

@Suite("SCIM: filters (RFC 7644 section 3.4.2.2)")
struct SCIMFilterTests {
  static let values = [
    "mia@corp.example", "", "a b", " a ", #"say "hi""#, #"back\slash"#, #"\"#, #"" or userName pr ""#,
    "tab\tline\n\r\u{0}",
    "Jürgen é", "e\u{301}", "𝔘", "\u{FEFF}x\u{2028}", "%22", "'", "(a)[b]{c}",
  ]

  @Test("a value survives, whatever it holds", arguments: values, Filter.Operator.allCases)
  func roundTrip(value: String, comparison: Filter.Operator) throws {
    let filter = Filter("userName", comparison, value)
    let read = try Filter(parsing: filter.text)
    #expect(read == filter && Array(read.value.utf8) == Array(value.utf8))
  }

  static let texts: [(Filter, String)] = [
    (Filter("userName", .eq, "a"), #"userName eq "a""#), (Filter("emails.value", .sw, ""), #"emails.value sw """#),
    (Filter("userName", .ne, #"a"b\c"#), #"userName ne "a\"b\\c""#), (Filter("id", .co, "é\n"), #"id co "é\n""#),
  ]

  @Test("a filter is written with its value as a JSON string", arguments: texts)
  func written(filter: Filter, text: String) { #expect(filter.text == text) }

  static let lenient: [(String, Filter)] = [
    (#"  emails.value   EQ  "x"  "#, Filter("emails.value", .eq, "x")),
    (#"emails.value sw "\u0041\/""#, Filter("emails.value", .sw, "A/")), (#"a Co "x""#, Filter("a", .co, "x")),
    (#"USERNAME eW "x""#, Filter("USERNAME", .ew, "x")), ("a ne \t\n\"x\"\r", Filter("a", .ne, "x")),
  ]

  @Test("white space and the operator's case do not matter", arguments: lenient)
  func reads(text: String, filter: Filter) throws { #expect(try Filter(parsing: text) == filter) }

  static let attributes = [
    "a", "Z", "userName", "emails.value", "name.givenName", "x-y_z9",
    "urn:ietf:params:scim:schemas:core:2.0:User:userName",
    "urn:ietf:params:scim:schemas:extension:teamviewer:1.0:SsoUser:ssoCustomerId",
  ]

  @Test("attributes are names, paths of names, and names behind a schema", arguments: attributes)
  func attribute(name: String) throws {
    #expect(try Filter(parsing: "\(name) eq \"x\"") == Filter(name, .eq, "x"))
  }

  static let badAttributes = [
    "1a", "-a", "_a", ".a", ":a", "\"a\"", "a$", "a/b", "a,b", "a[b]", "(a", "usér", "é", "a\u{0}", "a\tb", "@", "[",
    "`", "{",
    "K\u{212A}", "a.", "a:", "a..b", "a.:b", "emails.",
  ]

  @Test("anything else is no attribute", arguments: badAttributes)
  func refusesAttribute(name: String) {
    #expect(throws: SCIMParseError.filter("begins with no attribute name")) { try Filter(parsing: "\(name) eq \"x\"") }
  }

  static let badOperators = [
    "userName", "userName ", "userName pr", #"userName gt "a""#, #"userName ge "a""#, #"userName lt "a""#,
    #"userName le "a""#,
    #"userName = "a""#, #"userName == "a""#, #"userName "a""#, #"userName eqq "a""#, #"userName e q "a""#,
    #"userName eq"a""#,
    #"userName not eq "a""#, "userName eq\t\"a\"", #"user name eq "a""#, "userName \u{212A} \"a\"",
  ]

  @Test("other operators are refused, also those of the RFC that TeamViewer does not know", arguments: badOperators)
  func refusesOperator(text: String) {
    #expect(throws: SCIMParseError.filter("has no operator eq, ne, co, sw or ew")) { try Filter(parsing: text) }
  }

  static let badValues = [
    "userName eq", "userName eq ", "userName eq a", "userName eq 'a'", #"userName eq "a"#, #"userName eq a""#,
    "userName eq null",
    "userName eq true", "userName eq 1", "userName eq -1.5", #"userName eq ["a"]"#, #"userName eq {"a":"b"}"#,
    "userName eq [[]]",
    #"userName eq "a" and active eq true"#, #"userName eq "a" or userName eq "b""#, #"userName eq "a" "b""#,
    #"userName eq "a")"#,
    #"userName eq ("a")"#, #"userName eq "\x""#, #"userName eq "\ud800""#, "userName eq \"a\nb\"", #"userName eq “a”"#,
  ]

  @Test("the rest is one string in double quotes: no literal, no list, no second comparison", arguments: badValues)
  func refusesValue(text: String) {
    #expect(throws: SCIMParseError.filter("does not end with one string in double quotes")) {
      try Filter(parsing: text)
    }
  }

  static let groups = [
    #"not (userName eq "a")"#, #"(userName eq "a")"#, #"((userName eq "a") and (id eq "b"))"#,
    #"emails[type eq "work"].value eq "a""#, #"emails[type eq "work" and value co "@"]"#, "", " ",
  ]

  @Test("groups, negations and value paths are refused", arguments: groups)
  func refusesGroup(text: String) { #expect(throws: SCIMParseError.self) { try Filter(parsing: text) } }

  @Test("every proper prefix of a filter is refused")
  func prefixesAreRefused() {
    for part in prefixes(#"emails.value eq "mia \" \\ é \u00e9 😀""#) {
      #expect(throws: SCIMParseError.self, "\(part)") { try Filter(parsing: part) }
    }
  }

  @Test("a filter is bounded to the byte")
  func bounded() throws {
    let start = #"userName eq ""#
    let room = Filter.byteLimit - start.utf8.count - 1
    for value in [String(repeating: "x", count: room), String(repeating: "é", count: room / 2)] {
      #expect(try Filter(parsing: start + value + "\"").value == value)
      #expect(throws: SCIMParseError.filter("is longer than 4096 bytes")) {
        try Filter(parsing: start + value + "xx\"")
      }
    }
  }

  @Test("random damage is refused, or leaves a filter that survives", arguments: 1...20 as ClosedRange<UInt64>)
  func damage(seed: UInt64) {
    var dice = Dice(seed: seed)
    let text = Array(#"emails.value eq "mia \"x\" \u00e9 é""#)
    let pieces: [Character] = ["\"", "\\", " ", "e", "q", ".", "é", "\u{0}", "(", "[", "😀", "\n", "1"]
    for _ in 0..<300 {
      var spoilt = text
      for _ in 0..<dice.pick([1, 2, 3]) { spoilt[Int.random(in: 0..<spoilt.count, using: &dice)] = dice.pick(pieces) }
      guard let filter = try? Filter(parsing: String(spoilt)) else { continue }
      #expect((try? Filter(parsing: filter.text)) == filter, "\(String(spoilt))")
    }
  }
}
