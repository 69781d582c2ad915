import Base
import Testing

@Suite("Text in a path")
struct PathTextTests {
  @Test(
    "ids and domains are as they were",
    arguments: ["01f5b6e0-0000-4000-8000-00000000000a", "contoso.onmicrosoft.com", "A_b-9", ""])
  func safe(text: String) { #expect(text.isPathSafe && text.pathSafe == text) }

  @Test(
    "of anything else nothing stays that leaves its place",
    arguments: [
      ("a/b", "ab"), ("a b", "ab"), ("x')/y?$z#", "xyz"), ("käse", "kse"), ("٣", ""), ("a%2f", "a2f"), ("a\r\nb", "ab"),
    ])
  func unsafe(text: String, rest: String) { #expect(!text.isPathSafe && text.pathSafe == rest) }

  @Test("two points in a row lead upwards")
  func upwards() { #expect(!"a..b".isPathSafe && "a.b".isPathSafe) }
}
