import Foundation
import Subprocess
import SystemPackage
import Terminal
import Testing

@testable import provledger

/// The first thing that a newcomer runs.
@Suite("The demo", .timeLimit(.minutes(3)))
struct DemoTests {
  private let folder =
    FileManager.default.temporaryDirectory.appending(path: "demo-\(UUID().uuidString.prefix(8))").path

  /// Runs it with a folder for temporary files of its own, so that nothing is left behind.
  private func demo() async throws -> Program.End {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return try await Program.run(
      ["demo"], into: "\(folder)/demo", environment: ["TMPDIR": folder], within: .seconds(120)
    ) { _ in }
  }

  /// What a shell takes for one command each: a line that ends with a backslash goes on.
  private func commands(_ story: String) throws -> [String] {
    let end = try #require(story.range(of: "Look around:\n"))
    return story[end.upperBound...].replacing("\\\n", with: "\u{1}").split(separator: "\n")
      .map { String($0.replacing("\u{1}", with: "\\\n")) }
  }

  @Test("tells five steps within 80 columns and without escapes, and ends with three commands that work as printed")
  func story() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let end = try await demo()
    try #require(end.code == 0, "\(end.errors.suffix(600))")
    #expect(end.errors == "")
    #expect(!end.output.contains("\u{1B}"))
    for line in end.lines { #expect(line.columns <= 80, "\(line)") }
    #expect(end.lines.compactMap { $0.firstMatch(of: #/^(\d)\. /#)?.output.1 } == ["1", "2", "3", "4", "5"])
    // Nobody waits for half a minute for an answer that never comes.
    #expect(end.output.contains("the worker waits 1 s here"))
    let commands = try commands(end.output)
    #expect(commands.count == 3)
    for command in commands {
      let result = try await Subprocess.run(
        .path("/bin/sh"), arguments: ["-c", command], output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(0), "\(command): \(result.standardError)")
      #expect(!result.standardOutput.isEmpty)
    }
  }

  @Test("the configuration of its ledger bounds the wait for an answer to a second")
  func impatience() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let end = try await Program.run(
      ["demo", "--people", "10", "--folder", "\(folder)/it's here"], into: "\(folder)-small", within: .seconds(120)
    ) { _ in }
    defer { for name in ["out", "err"] { try? FileManager.default.removeItem(atPath: "\(folder)-small.\(name)") } }
    #expect(end.code == 0, "\(end.errors.suffix(600))")
    let text = try String(contentsOfFile: "\(folder)/it's here/ledger/provledger.yaml", encoding: .utf8)
    #expect(text.contains("firstByteTimeout: 1\n"))
    #expect(try commands(end.output).allSatisfy { $0.contains("'\(folder)/it'\\''s here/ledger'") })
  }

  @Test("a long command goes on behind a backslash, and no word of it is cut")
  func continuation() {
    #expect(DemoCommand.command(["provledger", "status"]) == "   provledger status\n")
    let path = String(repeating: "x", count: 70)
    #expect(DemoCommand.command([path, "why", "a b"]) == "   \(path) why \\\n      'a b'\n")
    let longer = String(repeating: "x", count: 100)
    #expect(DemoCommand.command([longer, "status"]) == "   \(longer) \\\n      status\n")
  }
}
