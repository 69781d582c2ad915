import Base
import Foundation
import Provisioning
import SCIM
import Subprocess
import Terminal
import Testing

@testable import Simulators
@testable import TeamViewerModel

/// What a person sees on a terminal, at several widths.
@Suite("On a terminal", .timeLimit(.minutes(5)))
struct OnTerminalTests {
  /// People with names of every width, one of whom has none.
  private static func people() -> Export {
    var people = Export(count: 4).people
    people[0].name = "山田 太郎 株式会社の長い名前を持つ人"
    people[1].name = "Zoë e\u{301}toile 👩‍👩‍👧 Über"
    people[2].address = "a.very.long.address.of.somebody.with.patience@subsidiary.contoso.example"
    people.append(
      Export.Person(id: people[0].id.replacing("0001", with: "0099"), address: "nobody@contoso.example", name: ""))
    return Export(people)
  }

  private static func delivered(_ stage: Stage) async throws {
    try await stage.expect(0, "import", try stage.write("users.csv", people().csv))
    try await stage.expect(0, "deliver", "--until-idle")
  }

  private static let verbs = [
    "status", "user list", "user show user1@contoso.example", "user history user1@contoso.example",
    "why user1@contoso.example", "delivery list", "delivery list --status skipped", "report provisioning",
    "report provisioning --all", "verify", "views check", "safeguard list", "source list", "legal-hold list",
    "quarantine show", "doctor --all", "target test", "keys show", "config history",
  ].map { $0.split(separator: " ").map(String.init) }

  @Test("no line is wider than the terminal, in any verb", arguments: [40, 80, 120, 200])
  func widths(_ columns: Int) async throws {
    try await Stage.serving { stage, _ in
      try await Self.delivered(stage)
      for verb in Self.verbs {
        let terminal = try PseudoTerminal(columns: columns)
        let end = try await terminal.run(verb + ["--ledger", stage.ledgerFolder])
        let shown = Emulator(columns: columns, terminal.text)
        #expect(end == .exited(0) || verb[0] == "doctor", "\(verb): \(terminal.text)")
        #expect(!shown.isWrapped && shown.unknown.isEmpty, "\(verb) at \(columns):\n\(terminal.text)")
        #expect(!shown.lines.joined().contains("\u{FFFD}"))
      }
    }
  }

  @Test(
    "cells are shortened with …; --wide, a pipe and --json show all of them; ages stand beside instants on a terminal")
  func shortened() async throws {
    try await Stage.serving { stage, _ in
      try await Self.delivered(stage)
      let address = "a.very.long.address.of.somebody.with.patience@subsidiary.contoso.example"
      func shown(_ arguments: String...) async throws -> String {
        let terminal = try PseudoTerminal(columns: 80)
        _ = try await terminal.run(arguments + ["--ledger", stage.ledgerFolder])
        return terminal.text
      }
      let list = try await shown("user", "list")
      #expect(list.contains("…") && !list.contains(address))
      #expect(try await shown("user", "list", "--wide").contains(address))
      #expect(try await stage.expect(0, "user", "list").output.contains(address))
      #expect(try await shown("user", "list", "--json").contains(address))
      let status = try await shown("status")
      #expect(status.contains(" s ago)") || status.contains("(now)"))
      for end in [try await shown("status", "--json"), try await stage.expect(0, "status").output] {
        #expect(!end.contains(" ago)") && !end.contains("(now)"))
      }
      let local = try await shown("status", "--zone", "Asia/Tokyo")
      #expect(local.contains(" +09:00 ("))
    }
  }

  @Test("colours are for terminals, unless NO_COLOR or --color say otherwise, and never in JSON")
  func colours() async throws {
    try await Stage.serving { stage, _ in
      try await Self.delivered(stage)
      func colours(_ more: [String], _ environment: [String: String] = [:]) async throws -> Int {
        let terminal = try PseudoTerminal(columns: 120)
        _ = try await terminal.run(["user", "list", "--ledger", stage.ledgerFolder] + more, environment: environment)
        return Emulator(columns: 120, terminal.text).colours
      }
      #expect(try await colours([]) > 2)
      #expect(try await colours([], ["NO_COLOR": "1"]) == 0)
      #expect(try await colours([], ["TERM": "dumb"]) == 0)
      #expect(try await colours(["--color", "never"]) == 0)
      #expect(try await colours(["--json"]) == 0)
      #expect(try await !stage.expect(0, "user", "list").output.contains("\u{1B}"))
      #expect(try await stage.expect(0, "user", "list", "--color", "always").output.contains("\u{1B}[1m"))
    }
  }

