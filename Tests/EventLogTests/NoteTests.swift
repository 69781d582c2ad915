import Base
import Foundation
import LogSupport
import Testing

@testable import EventLog

/// Vectors: notes as OpenSSL signs them with the Ed25519 key of seed 00 to 1f, a cosignature as PyPI's cryptography
/// makes it with seed 20 to 3f, and C2SP's own example.
@Suite struct NoteTests {
  static let key = LogKey(name: "ledger.example/test", seed: Array(0...0x1f))
  static let witness = "witness.example/w1+20324abe+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
  static let seven = """
    ledger.example/test
    7
    3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=

    — ledger.example/test eoZAmfHP8jG++/PAKyhExUy8YNFShWVhdc4NcnVAza86ZIqY4ivho6vd2zqxlQKjCBf6KOVTtTYpxIZeK1ylIi1sAwU=

    """
  static let cosignature = """
    — witness.example/w1 IDJKvgAAAABlU/EA5kzfh5rOWGNFicHVA6ObmEryD5E3zu5wRerjjlXNI9rgF0vQ81QzGQO1lv5DV8IT/AjV0QvPU+8VpYefJgSoBA==

    """

  static func note(_ text: String) throws -> SignedNote { try SignedNote(Array(text.utf8)) }

  @Test("the key of the vector has its id and its vkey, and reads back")
  func key() throws {
    let key = try #require(Self.key).verifier
    #expect(Hex.text(key.id) == "7a864099")
    #expect(key.text == "ledger.example/test+7a864099+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
    #expect(try VerifierKey(text: key.text) == key)
    let witness = try VerifierKey(text: Self.witness)
    #expect(witness.kind == .cosignature)
    #expect(witness.text == Self.witness)
  }

  @Test(
    "what is no vkey is refused",
    arguments: [
      "", "a", "a+b", "ledger.example/test+7a864098+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
      "ledger.example/test+7A864099+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
      "other+7a864099+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "ledger.example/test+7a864099+AQOhB7/z",
      "ledger.example/test+7a864099+CQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", "+7a864099+AQ==",
    ])
  func badKeys(text: String) {
    #expect { try VerifierKey(text: text) } throws: { ($0 as? Fault)?.code == .verifierKeyInvalid }
  }

  @Test(
    "the checkpoints of the vectors verify",
    arguments: [
      (
        7, "3bib5AOAnjJXUNPSY814kpwpQreUKjS3fhIslZSnTIw=",
        "eoZAmfHP8jG++/PAKyhExUy8YNFShWVhdc4NcnVAza86ZIqY4ivho6vd2zqxlQKjCBf6KOVTtTYpxIZeK1ylIi1sAwU="
      ),
      (
        0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "eoZAmd08XURqNuuuTvtNFx5gPYfWqYL/EXmZbnaj5dPEXIXAVIL3Dh0f0wLTRLmiHyG7MTgutXC8MNRZGOl/L29zhAM="
      ),
      (
        8, "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=",
        "eoZAmaV/in0IDskMWnTG5SPMud1pvqheHJWaiVUrPEZFFSyqbLbL7qfg3L+D2FQECtirtiNxpVrnGVJRgUfXThQJNgc="
      ),
    ] as [(Int64, String, String)])
  func checkpoints(size: Int64, root: String, signature: String) throws {
    let text = "ledger.example/test\n\(size)\n\(root)\n\n— ledger.example/test \(signature)\n"
    let key = try #require(Self.key)
    let signed = try SignedCheckpoint(try Self.note(text))
    #expect(try signed.note.verify(with: [key.verifier]) == ["ledger.example/test"])
    #expect(signed.size == size)
    #expect(signed.checkpoint.root.base64 == root)
    #expect(signed.note.description == text)
    let mine = try SignedNote(signed.checkpoint.text, signedBy: [key])
    #expect(try mine.verify(with: [key.verifier]) == ["ledger.example/test"])
  }

