import Base
import Testing

/// Each of the ways in which a secret arrives otherwise than it was meant.
@Suite("Secrets as they are found")
struct SecretTextTests {
  static let taken: [(name: String, bytes: [UInt8], extras: Set<SecretText.Extra>)] = [
    ("as it should be", Array("12345-abc\n".utf8), []),
    ("without a line end", Array("12345-abc".utf8), []),
    ("a byte order mark", [0xEF, 0xBB, 0xBF] + Array("12345-abc\n".utf8), [.byteOrderMark]),
    ("a Windows line end", Array("12345-abc\r\n".utf8), [.carriageReturn]),
    ("blanks", Array("\n \t12345-abc  \n\n".utf8), [.blanks]),
    ("quotes", Array("\"12345-abc\"\n".utf8), [.quotes]),
    ("single quotes", Array("'12345-abc'".utf8), [.quotes]),
    ("a header's value", Array("Bearer 12345-abc\n".utf8), [.bearer]),
    (
      "all of it", [0xEF, 0xBB, 0xBF] + Array(" \" bearer  12345-abc \" \r\n".utf8),
      [.byteOrderMark, .carriageReturn, .blanks, .quotes, .bearer]
    ),
  ]

  @Test("what plainly is no part of a token is left off, and told", arguments: taken)
  func takes(name: String, bytes: [UInt8], extras: Set<SecretText.Extra>) throws {
    let token = try SecretText(bytes).token()
    #expect(token.text == "12345-abc" && token.extras == extras)
  }

  static let refused: [(name: String, bytes: [UInt8], objection: SecretText.Objection)] = [
    ("nothing", [], .empty), ("blanks alone", Array(" \r\n\t".utf8), .empty),
    ("quotes alone", Array("\"\"".utf8), .empty),
    ("the word alone", Array("Bearer \n".utf8), .empty),
    ("two tokens", Array("abc\ndef\n".utf8), .lines(2)),
    ("UTF-16", [0xFF, 0xFE, 0x61, 0, 0x62, 0], .encoding), ("a binary", [0x61, 0xC3, 0x28], .encoding),
    ("a blank inside", Array("ab cd".utf8), .character(3)), ("an umlaut", Array("schlüssel".utf8), .character(5)),
    ("NUL", Array("ab\u{0}".utf8), .character(3)), ("one quote", Array("“abc”".utf8), .character(1)),
    ("a zero-width space", Array("abc\u{200B}".utf8), .character(4)),
  ]

  @Test("what can be no token is refused as what it is", arguments: refused)
  func refuses(name: String, bytes: [UInt8], objection: SecretText.Objection) {
    let found = #expect(throws: SecretText.Objection.self) { try SecretText(bytes).token() }
    #expect(found == objection)
    #expect(!"\(objection)".isEmpty && !"\(objection)".contains("abc"))
  }

  @Test("a secret that is no token may hold blanks and other letters")
  func line() throws {
    #expect(try SecretText(Array("ann:pass wörd\r\n".utf8)).text == "ann:pass wörd")
    #expect(try SecretText(Array("Bearer x".utf8)).text == "Bearer x")
  }
}
