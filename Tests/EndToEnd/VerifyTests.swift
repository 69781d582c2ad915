import Foundation
import JSON
import Testing

/// The verb: on a ledger, on what is new in it, on a file alone, and on one that somebody edited.
@Suite("Verifying, as processes")
struct VerifyVerbTests {
  @Test("a ledger, what is new, a copy, and a copy that was edited")
  func verify() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 30).csv))
    let note = try await stage.expect(0, "log", "checkpoint").output
    let notes = try stage.write("held.notes", note)
    let key = try await stage.expect(0, "log", "key").output.trimmingCharacters(in: .whitespacesAndNewlines)
    let size = try stage.size()

    let whole = try await stage.expect(0, "verify", "--checkpoint", notes, "--restart")
    #expect(whole.output.hasPrefix("sound: \(size) events, root "))
    #expect(whole.output.contains("checkpoints that agree: "))
    #expect(try await stage.expect(0, "verify", "--since", "last").output.contains("of \(size) events"))
    #expect(try await stage.expect(0, "verify", "--since", notes).output.contains("of \(size) events"))
    #expect(try await stage.expect(65, "verify", "--since", "1").errors.contains("PL-0340"))

    // What was to be compared and is not there must not count as compared.
    let empty = try stage.write("empty.notes", "")
    let refused = try await stage.expect(65, "verify", "--checkpoint", empty).errors
    #expect(refused.hasPrefix("PL-0318: ") && refused.contains("holds no checkpoint"))

    let log = try Data(contentsOf: URL(filePath: "\(stage.ledgerFolder)/ledger.sqlite"))
    let copy = try stage.write("copy.sqlite", log)
    let sound = try await stage.expect(0, "verify", "--log", copy, "--key", key, "--checkpoint", notes, "--json")
    let json = try JSONParser.parse(Array(sound.output.utf8))
    #expect(json["sound"] == true && json["signatures"] == true && json["size"] == .string(String(size)))

    // Without a key nobody has checked who signed: that is no success.
    let bare = try await stage.expect(74, "verify", "--log", copy)
    #expect(bare.output.contains("signatures not checked: ") && bare.errors.contains("PL-0316"))
    let away = "\(stage.folder)/log.key"
    try FileManager.default.moveItem(atPath: "\(stage.ledgerFolder)/log.key", toPath: away)
    #expect(try await stage.expect(74, "verify").errors.contains("--key"))
    try await stage.expect(0, "verify", "--key", key)
    try FileManager.default.moveItem(atPath: away, toPath: "\(stage.ledgerFolder)/log.key")

    var bytes = log
    let place = try #require(bytes.range(of: Data("\"specversion\":\"1.0\"".utf8)))
    bytes[place.upperBound - 2] = UInt8(ascii: "1")
    let edited = try stage.write("edited.sqlite", bytes)
    let found = try await stage.expect(1, "verify", "--log", edited, "--key", key)
    #expect(found.lines.first?.hasPrefix("position ") == true)
    #expect(found.lines.first?.contains(": changed: ") == true)
    #expect(found.lines.last?.hasPrefix("TAMPERED: ") == true)
    try await stage.expect(74, "verify", "--log", "\(stage.folder)/none.sqlite")
  }
}
