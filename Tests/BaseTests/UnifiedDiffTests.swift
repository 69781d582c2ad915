import Base
import Testing

@Suite("Unified differences") struct UnifiedDiffTests {
  private func diff(_ old: String, _ new: String, context: Int = 3) -> [String] {
    func lines(_ text: String) -> [String] { text.map(String.init) }
    return UnifiedDiff.lines(from: lines(old), to: lines(new), context: context)
  }

  @Test("Equal texts differ in nothing; what is new or gone stands with its lines around it") func forms() {
    #expect(diff("abc", "abc") == [] && diff("", "") == [])
    #expect(diff("", "ab") == ["@@ -0,0 +1,2 @@", "+a", "+b"])
    #expect(diff("ab", "") == ["@@ -1,2 +0,0 @@", "-a", "-b"])
    #expect(
      diff("abcdefghi", "abcdXfghi") == ["@@ -2,7 +2,7 @@", " b", " c", " d", "-e", "+X", " f", " g", " h"])
    #expect(diff("a", "ab", context: 0) == ["@@ -1,0 +2 @@", "+b"])
  }

  @Test("Changes far from each other are hunks of their own, near ones one hunk") func hunks() {
    let old = "abcdefghijklmnopqrst"
    #expect(diff(old, old.replacing("b", with: "X").replacing("s", with: "Y")).count { $0.hasPrefix("@@") } == 2)
    #expect(diff(old, old.replacing("b", with: "X").replacing("h", with: "Y")).count { $0.hasPrefix("@@") } == 1)
  }

  @Test("A difference, applied, makes the new text of the old one", arguments: UInt64(0)..<200) func applied(
    seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    func text() -> [String] {
      (0..<Int.random(in: 0...30, using: &generator)).map { _ in
        String(["a", "b", "c", "d"].randomElement(using: &generator) ?? "a")
      }
    }
    let (old, new) = (text(), text())
    var (result, place) = ([String](), 0)
    for line in UnifiedDiff.lines(from: old, to: new) {
      if line.hasPrefix("@@") {
        let numbers = line.split(separator: " ")[1].dropFirst().split(separator: ",").compactMap { Int($0) }
        let start = numbers.count > 1 && numbers[1] == 0 ? numbers[0] : numbers[0] - 1
        result += old[place..<start]
        place = start
      } else {
        if !line.hasPrefix("-") { result.append(String(line.dropFirst())) }
        if !line.hasPrefix("+") { place += 1 }
      }
    }
    #expect(result + old[place...] == new)
  }
}