  @Test("the bar never meets a log line, and is gone at the end")
  func bar() async throws {
    let taken = (1...60).filter { $0 % 9 == 0 }.map { "user\($0)@contoso.example" }
    try await Stage.serving(latency: 20...20, prepare: { $0.settings.foreignAccounts = taken }) {
      stage, simulator in
      try await stage.expect(0, "import", try stage.write("users.csv", Export(count: 60).csv))
      let refusal = SimulatedFault(.tooManyRequestsSeconds, retryAfterSeconds: 3)
      simulator.change { $0.plan.script = [FaultPlan.Scripted(refusal, method: .post)] }
      let terminal = try PseudoTerminal(columns: 200)
      let end = try await terminal.run(["deliver", "--until-idle", "--ledger", stage.ledgerFolder]) { _ in
        try await eventually("the bar says what is waited for") { terminal.text.contains("waits ") }
      }
      #expect(end == .exited(0), "\(terminal.text)")
      let shown = Emulator(columns: 200, terminal.text)
      #expect(terminal.text.contains(" s: TeamViewer asks for a pause"))
      #expect(!shown.isWrapped && shown.unknown.isEmpty)
      let left = shown.lines.filter { !$0.isEmpty }
      #expect(left.last?.hasPrefix("people: ") == true, "\(left)")
      #expect(!left.contains { $0.contains("pending, ") || $0.hasPrefix("[") }, "\(left)")
      let lines = left.filter { $0.contains("warning") }
      #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("20") }, "\(left)")
    }
  }

  @Test(
    "--watch draws on the second screen and gives the first one back, whatever ends it",
    arguments: [2, 15, 1] as [Int32])
  func watch(_ number: Int32) async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let terminal = try PseudoTerminal(columns: 60, lines: 6)
    let end = try await terminal.run(["status", "--watch", "--interval", "1", "--ledger", stage.ledgerFolder]) { send in
      try await eventually("it is drawn") { terminal.text.contains("more lines") }
      try terminal.resize(columns: 90, lines: 8)
      let before = terminal.text.count
      try await eventually("it is drawn anew") { terminal.text.dropFirst(before).contains("more lines") }
      try send(number == 2 ? .interrupt : number == 15 ? .terminate : .terminalClosed)
    }
    #expect(end == .exited(0), "\(terminal.text)")
    let shown = Emulator(columns: 90, terminal.text)
    #expect(!shown.isSecond && shown.unknown.isEmpty && !shown.isWrapped)
    #expect(shown.lines == [""] && shown.second.count <= 8, "\(shown.lines)")
    #expect(terminal.text.hasSuffix("\u{1B}[?25h\u{1B}[?1049l"))
  }

  @Test("--watch gives the terminal back while Ctrl-Z has stopped it, and takes it again when it goes on")
  func suspended() async throws {
    let stage = try Stage()
    try await stage.initialize(target: "http://127.0.0.1:1/scim/v2")
    let terminal = try PseudoTerminal(columns: 100)
    let end = try await terminal.run(["status", "--watch", "--interval", "1", "--ledger", stage.ledgerFolder]) { send in
      try await eventually("it is drawn") { terminal.text.contains("held elsewhere") }
      try send(Signal(rawValue: SIGTSTP))
      try await eventually("the first screen is back") { terminal.text.hasSuffix(AlternateScreen.leave) }
      let before = terminal.text.count
      // It may not have stopped yet; a SIGCONT before that is lost.
      try await eventually("it goes on and draws") {
        try? send(.resume)
        return terminal.text.dropFirst(before).contains("held elsewhere")
      }
      #expect(terminal.text.dropFirst(before).hasPrefix(AlternateScreen.enter))
      try send(.interrupt)
    }
    #expect(end == .exited(0), "\(terminal.text)")
    let shown = Emulator(columns: 100, terminal.text)
    #expect(!shown.isSecond && shown.unknown.isEmpty && shown.lines == [""])
  }
}
