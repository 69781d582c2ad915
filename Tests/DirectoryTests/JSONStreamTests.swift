import Base
import JSON
import Provisioning
import Testing

@testable import Directory

/// What a document comes to, however it is cut into pieces.
@Suite("JSON in pieces")
struct JSONStreamTests {
  /// The parts of a document as text, and why it ends, with its place in the whole.
  private static func parts(_ document: [UInt8], cut cuts: [Int]) -> [String] {
    var stream = JSONStream(elementBound: 24, memberBound: 40)
    var parts: [String] = []
    var (bytes, dropped): ([UInt8], Int) = ([], 0)
    var pieces = zip([0] + cuts, cuts + [document.count]).map { document[$0..<$1] }[...]
    var isEnd = false
    while true {
      do {
        switch try stream.next(in: bytes, isEnd: isEnd) {
        case .element(let range): parts.append(String(decoding: bytes[range], as: UTF8.self))
        case .member(let name, let range): parts.append("\(name)=" + String(decoding: bytes[range], as: UTF8.self))
        case .end: return parts + ["end"]
        case nil:
          dropped += stream.position
          bytes.removeSubrange(..<stream.position)
          stream.drop()
          if let piece = pieces.popFirst() { bytes += piece } else { isEnd = true }
        }
      } catch let error as JSONError {
        return parts + ["\(error.reason) at \(dropped + error.offset)"]
      } catch let misfit as JSONStream.Misfit {
        return parts + ["\(misfit.kind) at \(dropped + misfit.offset)"]
      } catch {
        return parts + ["\(error)"]
      }
    }
  }

  static let documents: [(text: String, parts: [String])] = [
    (
      #" { "a" : -1.5e3 , "value" : [ {"é":"\u00e9\"]"} , {} ] , "b":true } "#,
      ["a=-1.5e3", #"{"é":"\u00e9\"]"}"#, "{}", "b=true", "end"]
    ),
    (#"[{"x":[1,{"y":null}]},{}]"#, [#"{"x":[1,{"y":null}]}"#, "{}", "end"]),
    (#"{"value":[]}"#, ["end"]),
    ("[]\n", ["end"]),
    ("{}", ["end"]),
    (#"{"count":123}"#, ["count=123", "end"]),
    (#"{"c":12x}"#, [#"c=12"#, #"unexpected("a comma or the end of the object") at 7"#]),
    ("", ["truncated at 0"]),
    (#"[{},"#, ["{}", "truncated at 4"]),
    (#"[{}]1"#, ["{}", "trailing at 4"]),
    (#"[{}{}]"#, ["{}", #"unexpected("a comma or the end of the array") at 3"#]),
    (#"[{"a":01}]"#, [#"unexpected("a number without leading zeros") at 6"#]),
    (#"[{},]"#, ["{}", "noObject at 4"]),
    (#"{"a":1,}"#, ["a=1", #"unexpected("a member name in quotes") at 7"#]),
    (#"{"value":[],"value":[]}"#, [#"duplicateName("value") at 12"#]),
    (#"{"a":1,"a":2}"#, ["a=1", #"duplicateName("a") at 7"#]),
    (#"12"#, ["noDocument at 0"]),
    (#"{"value":{}}"#, ["noArray at 9"]),
    (#"[{},7]"#, ["{}", "noObject at 4"]),
    (#"[{"a":"0123456789abcde"}]"#, [#"{"a":"0123456789abcde"}"#, "end"]),
    (#"[{"a":"0123456789abcdefg"}]"#, ["largeElement at 1"]),
    (#"[{"a":"0123456789abcdefghijklmnopqrstuv"#, ["largeElement at 1"]),
    (
      #"{"a":"0123456789","b":"0123456789","c":"0123456789"}"#,
      [
        #"a="0123456789""#, #"b="0123456789""#, "largeMembers at 35",
      ]
    ),
    (#"{"a":"0123456789012345678901234567890123456789""#, ["largeMembers at 1"]),
  ]

  @Test("every cut gives the same parts and the same end", arguments: documents)
  func cuts(text: String, parts: [String]) {
    let bytes = Array(text.utf8)
    #expect(Self.parts(bytes, cut: []) == parts)
    #expect(Self.parts(bytes, cut: Array(0..<bytes.count)) == parts)
    for one in bytes.indices {
      for two in one..<bytes.count { #expect(Self.parts(bytes, cut: [one, two]) == parts, "cut at \(one) and \(two)") }
    }
  }

  @Test("what is nested too deep is refused, in an element and beside the array")
  func depth() {
    for start in [#"[{"#, "{"] {
      let bytes = Array((start + #""a":"# + String(repeating: "[", count: 100)).utf8)
      var stream = JSONStream(elementBound: 1000, memberBound: 1000)
      #expect(throws: JSONError.self) { try stream.next(in: bytes, isEnd: false) }
    }
  }

  @Test("where characters end, a cut one waits for its last bytes")
  func characters() {
    for (text, ends) in [("a", [0, 1]), ("é", [0, 0, 2]), ("€", [0, 0, 0, 3]), ("😀", [0, 0, 0, 0, 4])] {
      let bytes = Array(text.utf8)
      #expect((0...bytes.count).map { Array(bytes[..<$0]).endOfWholeCharacters } == ends)
    }
    #expect([0x80, 0x80, 0x80].endOfWholeCharacters == 3)
  }
}
