import ArgumentParser
import Foundation
import Glibc
import Testing

@testable import Simulators
@testable import provledger

/// Holds how each verb ends, wherever its output goes and whatever is wrong around it, to the article's table.
@Suite("Each verb in each condition", .timeLimit(.minutes(10)))
struct VerbConditionTests {
  /// What the table says of each form of a verb: a cell for each condition.
  private let told: [(verb: String, cells: [String])]
  private let columns: [String]

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/provledger/provledger.docc/ErrorsAndExits.md")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let table = lines.drop { !$0.hasPrefix("| verbs |") }.prefix { $0.hasPrefix("|") }.map(Self.cells)
    columns = Array(try #require(table.first).dropFirst())
    told = table.dropFirst(2).flatMap { row in
      row[0].split(separator: ",").map { ($0.trimmingCharacters(in: ["`", " "]), Array(row.dropFirst())) }
    }
  }

  private static func cells(_ line: Substring) -> [String] {
    line.dropFirst().dropLast().split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func verbs(_ command: any ParsableCommand.Type = Provledger.self, _ words: [String] = []) -> [String] {
    let verbs = command.configuration.subcommands
    return verbs.isEmpty ? [words.joined(separator: " ")] : verbs.flatMap { Self.verbs($0, words + [$0._commandName]) }
  }

  @Test("the table has each verb once, and a column for each condition")
  func whole() {
    #expect(columns == Condition.allCases.map(\.rawValue))
    #expect(told.map(\.verb).sorted() == VerbCase.all.map(\.name).sorted())
    let forgotten = Self.verbs().filter { verb in !VerbCase.all.contains { $0.isForm(of: verb) } }
    #expect(forgotten == [])
  }

  @Test("each verb ends as the table says", arguments: Condition.allCases)
  func ends(_ condition: Condition) async throws {
    // Only root can become somebody who may not look.
    guard condition != .forbidden || geteuid() == 0 else { return }
    let cells = try column(condition)
    try await ConditionStage.serving { place in
      // The folders above are opened, so that only the ledger's own is closed.
      try #require(chmod(place.stage.folder, 0o755) == 0)
      for verb in VerbCase.all {
        guard let cell = cells[verb.name], cell != "-" else { continue }
        if verb.isLong, [.terminal, .pipe].contains(condition) { continue }
        Self.compare(try await condition.run(verb, on: place), cell, "\(verb.name), \(condition.rawValue)")
      }
    }
  }

  private func column(_ condition: Condition) throws -> [String: String] {
    let index = try #require(columns.firstIndex(of: condition.rawValue))
    return Dictionary(told.map { ($0.verb, $0.cells[index]) }) { first, _ in first }
  }

  private static func compare(_ end: Condition.End, _ cell: String, _ what: String) {
    let words = cell.split(separator: " ")
    #expect(words.first == "\(end.code)", "\(what): \(end.code) \(end.errors.suffix(400))")
    let code = end.errors.firstMatch(of: #/PL-\d{4}/#).map { $0.output }
    #expect(words.count < 2 || code == words[1], "\(what): \(end.errors.suffix(400))")
    // A command that a signal ends by default says nothing.
    if end.code == 141 { #expect(!end.errors.contains("PL-"), "\(what): \(end.errors)") }
    guard let screen = end.screen else { return }
    let shown = Emulator(columns: 80, screen)
    #expect(shown.unknown.isEmpty && !shown.isSecond, "\(what): \(screen)")
    let last = screen.matches(of: #/\x{1B}\[[0-9;?]*[a-zA-Z]/#).last.map { String($0.output) } ?? "\u{1B}[0m"
    #expect(["\u{1B}[0m", "\u{1B}[K", "\u{1B}[J"].contains(last), "\(what): \(screen)")
  }
}