  @Test("C2SP's published example verifies")
  func published() throws {
    let key = try VerifierKey(text: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    let note = try Self.note(
      """
      This is an example message.

      — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

      """)
    #expect(try note.verify(with: [key]) == ["example.com/foo"])
    #expect { try SignedCheckpoint(note) } throws: { ($0 as? Fault)?.code == .noteInvalid }
  }

  @Test("a witness's cosignature counts beside the log's signature, and alone")
  func cosigned() throws {
    let note = try Self.note(Self.seven + Self.cosignature)
    let (key, witness) = (try #require(Self.key).verifier, try VerifierKey(text: Self.witness))
    #expect(try note.verify(with: [key, witness]) == ["ledger.example/test", "witness.example/w1"])
    #expect(try note.verify(with: [witness]) == ["witness.example/w1"])
  }

  @Test("unknown signatures are not looked at, a wrong one of a known key ends it, none known is not enough")
  func rules() throws {
    let key = try #require(Self.key).verifier
    let stranger = try LogKey(origin: "other")
    let other = try SignedNote("x\n", signedBy: [stranger]).signatures.map(\.line).joined()
    #expect(try Self.note(Self.seven + other).verify(with: [key]) == ["ledger.example/test"])
    let seventeen = Self.seven + String(repeating: other, count: 16)
    #expect(try Self.note(seventeen).signatures.count == 17)
    #expect(throws: Fault.self) { try Self.note(Self.seven + other).verify(with: [key, stranger.verifier]) }
    #expect { try Self.note(Self.seven).verify(with: [stranger.verifier]) } throws: {
      ($0 as? Fault)?.code == .noteUnsigned
    }
    let changed = Self.seven.replacing("\n7\n", with: "\n8\n")
    #expect { try Self.note(changed).verify(with: [key]) } throws: { ($0 as? Fault)?.code == .noteUnsigned }
    // A cosignature whose time was changed.
    let late = Self.seven + Self.cosignature.replacing("AAAABlU/EA", with: "AAAABlU/EB")
    #expect(throws: Fault.self) { try Self.note(late).verify(with: [try VerifierKey(text: Self.witness)]) }
  }

  @Test(
    "what is no note is refused",
    arguments: [
      "", "\n", "text\n", "text\n\n", "text\n\n— a b\n", "text\n\n— a AAAA\n", "text\n\n— a AAAAAAAA",
      "text\n\n- a AAAAAAAA\n",
      "text\n\n— a+b AAAAAAAA\n", "text\n\n—  AAAAAAAA\n", "\n— a AAAAAAAA\n", "te\u{1}xt\n\n— a AAAAAAAA\n",
      "te\rxt\n\n— a AAAAAAAA\n",
      "text\n— a AAAAAAAA\n", "text\n\n— a AAAAAAAA x\n",
    ])
  func badNotes(text: String) {
    #expect { try Self.note(text) } throws: { ($0 as? Fault)?.code == .noteInvalid }
  }

  @Test("bytes that are not UTF-8, and notes without end, are refused")
  func badBytes() {
    #expect(throws: Fault.self) { try SignedNote([0xFF, 0x0A, 0x0A] + Array("— a AAAAAAAA\n".utf8)) }
    #expect(throws: Fault.self) { try SignedNote(Array(repeating: 0x61, count: SignedNote.limit + 1)) }
  }

  @Test(
    "a text that is no checkpoint is refused",
    arguments: [
      "a\n", "a\n1\n", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "a\n1\n47DEQpj8HBSa\n",
      "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
    ])
  func badCheckpoints(text: String) {
    #expect { try Checkpoint(text: text) } throws: { ($0 as? Fault)?.code == .noteInvalid }
  }

  @Test("extension lines are carried, not looked at")
  func extensions() throws {
    let text = "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n"
    #expect(try Checkpoint(text: text).size == 0)
  }

  @Test("a file of several notes gives each of them, with or without blank lines between")
  func several() throws {
    for between in ["", "\n", "\n\n"] {
      let notes = try SignedNote.all(
        in: Array((Self.seven + Self.cosignature + between + Self.seven).utf8), named: "notes")
      #expect(notes.map(\.signatures.count) == [2, 1])
    }
    #expect(try SignedNote.all(in: [], named: "notes").isEmpty)
    #expect { try SignedNote.all(in: Array((Self.seven + "rest\n").utf8), named: "notes") } throws: {
      ($0 as? Fault)?.sentence.contains("line 6") == true
    }
  }

  @Test("a key's file holds one key or two, for the owner alone, and nothing else")
  func file() throws {
    let folder = try Folder()
    let path = folder.path + "/log.key"
    let (old, new) = (try LogKey(origin: "a/b"), try LogKey(origin: "a/b"))
    try LogKey.write([old, new], path: path)
    #expect(try LogKey.read(path: path, origin: "a/b").map(\.verifier) == [old.verifier, new.verifier])
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    #expect { try LogKey.read(path: path, origin: "a/c") } throws: { ($0 as? Fault)?.code == .logKeyUnusable }
    for bad in ["", "PRIVATE+KEY+a/b+00000000+AAAA\n", "x\n"] {
      try Data(bad.utf8).write(to: URL(fileURLWithPath: path))
      #expect { try LogKey.read(path: path, origin: "a/b") } throws: { ($0 as? Fault)?.code == .logKeyUnusable }
    }
    #expect { try LogKey.read(path: path + "x", origin: "a/b") } throws: { ($0 as? Fault)?.code == .logKeyUnusable }
    #expect { try LogKey.write([old], path: "/nowhere/at/all") } throws: { ($0 as? Fault)?.code == .logKeyUnusable }
    #expect { try LogKey(origin: "a b") } throws: { ($0 as? Fault)?.code == .logKeyUnusable }
  }

  @Test("a key under which anybody can sign is refused, in every form")
  func smallOrder() throws {
    let name = "example.org/test"
    let high = Array(repeating: UInt8(0xFF), count: 30)
    let points = [
      [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31), [0xEC] + high + [0x7F],
      [0xED] + high + [0x7F], [0xEE] + high + [0x7F],
      try #require(Hex.bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
      try #require(Hex.bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
    ]
    for point in points {
      var other = point
      other[31] ^= 0x80
      #expect(VerifierKey(name: name, bytes: point) == nil && VerifierKey(name: name, bytes: other) == nil)
    }
    #expect(VerifierKey(name: name, bytes: try LogKey(origin: name).verifier.bytes) != nil)
  }

  @Test("a signature has one form: base64 with other bits in its rest is refused")
  func canonicalSignature() throws {
    let key = try LogKey(origin: "example.org/test")
    let note = try SignedNote("example.org/test\n0\n\(Merkle.emptyRoot.base64)\n", signedBy: [key]).description
    #expect(note.hasSuffix("=\n"), "68 bytes leave a rest")
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let last = try #require(note.dropLast(2).last)
    let other = digits[try #require(digits.firstIndex(of: last)) + 1]
    let forged = "\(note.dropLast(3))\(other)=\n"
    #expect(throws: Fault.self) { try SignedNote(Array(forged.utf8)) }
    #expect(throws: Never.self) { try SignedNote(Array(note.utf8)) }
  }
}
