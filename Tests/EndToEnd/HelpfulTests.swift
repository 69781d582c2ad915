import Base
import Foundation
import Subprocess
import SystemPackage
import Testing

/// What the command line makes of what people write.
@Suite("The command line helps", .timeLimit(.minutes(3)))
struct HelpfulTests {
  private static func imported() async throws -> Stage {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 12).csv))
    return stage
  }

  @Test("a mistyped verb, option or value is told with the nearest one, and ends with 64")
  func suggestions() async throws {
    let stage = try Stage()
    #expect(try await stage.expect(64, "stauts").errors.contains("Did you mean 'status'?"))
    #expect(try await stage.expect(64, "status", "--wtach").errors.contains("Did you mean '--watch'?"))
    #expect(try await stage.expect(64, "user", "list", "--status", "prked").errors.contains("Did you mean 'parked'?"))
  }

  @Test("an empty folder is told by the option that names it", arguments: ["status", "doctor", "verify", "init"])
  func emptyFolder(verb: String) async throws {
    let stage = try Stage()
    let end = try await Program.run(
      [verb, "--ledger", ""], into: "\(stage.folder)/empty", within: .seconds(90)
    ) { _ in }
    #expect(end.code == 64 && end.errors.contains("--ledger is empty; name the ledger's folder"), "\(end.errors)")
  }

  @Test("user list shows whom a text finds, and so many as asked for")
  func search() async throws {
    let stage = try await Self.imported()
    let found = try await stage.expect(0, "user", "list", "--search", "USER1", "--json")
    #expect(found.lines.count == 4)
    let some = try await stage.expect(0, "user", "list", "--search", "number", "--limit", "5")
    #expect(some.lines.count == 6 && some.errors.contains("5 of 12 people shown"))
    try await stage.expect(64, "user", "list", "--limit", "0")
  }

  @Test("part of a name finds the one person who has it; several are listed; what changes something wants it in full")
  func parts() async throws {
    let stage = try await Self.imported()
    let one = try await stage.expect(0, "why", "number 12")
    #expect(one.errors.contains("\"number 12\" is taken for user12@contoso.example"))
    let several = try await stage.expect(64, "user", "show", "user1")
    #expect(several.errors.contains("user10@contoso.example") && several.errors.contains("PL-1002: 4 people have"))
    #expect(try await stage.expect(1, "delivery", "hold", "number 12", "--reason", "x").errors.contains("PL-1001"))
    try await stage.expect(1, "why", "nobody")
  }

  @Test("moments are taken as people write them, and standard error says what they were taken for")
  func moments() async throws {
    let stage = try await Self.imported()
    func pause(_ until: String, _ more: String...) async throws -> Program.End {
      try await stage.run(["delivery", "pause", "--reason", "x", "--until", until] + more)
    }
    let zoned = try await pause("2999-07-01 06:33", "--zone", "Europe/Berlin")
    #expect(zoned.code == 0 && zoned.errors.contains("--until is 2999-07-01T04:33:00.000Z"), "\(zoned.errors)")
    try await stage.expect(0, "delivery", "resume")
    #expect(try await pause("2999-07-01T06:33:00.000Z").errors == "")
    #expect(try await pause("yesterday").code == 64)
    #expect(try await pause("someday").code == 64)
  }

  @Test("an export can come from standard input")
  func standardInput() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let file = try stage.write("users.csv", Export(count: 3).csv)
    let script = "\"$0\" import - --ledger \"$1\" < \"$2\""
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", script, try Program.path(), stage.ledgerFolder, file],
      output: .string(limit: 1000), error: .string(limit: 1000))
    #expect(result.standardOutput.contains("3 people read"), "\(result.standardError)")
    let again = try await Subprocess.run(
      .path("/bin/sh"),
      arguments: ["-c", "printf 'x' | \"$0\" import - --ledger \"$1\"", try Program.path(), stage.ledgerFolder],
      output: .discarded, error: .string(limit: 1000))
    #expect(again.terminationStatus == .exited(65))
    let told = again.standardError
    #expect(told.contains("standard input") && !told.contains("standard-input"))
  }

  @Test("completions know verbs, states, and people once a name is begun; where nothing is known they are silent")
  func completions() async throws {
    let stage = try await Self.imported()
    let script = try await Program.run(
      ["completions", "bash"], into: "\(stage.folder)/bash", within: .seconds(30)
    ) { _ in }
    #expect(script.code == 0 && script.output.contains("---completion") && script.output.contains("parked"))
    func people(_ ledger: String, _ begun: String) async throws -> Program.End {
      // What the scripts call: the verb's words, the argument, the index of the word, and where in it the cursor is.
      let words = ["provledger", "why", "--ledger", ledger, begun]
      return try await Program.run(
        ["---completion", "why", "--", "positional@0", "4", "\(begun.utf8.count)"] + words,
        into: "\(stage.folder)/completion",
        within: .seconds(30)
      ) { _ in }
    }
    let found = try await people(stage.ledgerFolder, "user1")
    #expect(
      found.lines.sorted() == ["user10", "user11", "user12", "user1"].map { "\($0)@contoso.example" }, "\(found)")
    let nothing = try await people("\(stage.folder)/nothing", "user1")
    #expect(nothing.output == "" && nothing.errors == "")
  }
}
