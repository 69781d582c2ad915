import Base
import Expressions
import JSON
import Testing

@Suite("Bounds of expressions") struct ExpressionBoundTests {
  @Test("A value that grows beyond 64 KiB ends") func size() {
    let growing =
      String(repeating: #"Replace("#, count: 12) + "\"aaaa\"" + String(repeating: #", "a", , , "aaaa")"#, count: 12)
    #expect(failure(growing)?.sentence.contains("64 KiB") == true)
  }

  /// Each would be hundreds of megabytes if it were made before it is measured.
  @Test(
    "A value is not made that is too large, whichever way it comes about",
    arguments: [
      #"Replace([a], "a", , , [a], , )"#, #"Replace([a], , "a", , [a], , )"#,
      #"Replace([a], , "(?<g>a)", "g", [a], , )"#,
      #"Replace([a], "a", , , , , [a])"#, #"Replace([a], , "a", , "$_$_", , )"#, #"Replace([s], , "a", , [r], , )"#,
      #"Join([a], [l])"#, #"Append([a], Append([a], [a]))"#,
    ])
  func made(_ expression: String) {
    let attributes: JSONValue = [
      "a": .string(String(repeating: "a", count: 30_000)), "s": "a", "l": .array(Array(repeating: "b", count: 10_000)),
      "r": .string(String(repeating: "$&aaaaaaaa", count: 20_000)),
    ]
    #expect(failure(expression, attributes)?.sentence.contains("64 KiB") == true)
  }

  @Test("All values together are bounded") func sum() {
    let text: JSONValue = .string(String(repeating: "a", count: 30_000))
    let nested = String(repeating: "ToLower(", count: 40) + "[a]" + String(repeating: ")", count: 40)
    #expect(failure(nested, ["a": text])?.sentence.contains("1 MiB") == true)
  }

  /// Whatever the text is, it is read or refused with a place inside it, and evaluated or refused; the process lives.
  @Test("Spoiled expressions", arguments: 0..<40) func spoiled(_ seed: UInt64) {
    var chance = SeededGenerator(seed: seed)
    let sources = FunctionTests.examples.map(\.expression)
    for _ in 0..<250 {
      guard let source = sources.randomElement(using: &chance) else { continue }
      let text = spoil(source, sources, &chance)
      guard let error = failure(text, ["a": "x", "n": 5, "p": ["a", "b"], "IsSoftDeleted": true]) else { continue }
      #expect(error.place.line >= 1 && error.place.column >= 1, "\(text)")
      #expect(error.place.column <= text.unicodeScalars.count + 1, "\(text)")
      #expect(error.sentence.hasSuffix("."), "\(error.sentence)")
    }
  }

  private func spoil(_ source: String, _ others: [String], _ chance: inout SeededGenerator) -> String {
    var characters = Array(source)
    for _ in 0..<chance.number(in: 1...4) {
      let place = Int(chance.number(in: 0...Int64(characters.count)))
      switch chance.number(in: 0...4) {
      case 0 where place < characters.count: characters.remove(at: place)
      case 1: characters.insert(Array("()[],\"\\=<>&H9-\n😀é\u{0}").randomElement(using: &chance) ?? "(", at: place)
      case 2: characters.insert(contentsOf: Array(others.randomElement(using: &chance) ?? ""), at: place)
      case 3 where place < characters.count: characters[place] = Array("9-0[\"").randomElement(using: &chance) ?? "9"
      default: characters = Array(characters.prefix(place)) + Array(characters.suffix(3))
      }
    }
    return String(characters)
  }

  @Test(
    "Numbers at the ends of their range neither trap nor hang",
    arguments: ["9223372036854775807", "-9223372036854775808"])
  func extremes(_ number: String) {
    for text in [
      "Left(\"abc\", \(number))", "Mid(\"abc\", 1, \(number))", "Mid(\"abc\", \(number), 1)", "Item([p], \(number))",
      "Word(\"a b\", \(number), \" \")", "InStr(\"abc\", \"b\", \(number))",
      "DateAdd(\"yyyy\", \(number), \"2020-01-01\")",
      "DateAdd(\"m\", \(number), \"2020-01-01\")", "DateAdd(\"s\", \(number), \"2020-01-01\")",
      "DateFromNum(\(number))",
      "RandomString(\(number), \(number), 0, 0, 0)", "BitAnd(\(number), \(number))", "CBool(\(number))",
    ] { if let error = failure(text) { #expect(error.sentence.hasSuffix("."), "\(error)") } }
  }
}
