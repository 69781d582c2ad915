import JSON
import Testing

@Suite("JSON: writing")
struct JSONWriterTests {
  @Test("the pieces of a document are appended one after the other")
  func pieces() {
    let text = written { writer in
      writer.raw("{\"a\":" as StaticString)
      writer.integer(7)
      writer.raw(Array(",\"b\":".utf8))
      writer.raw("[1,2]".utf8.lazy.map { $0 })
      writer.raw(String(",\"c\":"))
      writer.string("x\"y")
      writer.raw(",\"d\":" as StaticString)
      writer.value([.null, true, false, .decimal("1.50")], canonical: false)
      writer.raw("}" as StaticString)
    }
    #expect(text == #"{"a":7,"b":[1,2],"c":"x\"y","d":[null,true,false,1.50]}"#)
    #expect(JSONWriter(reserving: 0).bytes.isEmpty)
  }

  @Test("whole numbers are written with all their digits, and no more")
  func integers() {
    var numbers: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      numbers += [power - 1, power, power + 1, 1 - power, -power, -power - 1]
    }
    for number in numbers {
      #expect(written { $0.integer(number) } == String(number))
      #expect(JSONValue.integer(number).text == String(number))
    }
    #expect(written { $0.integer(Int.min) } == String(Int.min))
  }

  @Test("strings are escaped at any place: first, last, alone, in a row")
  func strings() {
    let texts: [(String, String)] = [
      ("", #""""#), ("\"", #""\"""#), ("\\\\", #""\\\\""#), ("\na", #""\na""#), ("a\n", #""a\n""#),
      ("é\té", #""é\té""#),
      ("\u{0}\u{1F}", #""\u0000\u001f""#), ("/", #""/""#), ("</script>", #""</script>""#),
    ]
    for (text, wanted) in texts {
      #expect(written { $0.string(text) } == wanted)
      #expect(JSONValue.string(text).text == wanted)
    }
  }

  @Test("a compact text keeps the order of the members, a canonical one sorts them")
  func order() {
    let value: JSONValue = ["b": [["d": 1, "c": 2]], "a": .null]
    #expect(value.text == #"{"b":[{"d":1,"c":2}],"a":null}"#)
    #expect(written { $0.value(value, canonical: true) } == #"{"a":null,"b":[{"c":2,"d":1}]}"#)
  }
}
