import JSON
import Testing

@Suite("JSON: nesting is bounded (RFC 8259 section 9)")
struct JSONDepthTests {
  static let brackets = [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]"), (" [ 1 , ", " ]")]

  private func nested(_ count: Int, _ opening: String, _ closing: String) -> String {
    String(repeating: opening, count: count) + "[]" + String(repeating: closing, count: count)
  }

  @Test("exactly the limit is accepted, one more is refused at its bracket", arguments: brackets, [0, 1, 3, 31])
  func limit(brackets: (opening: String, closing: String), count: Int) {
    let perRound = brackets.opening.utf8.filter { Array("[{".utf8).contains($0) }.count
    let bytes = Array(nested(count, brackets.opening, brackets.closing).utf8)
    let limit = count * perRound
    let tooDeep = JSONError(.tooDeep(limit: limit), offset: count * brackets.opening.utf8.count)
    #expect(outcome(bytes, depthLimit: limit) == .failure(tooDeep))
    #expect((try? outcome(bytes, depthLimit: limit + 1).get()) != nil)
  }

  @Test("64 levels are accepted unless the caller says otherwise")
  func defaultLimit() {
    #expect((try? JSONParser.parse(nested(63, "[", "]").utf8)) != nil)
    expectRefused(nested(64, "[", "]"), .tooDeep(limit: 64), at: 64)
  }

  @Test("scalars need no nesting, and a limit of nought allows only them")
  func nought() {
    for text in ["null", "-1", "\"[[[\""] { #expect((try? outcome(Array(text.utf8), depthLimit: 0).get()) != nil) }
    for text in ["[]", "{}"] {
      #expect(outcome(Array(text.utf8), depthLimit: 0) == .failure(JSONError(.tooDeep(limit: 0), offset: 0)))
    }
  }

  @Test("brackets that are closed again do not count")
  func siblings() {
    let text = "[" + Array(repeating: "[],{},[[]],{\"a\":{}}", count: 100).joined(separator: ",") + "]"
    #expect((try? outcome(Array(text.utf8), depthLimit: 3).get())?.array?.count == 400)
    #expect((try? pull(Array(text.utf8)) { try $0.skip() }) == 0..<text.utf8.count)
  }

  @Test("nesting far over the limit is refused without exhausting the stack", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func hostile(opening: String) {
    let bytes = Array(String(repeating: opening, count: 100_000).utf8)
    let limit = JSONParser.defaultDepthLimit
    let brackets = opening.utf8.filter { Array("[{".utf8).contains($0) }.count
    let error = JSONError(.tooDeep(limit: limit), offset: limit / brackets * opening.utf8.count)
    #expect(throws: error) { try JSONParser.parse(bytes) }
    #expect(throws: error) { try pull(bytes) { try $0.skip() } }
  }
}
